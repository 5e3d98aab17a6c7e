"""The first records of a list on the page of something else, and the way to all of them.

A page about a region or a technology shows what a reader needs at first sight; however many
records there are, it stays as short, and the list of them holds the rest.
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from catalog.filters import TargetFilter, filter_of
from catalog.models import PolicyDocument, Target
from catalog.promises import day_before
from catalog.target_table import TargetLines
from catalog.views.lists import PolicyDocumentList, TargetList
from futureind.browse.addresses import list_address
from futureind.browse.fragments import rendered_rows
from futureind.browse.results import in_order
from futureind.publishing.models.content_version import ContentVersion

# More than any page shows of what is on record today.
SHOWN = 40
# Of national texts, which the list of documents has all of.
IN_SHORT_SHOWN = 12
# What pages of others show of a document.
IN_SHORT = (
    *("slug", "title_en", "title_zh", "date", "issued_date", "published_date", "effective_date"),
    "unverified_fields",
)


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


def documents_in_short(**asked):
    """Return the Excerpt of the newest documents of the list under parameters, as records."""
    view = PolicyDocumentList()
    _stamp, pks, number = first_found(view, asked)
    found = in_order(PolicyDocument.objects.only(*IN_SHORT), pks[:IN_SHORT_SHOWN])
    return Excerpt(found, number, address_of(view, "document-list", asked))


def targets_to_come(**asked):
    """Return the TargetLines of the targets that are still due, of those past, of undated ones.

    Parameters as above.
    """
    today = timezone.localdate()
    view, stamp = TargetList(), ContentVersion.stamp()
    every = filter_of(TargetFilter, Target, listed(asked), stamp)
    parts, rest = [], every.results.everything
    for name, day in (("due_after", today), ("due_before", day_before(today))):
        under = asked | {name: str(day)}
        part = filter_of(TargetFilter, Target, listed(under), stamp).results.everything
        parts.append((part, under))
        rest = rest - part
    return tuple(
        TargetLines(
            every.results.first(part, SHOWN) if every.is_valid() else [],
            stamp,
            len(part) if every.is_valid() else 0,
            address_of(view, "target-list", under),
            with_document=True,
        )
        for part, under in [*parts, (rest, asked)]
    )


def listed(asked):
    return {name: [value] for name, value in asked.items()}


def address_of(view, name, asked):
    """Return the address of a list, by its name, under ``{parameter: value}``."""
    return list_address(name, view.filterset_class, query_of(asked))


def query_of(asked):
    query = QueryDict(mutable=True)
    query.update(asked)
    return query
