"""What pages of the rooms beneath show of what the plans of the regions say together."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import SymbolicProduct, Technology
from catalog.models.mappings import Match
from catalog.sums import largest_sum
from catalog.tile_map import Shade
from catalog.views.subjects import main_fields
from futureind.browse import additions
from futureind.browse.kept_records import public_records
from futureind.core.output_forms import CSV
from regions.analysis.cascade import has_cascade
from regions.analysis.fellows import fellows_of
from regions.analysis.first_movers import number_first
from regions.analysis.naming_rows import line_rows, naming_rows
from regions.analysis.similarity import peers_of
from regions.analysis.tile_map import tile_map_html
from regions.counts import last_checked_on, numbers_read, standing_of, standings
from regions.findings.records import field_finding, region_finding, subject_finding
from regions.naming import OnRecord, namings
from regions.spread import spread_of

# The tables of targets on the page of a product or technology.
TARGETS = ("to_come", "past", "undated")


def register():
    additions.register("home.html", on_map)
    additions.register("regions/region_list.html", on_map)
    additions.register("regions/region_detail.html", on_region)
    additions.register("catalog/document_detail.html", on_document)
    additions.register("catalog/field_detail.html", on_field)
    for kind in ("product", "technology"):
        additions.register(
            f"catalog/{kind}_detail.html", lambda context, kind=kind: on_subject(kind, context)
        )


def on_map(context, kind="", slug=""):
    options = context.get("options")
    return {"map": tile_map_html(options.chosen if options else Shade.TRACKS, kind, slug)}


def on_region(context):
    alike = peers_of(context["record"])
    # Where shares say nothing, the regions of its group are the fair comparison.
    beside = None if alike.peers else fellows_of(context["record"], context["groups"])
    ways = []
    if alike.peers:
        ways.append(("#similar", _("Similar regions"), len(alike.peers)))
    if beside:
        ways.append(("#fellows", beside.group.name, len(beside.rows)))
    return {
        "alike": alike,
        "beside": beside,
        "contents": [*context["contents"], *ways],
        "finding": finding_of_region(context["record"], context["profile"]),
    }


def finding_of_region(region, profile):
    return region_finding(
        region,
        profile,
        is_in_part=standing_of(region).reading == "in-part",
        firsts=number_first(region),
        largest=largest_sum(still_due=True, document__region=region.pk),
    )


def on_document(context):
    return {"has_cascade": has_cascade(context)}


def on_field(context):
    field = context["record"]
    spread, named = spread_of("field", field), most_named(field, context["technologies"])
    return {
        **named_by("field", field, spread),
        "finding": field_finding(field, spread, regions_read(), most_of(named)),
        "named_products": with_numbers("product", context["products"]),
        "named_technologies": named,
        "other_technologies": [t for t in context["technologies"] if t not in dict(named)],
        "regions_in_all": regions_read(),
        "contents": [
            ("#regions", _("Regions"), spread.naming.regions),
            *parts_with_rows(
                ("#products", _("Products"), len(context["products"])),
                ("#technologies", _("Technologies"), len(named)),
                ("#directions", _("Directions"), len(context["directions"])),
                ("#documents", _("National texts"), context["documents"].number),
            ),
            *ways_on("field", field),
        ],
        **on_map(context, "field", field.slug),
    }


def most_named(field, technologies):
    """Return ``[(technology, Naming), …]`` of a field, what most regions name first."""
    main = main_fields("technology")
    own = [technology for technology in technologies if main.get(technology.pk) == field.pk]
    return with_numbers("technology", own)


def with_numbers(kind, records):
    numbers = namings(kind)
    found = [(record, numbers[record.pk]) for record in records]
    return sorted(found, key=lambda pair: -pair[1].regions)


def most_of(named):
    """Return ``(records, number of regions)``: those that most regions name."""
    most = max((naming.regions for _record, naming in named), default=0)
    return [record for record, naming in named if most and naming.regions == most], most


def regions_read():
    """Return of how many regions tracks are on record."""
    return sum(standing.state == "tracks" for standing in standings(with_cities=False))


def named_by(kind, record, spread):
    return {
        "naming": spread.naming,
        "spread": spread,
        "lines": line_rows(kind, record, spread),
        "readings": numbers_read(standings(with_cities=False)),
        "last_checked_on": last_checked_on(),
    }


def on_subject(kind, context):
    record, on_record = context["record"], OnRecord()
    spread = spread_of(kind, record)
    return {
        **named_by(kind, record, spread),
        "finding": subject_finding(record, spread, regions_read()),
        "others": [(o, on_record.naming(k, o.slug)) for k, o in counted_apart(kind, record)],
        "by_itself": number_by_itself(kind, record, on_record),
        "related_tracks": naming_rows(kind, record, [Match.RELATED]),
        "contents": [
            ("#regions", _("Regions"), spread.naming.regions),
            *parts_with_rows(
                ("#targets", _("Targets"), sum(context[name].number for name in TARGETS)),
                ("#documents", _("National texts"), context["documents"].number),
            ),
            *ways_on(kind, record),
        ],
        **on_map(context, kind, record.slug),
    }


def parts_with_rows(*parts):
    """Return those parts of a page, ``(anchor, label, number)``, that hold anything."""
    return [part for part in parts if part[2]]


def ways_on(kind, record):
    """Return what else is told of a thing, as ``(address, label, None)``."""
    asked = urlencode({kind: record.slug})
    ways = [
        ("#map", _("Map")),
        (f"{reverse('diffusion')}?{asked}", _("Who named it first")),
        (f"{reverse('gaps')}?{asked}", _("Who does not name it")),
        (f"{reverse('timeline')}?{asked}", _("Timeline")),
        (f"{reverse('track-list-form', args=[CSV])}?{asked}", CSV.label),
        ("#cite", _("Cite")),
    ]
    return [(*way, None) for way in ways]


def number_by_itself(kind, record, on_record):
    """Return how many tracks name a technology by itself, None where nothing is within it."""
    technologies = public_records(Technology).values()
    if kind == "technology" and any(t.parent_id == record.pk for t in technologies):
        return len(on_record.by_itself(kind, record.slug))
    return None


def counted_apart(kind, record):
    """Yield ``(kind, record)`` of what is much the same to a reader, but named for itself.

    A product and its technologies: a track is mapped to each of them.
    """
    if kind == "product":
        technologies = public_records(Technology).values()
        yield from (("technology", t) for t in technologies if t.product_id == record.pk)
    elif product := public_records(SymbolicProduct).get(record.product_id):
        yield "product", product
