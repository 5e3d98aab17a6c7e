"""What pages of the rooms beneath show of what the plans of the regions say together."""

from catalog.tile_map import Shade
from futureind.browse import additions
from regions.analysis.cascade import has_cascade
from regions.analysis.naming_rows import naming_of, tracks_by_region
from regions.analysis.similarity import peers_of
from regions.analysis.tile_map import tile_map_html
from regions.counts import last_checked_on, numbers_read, standings


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
    return {"track_rows": tracks_by_region(field), **on_map(context, "field", field.slug)}


def on_subject(kind, context):
    record = context["record"]
    return {
        "naming": naming_of(kind, record),
        "readings": numbers_read(standings(with_cities=False)),
        "last_checked_on": last_checked_on(),
        **on_map(context, kind, record.slug),
    }
