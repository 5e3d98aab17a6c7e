"""What a document names, sorted under the six fields."""

from functools import lru_cache

from catalog.models import IndustryField
from catalog.models.mappings import Basis
from catalog.models.vocabulary import FieldDirection, ProductFieldMapping, TechnologyFieldMapping
from futureind.browse.kept_records import public_records
from futureind.publishing.models.content_version import ContentVersion

FIELDS_OF = {"product": ProductFieldMapping, "technology": TechnologyFieldMapping}


def main_fields(kind):
    """Return ``{key: key of its main field}`` of the products or technologies (``kind``)."""
    return main_fields_at(ContentVersion.stamp(), kind)


@lru_cache(maxsize=4)
def main_fields_at(stamp, kind):
    rows = FIELDS_OF[kind].objects.order_by("order", "id").values_list(f"{kind}_id", "field_id")
    found = {}
    for key, field in rows:
        # The first one is the main field.
        found.setdefault(key, field)
    return found


def technologies_by_field(mappings):
    """Return ``[(field, mappings), …]`` of technologies by main field; last those of none."""
    fields, main = public_records(IndustryField), main_fields("technology")
    found = {key: [] for key in (*fields, None)}
    for mapping in mappings:
        key = main.get(mapping.technology_id)
        found[key if key in fields else None].append(mapping)
    return [(fields.get(key), rows) for key, rows in found.items() if rows]


def fields_with_products(field_mappings, product_mappings):
    """Return ``[(field mapping, product mappings), …]``: what a document sets.

    A product stands under its main field; where the document does not name that, under None. All
    that is only taken from the tracks of a plan is left out, for the plan itself says it better.
    """
    mappings = [*field_mappings, *product_mappings]
    if all(mapping.basis == Basis.DERIVED for mapping in mappings):
        return []
    main = main_fields("product")
    found = {mapping.field_id: (mapping, []) for mapping in field_mappings}
    others = []
    for mapping in product_mappings:
        _field, products = found.get(main.get(mapping.product_id), (None, others))
        products.append(mapping)
    return [*found.values(), *([(None, others)] if others else [])]


def directions_by_field():
    """Return ``{field key: directions that the national text lists within it}``."""
    return directions_at(ContentVersion.stamp())


@lru_cache(maxsize=2)
def directions_at(stamp):
    found = {}
    for direction in FieldDirection.objects.all():
        found.setdefault(direction.field_id, []).append(direction)
    return found


def shared_basis(mappings):
    """Return the basis that all mappings rest on, "" where they rest on several."""
    bases = {mapping.basis for mapping in mappings}
    return bases.pop() if len(bases) == 1 else ""
