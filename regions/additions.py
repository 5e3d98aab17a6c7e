"""What regional plans and tracks add to pages of other apps."""

from datetime import timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.findings.documents import DocumentFacts, document_finding, is_founding
from catalog.models import PolicyDocument, Region
from catalog.sums import largest_sum
from futureind.browse import additions
from futureind.browse.facets import Facet
from futureind.core.sentences import MOST_NAMES, listed, within
from regions.filters import plan_filter, track_filter
from regions.home import on_home
from regions.models import TIER_ORDER, Tier
from regions.naming import MAPPINGS, PLACED, namings
from regions.plan_parts import plan_parts, public_plans
from regions.profile import profile_of
from regions.spread import spread_of

ROLES = {
    Tier.AREA: _("a wide heading under which the plan acts or names more"),
    Tier.CLUSTER: _("an industry that is to gather firms in certain places"),
    Tier.GROWTH: _("an industry that exists and is to grow fast now"),
    Tier.PRIORITY: _("an industry that comes before others"),
    Tier.INDUSTRY: _("an industry that is named without a rank"),
    Tier.EXPLORATORY: _("an industry for later, of which research comes first"),
}
# By which name the templates of lists and cards know the counts of a kind.
COUNTED_ON = {
    "catalog/field_list.html": ["field"],
    "catalog/product_list.html": ["product"],
    "catalog/technology_list.html": ["technology"],
}


def register():
    additions.register_held(PolicyDocument, public_plans)
    additions.register("home.html", on_home)
    additions.register("search.html", on_search)
    additions.register("methodology.html", on_methodology)
    additions.register("catalog/document_detail.html", on_document)
    additions.register("catalog/target_detail.html", on_target)
    for template_name, kinds in COUNTED_ON.items():
        additions.register(template_name, lambda context, kinds=kinds: counts_of(kinds))


def on_methodology(context):
    """The roles that plans give to tracks, with their meanings, as lists sort them."""
    return {"roles": [(role, ROLES[role]) for role in TIER_ORDER]}


def on_document(context):
    """The public plans that stand in a document, each as a part of its page; what it all says."""
    parts = plan_parts(context["held"])
    return {
        "plan_parts": parts,
        "field_counts": namings("field"),
        "finding": document_finding(facts_of(context, parts)),
    }


def facts_of(context, parts):
    """Return the DocumentFacts of a document's page."""
    document = context["record"]
    years = [(table.under.year, len(table)) for table in context["target_tables"]]
    founding, answers = is_founding(document), len(context["relations"]["answers"])
    follows = (founding or answers) and document.region_id is None and document.date
    return DocumentFacts(
        fields=len(context["field_mappings"]),
        products=len(context["product_mappings"]),
        technologies=len(context["technology_mappings"]),
        tracks=sum(part.track_count for part in parts) if parts else None,
        years=[(year, number) for year, number in years if year],
        undated_targets=sum(number for year, number in years if not year),
        # Nothing is asked where there is nothing to be found: most documents set no target.
        largest=largest_sum(document=document.pk) if years else None,
        answers=answers,
        later_regions=regions_after(document.date) if follows else None,
        is_dated=document.date is not None,
        is_founding=founding,
    )


def regions_after(day):
    """Return how many regions have a plan of a later date that is not out for comment."""
    found = plan_filter(PLACED | {"issued_after": [(day + timedelta(days=1)).isoformat()]})
    facet = found.filters["region"]
    regions = Facet.keys_by_value(facet).values()
    return sum(bool(len(found.results.having(facet, keys))) for keys in regions)


def on_target(context):
    """The public tracks that a target belongs to."""
    tracks = context["record"].tracks.public()
    return {"tracks": tracks.select_related("plan__document", "plan__region")}


def on_search(context):
    """Who names each thing that was found, and facts about the region or thing that is meant."""
    found = [result["record"] for group in context["groups"] for result in group["results"]]
    added = {
        "namings": {
            record: namings(record.index_kind).get(record.pk)
            for record in found
            if record.index_kind in MAPPINGS
        }
    }
    best = context["best"]
    if best and best["record"].index_kind in MAPPINGS:
        added["best"] = best | about_thing(best["record"])
    elif best and isinstance(best["record"], Region):
        added["best"] = best | about_region(best["record"], best["beside"])
    return added


def about_thing(record):
    """Return facts about a field, product or technology, and ways on."""
    kind, spread = record.index_kind, spread_of(record.index_kind, record)
    day, first = spread.first
    facts = [
        (_("Regions that name it"), spread.naming.regions),
        (_("In a dated plan in force"), spread.naming.in_force),
    ]
    if first:
        names = listed([region.name.plain for region in first[:MOST_NAMES]])
        facts.append((_("First"), f"{names} · {day.isoformat()}"))
    query = urlencode({kind: record.slug})
    tracks = ngettext("%(n)s track", "%(n)s tracks", spread.naming.tracks)
    return {
        "facts": facts,
        "ways": [
            (_("Who named it first"), f"{reverse('diffusion')}?{query}"),
            (tracks % {"n": spread.naming.tracks}, f"{reverse('track-list')}?{query}"),
            (_("Who has not named it"), f"{reverse('gaps')}?{query}"),
        ],
    }


def about_region(region, thing=None):
    """Return facts about a region, and ways on: first to its tracks on a thing, where one is asked.

    Parameter: ``thing``, any record; only what tracks can name is asked of them.
    """
    profile, query = profile_of(region), urlencode({"region": region.slug})
    facts = [
        (_("Technologies named"), len(profile.bets)),
        (_("Documents"), len(profile.lines)),
        (_("In force"), len(profile.in_force)),
    ]
    return {
        "facts": facts if profile.lines else [],
        "ways": [
            *tracks_on(region, thing),
            (_("Tracks"), f"{reverse('track-list')}?{query}"),
            (_("Targets"), f"{reverse('target-list')}?{query}"),
            (_("What it has not named"), f"{reverse('gaps')}?{query}"),
        ],
    }


def tracks_on(region, thing):
    """Return the way to the tracks of a region that name a thing, ``[(words, address)]``."""
    if thing is None or thing.index_kind not in MAPPINGS:
        return []
    asked = {"region": region.slug, thing.index_kind: thing.slug}
    number = len(track_filter({name: [value] for name, value in asked.items()}).results.everything)
    if not number:
        return []
    words = ngettext("%(n)s track on %(name)s", "%(n)s tracks on %(name)s", number)
    named = {"n": number, "name": within(thing.name.plain)}
    return [(words % named, f"{reverse('track-list')}?{urlencode(asked)}")]


def counts_of(kinds):
    return {f"{kind}_counts": namings(kind) for kind in kinds}
