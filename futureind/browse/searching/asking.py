"""One question asked of many lists: its results by kind, the best first, and what narrows them."""

from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from futureind.browse.results import SqlResults
from futureind.search.amounts import amounts_in
from futureind.search.index import index_for
from futureind.search.queries import ranked, text_hits
from futureind.search.text import normalised

TIERS = ("name", "alias", "title", "synonym", "text")
TITLE = TIERS.index("title")
# What the search page narrows by, under the names that its lists have for it.
FACETS = ("region", "field", "status")
# An agency is understood of what it issued; other lists are asked for the rest of the words.
LOOSE = {"issuer"}
# A year of a text as parameters of the lists that are ordered by it.
YEAR = ("issued_after", "issued_before")
YEARS_OFFERED = 12


def known(view):
    """Return the names of a list's parameters."""
    return view.filterset_class.base_filters.keys()


@dataclass(frozen=True)
class Question:
    """Words, and parameters of the lists: ``{name: [value, …]}``."""

    text: str
    parameters: dict = field(default_factory=dict)

    def of(self, view):
        """Return the parameters for a list as a QueryDict, None where it lacks one of them."""
        names = known(view)
        if not self.parameters.keys() - LOOSE <= names:
            return None
        query = QueryDict(mutable=True)
        for name, values in self.parameters.items():
            if name in names:
                query.setlist(name, values)
        return query


@dataclass
class Group:
    """The results of one kind: how many, and the first of each tier as primary keys.

    ``listed``: how many of them its list has, which knows a record by its own texts only;
    ``counts``: ``{facet: {value: number of results}}`` under all parameters but the facet's own.
    """

    view: object
    count: int = 0
    listed: int = 0
    tiers: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)
    # Asked without a parameter that lists before it have.
    is_loose: bool = False
    # Of the kind that states what the question names, an amount.
    is_asked: bool = False

    @property
    def best(self):
        """Rank of the best tier that has a result."""
        return next((i for i, tier in enumerate(TIERS) if self.tiers.get(tier)), len(TIERS))

    def place(self, rank):
        """Return what groups are sorted by where their results have a rank among TIERS."""
        early = min(rank, TITLE) if self.view.stands_early else rank
        return not self.is_asked, self.is_loose, early

    def pks(self, number):
        return [pk for tier in TIERS for pk in self.tiers.get(tier, ())][:number]


def ask(question, lists, vocabulary, number, stamp):
    """Return a Group for each list that has results of a Question, the best ones first.

    Parameters: ``lists``, list views in the order of their kinds; ``vocabulary``, kinds whose own
    names stand first: the name of another record is no better than an alias there; ``number``,
    how many results of each tier to name; ``stamp``, the state of the content.
    """
    groups, states_amount = [], bool(amounts_in(normalised(question.text)))
    for view in lists:
        parameters = question.of(view)
        if parameters is not None:
            group = find(view(), question.text, parameters, number, stamp)
            group.is_loose = not question.parameters.keys() <= known(view)
            group.is_asked = states_amount and view.states_amounts
            groups.append(group)
    for group in groups:
        if group.view.model.index_kind not in vocabulary:
            lower(group, "name", "alias")
        if group.view.aliases_are_wider:
            lower(group, "alias", "title")
    found = [group for group in groups if group.count or any_counted(group)]
    return sorted(found, key=lambda group: group.place(group.best))


def in_tiers(groups):
    """Yield ``(Group, primary keys)`` of groups in order, the best tier of any first."""
    parts = [
        (group.place(rank), place, rank)
        for place, group in enumerate(groups)
        for rank in range(len(TIERS))
    ]
    for _place, place, rank in sorted(parts):
        yield groups[place], groups[place].tiers.get(TIERS[rank], ())


def lower(group, tier, below):
    """Let the results of a tier stand before those of the one below."""
    group.tiers[below] = group.tiers.pop(tier, []) + group.tiers.get(below, [])


def any_counted(group):
    return any(number for counts in group.counts.values() for number in counts.values())


def find(view, text, parameters, number, stamp):
    """Return the Group of a list; ``parameters`` are a QueryDict of valid ones."""
    records = view.public_records()
    index = index_for(view.model.index_kind, stamp)
    if index is None:
        parameters["q"] = text
        results = SqlResults(view.filterset_class(parameters, records))
        results.filterset.is_valid()
        count = results.count()
        return Group(view, count, count, {"text": results.pks(0, number)})
    filterset = view.filterset_class(parameters, records)
    if not filterset.is_valid():
        # Understood of a query, such as a year in which nothing falls due.
        return Group(view)
    results = filterset.results
    by_own_texts = said = words_found(view, index, text, records)
    for other in view.found_with if text else ():
        said = said | index.records(other.owners_found(text, stamp))
    hits = said & results.everything
    tiers = {
        tier: first_of(view, index, found, number, leads=tier != "text")
        for tier, found in (ranked(index, text, hits) if text else [("text", hits)])
    }
    listed = len(by_own_texts & results.everything)
    return Group(view, len(hits), listed, tiers, facet_counts(results, said))


def words_found(view, index, text, records):
    if not text:
        return index.everything
    return text_hits(index, text, records, view.filterset_class.searched)


def first_of(view, index, hits, number, *, leads):
    """Return the first of some results, those of higher ranks before those of lower ones.

    Parameter: ``leads``, whether what leads its kind stands before all.
    """
    if not len(hits):
        return []
    leading = index.records(view.leading() if leads else ()) & hits
    found, rest = index.slice(leading, 0, number), hits - leading
    for pairs in view.ranks:
        part = rest & index.values(pairs)
        found += index.slice(part, 0, number - len(found))
        rest = rest - part
    return found + index.slice(rest, 0, number - len(found))


def facet_counts(results, said):
    """Return ``{facet: {value: number}}`` of the records that a text finds, and by year."""
    filters = results.filterset.filters
    counts = {}
    for name in FACETS:
        if name in filters and filters[name].is_indexed:
            under = said & results.hits(without=name)
            sets = filters[name].index_sets(results.index)
            counts[name] = {value: own.common(under) for value, own in sets}
    if YEAR[0] in filters:
        under = said & in_any_year(results)
        counts["year"] = {str(year): within(results.index, under, year) for year in years()}
    return counts


def in_any_year(results):
    """Return the results of a list without its limits of a year."""
    filterset = results.filterset
    if not any(name in filterset.data for name in YEAR):
        return results.everything
    data = filterset.data.copy()
    for name in YEAR:
        data.pop(name, None)
    return type(filterset)(data, filterset.queryset).results.everything


def years():
    """Return the years that are offered, the newest first."""
    newest = timezone.localdate().year
    return range(newest, newest - YEARS_OFFERED, -1)


def within(index, hits, year):
    first, last = date(year, 1, 1), date(year, 12, 31)
    return hits.common(index.between(first.toordinal(), last.toordinal()))


def year_parameters(year):
    """Return a year as parameters of lists."""
    return dict(zip(YEAR, ([f"{year}-01-01"], [f"{year}-12-31"]), strict=True))
