"""The first records of a list on the page of something else, and the way to all of them.

A page about a region or a technology shows what a reader needs at first sight; however many
records there are, it stays as short, and the list of them holds the rest.
"""

from dataclasses import dataclass

from django.http import QueryDict

from catalog.target_table import TargetTable
from catalog.views.lists import PolicyDocumentList, TargetList
from futureind.browse.addresses import list_address
from futureind.browse.fragments import rendered_rows
from futureind.publishing.models.content_version import ContentVersion

# More than any page shows of what is on record today.
SHOWN = 40


@dataclass(frozen=True)
class Excerpt:
    """The first rows of a list as HTML, how many records there are, the address of the list."""

    rows: list
    number: int
    address: str

    def __len__(self):
        return self.number

    @property
    def is_cut(self):
        return len(self.rows) < self.number


def first_found(view, keys):
    """Return ``(FilterSet, first primary keys, number)`` of records that have all of the keys.

    Parameters: ``view``, of the list; ``keys``, ``{facet: primary key}``, each without what is
    beneath it.
    """
    filterset = view.filterset_class(QueryDict(), view.public_records())
    filterset.is_valid()
    results = filterset.results
    found = results.everything
    for name, key in keys.items():
        found = found & results.having(filterset.filters[name], [key])
    return filterset, results.first(found, SHOWN), len(found)


def documents_about(keys, **asked):
    """Return the Excerpt of the newest documents with all of the keys.

    Parameters: ``keys``, ``{facet: primary key}``; ``asked``, parameters of the list that holds
    them all.
    """
    view = PolicyDocumentList()
    filterset, pks, number = first_found(view, keys)
    rows = rendered_rows(view, pks, filterset.stamp)
    return Excerpt(rows, number, address_of(view, "document-list", asked))


def documents_among(records, **asked):
    """Return the Excerpt of the newest documents of a queryset."""
    view = PolicyDocumentList()
    pks = list(records.values_list("pk", flat=True)[: SHOWN + 1])
    number = records.count() if len(pks) > SHOWN else len(pks)
    rows = rendered_rows(view, pks[:SHOWN], ContentVersion.stamp())
    return Excerpt(rows, number, address_of(view, "document-list", asked))


def targets_about(keys, *, with_document=False, **asked):
    """Return the TargetTable of the targets that fall due first; parameters as above."""
    view = TargetList()
    filterset, pks, number = first_found(view, keys)
    address = address_of(view, "target-list", asked)
    return TargetTable(pks, filterset.stamp, number, address, with_document=with_document)


def address_of(view, name, asked):
    """Return the address of a list, by its name, under ``{parameter: value}``."""
    query = QueryDict(mutable=True)
    query.update(asked)
    return list_address(name, view.filterset_class, query)
