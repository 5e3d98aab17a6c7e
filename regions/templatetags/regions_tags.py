"""Tags about plans and tracks, so that pages of the catalogue can show them."""

from django import template

from catalog.models.mappings import COUNTED_MATCHES
from regions import counts
from regions.cascade import with_cascade
from regions.models import RegionalPlan, Tier, Track
from regions.views import TRACK_MAPPINGS, grouped_by_tier, with_tracks

register = template.Library()

TIER_SIGNS = {Tier.EXPLORATORY: "○"}


@register.filter
def tier_sign(tier):
    """○ for what is explored, ● for what is built."""
    return TIER_SIGNS.get(tier, "●")


@register.simple_tag
def field_counts():
    return counts.field_counts()


@register.simple_tag
def product_counts():
    return counts.product_counts()


@register.simple_tag
def technology_counts():
    return counts.technology_counts()


@register.simple_tag
def tiles():
    return counts.tiles()


@register.simple_tag
def plan_count():
    return RegionalPlan.objects.public().count()


@register.simple_tag
def track_count():
    return Track.objects.public().count()


@register.simple_tag
def has_cascade(document):
    """True where the page of a document's cascade has something to show."""
    return with_cascade().filter(pk=document.pk).exists()


@register.filter
def any_locator(links):
    """True where one of the steps of a cascade says where in the text it stands."""
    return any(link.relation.locator for link in links)


@register.simple_tag
def plans_of(document):
    """The public plans that stand in a document, each with its tracks by tier."""
    plans = RegionalPlan.objects.public().filter(document=document).select_related("region")
    return [(plan, grouped_by_tier(tracks)) for plan, tracks in with_tracks(list(plans))]


@register.simple_tag
def tracks_of_target(target):
    """The public tracks that a target belongs to."""
    return target.tracks.public().select_related("plan__document", "plan__region")


def naming_tracks(condition):
    return (
        Track.objects.public()
        .filter(**condition)
        .select_related("plan__region", "plan__document")
        .prefetch_related(*TRACK_MAPPINGS)
        .order_by("plan__region__code", "plan", "tier", "order", "id")
    )


@register.simple_tag
def tracks_in_field(field):
    """The public tracks of a field, by region."""
    return naming_tracks({"field_mappings__field": field})


@register.simple_tag
def tracks_with_product(product):
    """``(mapping, track)`` of the public tracks mapped to a product, related ones included."""
    return mapped(naming_tracks({"product_mappings__product": product}), "product", product)


@register.simple_tag
def tracks_with_technology(technology):
    """``(mapping, track)`` of the public tracks mapped to a technology itself."""
    tracks = naming_tracks({"technology_mappings__technology": technology})
    return mapped(tracks, "technology", technology)


def mapped(tracks, kind, target):
    pairs = []
    for track in tracks:
        for mapping in getattr(track, f"{kind}_mappings").all():
            if getattr(mapping, f"{kind}_id") == target.pk:
                pairs.append((mapping, track))
    return pairs


@register.filter
def counted(pairs):
    """Of ``(mapping, track)`` pairs, those that the numbers count: exact, broader, narrower."""
    return [pair for pair in pairs if pair[0].match in COUNTED_MATCHES]


@register.filter
def merely_related(pairs):
    return [pair for pair in pairs if pair[0].match not in COUNTED_MATCHES]


@register.filter
def region_number(pairs):
    """How many regions issued the plans of ``(mapping, track)`` pairs."""
    return len({track.plan.region_id for _mapping, track in pairs})
