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


def first_found(view, asked):
    """Return ``(stamp, first primary keys, number)`` of a list under ``{parameter: value}``."""
    filterset = view.filterset_class(query_of(asked), view.public_records())
    if not filterset.is_valid():
        # What became public a moment ago, which the lists of this moment do not know yet.
        return filterset.stamp, [], 0
    return filterset.stamp, filterset.results.pks(0, SHOWN), filterset.results.count()


def documents_about(**asked):
    """Return the Excerpt of the newest documents of the list under parameters."""
    view = PolicyDocumentList()
    stamp, pks, number = first_found(view, asked)
    rows = rendered_rows(view, pks, stamp)
    return Excerpt(rows, number, address_of(view, "document-list", asked))


def documents_among(records, **asked):
    """Return the Excerpt of the newest documents of a queryset."""
    view = PolicyDocumentList()
    pks = list(records.values_list("pk", flat=True)[: SHOWN + 1])
    number = records.count() if len(pks) > SHOWN else len(pks)
    rows = rendered_rows(view, pks[:SHOWN], ContentVersion.stamp())
    return Excerpt(rows, number, address_of(view, "document-list", asked))


def targets_about(*, with_document=False, **asked):
    """Return the TargetTable of the targets that fall due first; parameters as above."""
    view = TargetList()
    stamp, pks, number = first_found(view, asked)
    address = address_of(view, "target-list", asked)
    return TargetTable(pks, stamp, number, address, with_document=with_document)


def address_of(view, name, asked):
    """Return the address of a list, by its name, under ``{parameter: value}``."""
    return list_address(name, view.filterset_class, query_of(asked))


def query_of(asked):
    query = QueryDict(mutable=True)
    query.update(asked)
    return query
