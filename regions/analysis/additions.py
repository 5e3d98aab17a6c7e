"""What pages of the rooms beneath show of what the plans of the regions say together."""

from catalog.models import SymbolicProduct, Technology
from catalog.models.mappings import Match
from catalog.tile_map import Shade
from futureind.browse import additions
from futureind.browse.kept_records import public_records
from regions.analysis.cascade import has_cascade
from regions.analysis.naming_rows import naming_rows, tracks_by_region
from regions.analysis.similarity import peers_of
from regions.analysis.tile_map import tile_map_html
from regions.counts import last_checked_on, numbers_read, standings
from regions.naming import OnRecord


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
    return {"alike": peers_of(context["record"])}


def on_document(context):
    return {"has_cascade": has_cascade(context)}


def on_field(context):
    field = context["record"]
    return {
        "naming": OnRecord().naming("field", field.slug),
        "track_rows": tracks_by_region(field),
        **on_map(context, "field", field.slug),
    }


def on_subject(kind, context):
    record, on_record = context["record"], OnRecord()
    return {
        "naming": on_record.naming(kind, record.slug),
        "others": [(o, on_record.naming(k, o.slug)) for k, o in counted_apart(kind, record)],
        "by_itself": number_by_itself(kind, record, on_record),
        "naming_tracks": naming_rows(kind, record),
        "related_tracks": naming_rows(kind, record, [Match.RELATED]),
        "readings": numbers_read(standings(with_cities=False)),
        "last_checked_on": last_checked_on(),
        **on_map(context, kind, record.slug),
    }


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
