"""The sources and quotations of what a revision changes, as reviewers see them."""

from dataclasses import dataclass

from django.utils.text import capfirst

from futureind.publishing.differences import part_name
from futureind.publishing.models.sources import Source
from futureind.publishing.snapshots import NOTHING, field_named, pairs

SOURCE_COLUMNS = ("sources", "source", "quotation_source")


@dataclass(frozen=True)
class Claim:
    """A record or part that differs, with its locator, quotation and sources."""

    path: tuple[str, ...]
    locator: str
    quotation: str
    sources: tuple[Source, ...]
    has_sources: bool


def changed_claims(before, after, model):
    """Return a :class:`Claim` for the record and each part in which two snapshots differ.

    Parts without a column for sources belong to the claim of their record.
    """
    found = []
    collect(before or NOTHING, after, model, (), found)
    slugs = {slug for _path, _part, of in found for slug in source_slugs(of)}
    sources = Source.objects.filter(slug__in=slugs).in_bulk(field_name="slug")
    return [
        Claim(
            path,
            of["fields"].get("locator_zh") or of["fields"].get("locator_en") or "",
            of["fields"].get("quotation") or "",
            tuple(sources[slug] for slug in source_slugs(of) if slug in sources),
            names_sources(part_model),
        )
        for path, part_model, of in found
    ]


def collect(before, after, model, path, found):
    if before["fields"] != after["fields"] and (names_sources(model) or not path):
        found.append((path or (capfirst(str(model._meta.verbose_name)),), model, after))
    for _name, of, part, earlier in pairs(model, after, before):
        if part is not None and part != earlier:
            collect(earlier or NOTHING, part, of, (*path, *part_name(part, of)), found)


def names_sources(model):
    return any(field_named(model, name) is not None for name in SOURCE_COLUMNS)


def source_slugs(held):
    """Return the slugs of the sources that a snapshot of a record or part names."""
    fields = held["fields"]
    single = [fields[name] for name in ("source", "quotation_source") if fields.get(name)]
    return list(dict.fromkeys(slug for [slug] in [*(fields.get("sources") or []), *single]))
