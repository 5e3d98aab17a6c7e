"""What the site's public addresses lead to, read from its URL configuration."""

from contextlib import suppress

import django_filters
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import override

from futureind.browse.answers import PublicPage
from futureind.browse.facets import Facet
from futureind.browse.views import BrowseView, RecordsView, RecordView


def patterns_below(patterns):
    for pattern in patterns:
        if not hasattr(pattern, "url_patterns"):
            yield pattern
        elif getattr(pattern, "app_name", None) != "admin":
            yield from patterns_below(pattern.url_patterns)


def named_pages():
    """Return ``{name of the address: view class}`` of the public pages, as the URLs follow."""
    found = {}
    for pattern in patterns_below(get_resolver().url_patterns):
        view = getattr(pattern.callback, "view_class", None)
        if pattern.name and view and issubclass(view, PublicPage):
            found.setdefault(pattern.name, view)
    return found


PAGES = named_pages()
OF_LISTS = [view for name, view in PAGES.items() if name.endswith("-list")]
# {part of the address: view class}, of lists by pages, and of whole vocabularies.
LISTS = {view.list_name: view for view in OF_LISTS if issubclass(view, BrowseView)}
VOCABULARIES = {view.list_name: view for view in OF_LISTS if view.list_name not in LISTS}
# {part of the address: model} of the pages of records.
RECORDS = {
    view.list_name: view.model
    for view in OF_LISTS
    if issubclass(view, RecordsView)
    and any(issubclass(page, RecordView) and page.model is view.model for page in PAGES.values())
}


def addresses_of_one_page():
    """Return the address of each page that there is once, without its language."""
    found = []
    for name in PAGES:
        with suppress(NoReverseMatch), override("en"):
            found.append(reverse(name).removeprefix("/en/"))
    return found


def filters_of(list_name, kind):
    filters = LISTS[list_name].filterset_class.base_filters
    return [name for name, item in filters.items() if isinstance(item, kind)]


def facets_of(list_name):
    """Return the names of a list's facets; what only qualifies others is none to a visitor."""
    return [name for name in filters_of(list_name, Facet) if name != "alone"]


def groups_of(list_name):
    """Return the names of the facets that a list offers to visitors."""
    filters = LISTS[list_name].filterset_class.base_filters
    return [name for name in facets_of(list_name) if filters[name].listed]


def dates_of(list_name):
    return filters_of(list_name, django_filters.DateFilter)


def all_parameters():
    """Return every parameter that some list knows."""
    found = {"page"}
    for view in (*LISTS.values(), *VOCABULARIES.values()):
        found |= set(view.filterset_class.base_filters)
    return sorted(found)
