"""A system check of the lists: facets that the search index lacks make them slow."""

from django.core.checks import Warning
from django.urls import get_resolver

from futureind.browse.facets import Facet
from futureind.browse.filters import BrowseFilterSet


def check_facets_are_indexed(app_configs, **options):
    """Return a warning for each facet of a list that the search index does not hold."""
    # Lists are defined in modules that the addresses import.
    get_resolver().url_patterns  # noqa: B018
    return [
        Warning(
            f"{filterset_class.__name__}.{facet.name} is not in the search index, so each list "
            "counts it in SQL.",
            hint=f"Add {facet.index_facet!r} to {facet.model.__name__}.index_facets and give its "
            "values in index_record().",
            obj=filterset_class,
            id="futureind.W005",
        )
        for filterset_class in BrowseFilterSet.__subclasses__()
        for facet in filterset_class({}).filters.values()
        if isinstance(facet, Facet) and not facet.is_indexed
    ]
