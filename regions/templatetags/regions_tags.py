"""Tags about plans and tracks, so that pages of the catalogue can show them."""

from django import template

from futureind.search.index import number_of_public
from regions import counts
from regions.evidence import evidence_of_record
from regions.models import RegionalPlan, Tier, Track
from regions.track_rows import grouped_by_tier, with_tracks

register = template.Library()

TIER_SIGNS = {Tier.EXPLORATORY: "○"}


@register.filter
def tier_sign(tier):
    """○ for what is explored, ● for what is built."""
    return TIER_SIGNS.get(tier, "●")


@register.simple_tag
def numbers_read():
    """How many regions were read how far, a province without its cities."""
    return counts.numbers_read(counts.standings(with_cities=False))


@register.simple_tag
def last_checked_on():
    return counts.last_checked_on()


@register.simple_tag
def naming_counts(kind):
    """How many regions and tracks name each field, product or technology, by primary key."""
    return counts.naming_counts(kind)


@register.simple_tag
def evidence_numbers():
    """How many documents, tracks and targets have a source to follow, as dictionaries."""
    return evidence_of_record()


@register.simple_tag
def plan_count():
    return number_of_public(RegionalPlan)


@register.simple_tag
def track_count():
    return number_of_public(Track)


@register.filter
def any_locator(links):
    """True where one of the steps of a cascade says where in the text it stands."""
    return any(link.relation.locator for link in links)


@register.simple_tag
def plans_of(document):
    """The public plans that stand in a document, each with its tracks by tier."""
    plans = RegionalPlan.objects.public().filter(document=document).select_related("region")
    return [
        (plan, grouped_by_tier(tracks)) for plan, tracks in with_tracks(list(plans), mapped=False)
    ]


@register.simple_tag
def tracks_of_target(target):
    """The public tracks that a target belongs to."""
    return target.tracks.public().select_related("plan__document", "plan__region")
