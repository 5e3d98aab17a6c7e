"""The search page: one text asked of every kind of record, the best results first."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.http import JsonResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import View

from futureind.browse.answers import Html, PublicPage
from futureind.browse.headings import heading
from futureind.browse.results import SqlResults, in_order
from futureind.core.texts import to_simplified
from futureind.publishing.models.content_version import ContentVersion
from futureind.search import suggestions
from futureind.search.amounts import words_with_amounts
from futureind.search.highlights import excerpt, highlight
from futureind.search.index import index_for
from futureind.search.mending import MOST_WORDS, is_known, keeps_words, mend
from futureind.search.queries import parse, ranked, text_hits
from futureind.search.text import HAN_RUN, document_number
from futureind.search.vocabulary import vocabulary_at

SHOWN_PER_KIND = 5
SHOWN_IN_ALL = 50
TIERS = ("name", "alias", "title", "synonym", "text")


@dataclass
class Group:
    """The results of one kind: how many, and the first of each tier as primary keys.

    ``listed``: how many of them its list has, which knows a record by its own texts only.
    """

    view: object
    count: int = 0
    listed: int = 0
    tiers: dict = field(default_factory=dict)

    @property
    def best(self):
        """Rank of the best tier that has a result."""
        return next((i for i, tier in enumerate(TIERS) if self.tiers.get(tier)), len(TIERS))

    def pks(self, number):
        return [pk for tier in TIERS for pk in self.tiers.get(tier, ())][:number]


@dataclass
class Found:
    """The results of a search: their groups, and the text that they are for.

    ``left_out``: the word that had to be left out to find something.
    """

    groups: list
    text: str
    left_out: str = ""

    @property
    def total(self):
        return sum(group.count for group in self.groups)


def search(text, lists, vocabulary, number, stamp):
    """Return a Group for each list that has results of a text, the best ones first.

    Parameters: ``lists``, list views in the order of their kinds; ``vocabulary``, kinds whose own
    names stand first: the name of another record is no better than an alias there; ``number``,
    how many results of each tier to name; ``stamp``, the state of the content.
    """
    groups = [find(view(), text, number, stamp) for view in lists]
    for group in groups:
        if group.view.model.index_kind not in vocabulary:
            names = group.tiers.pop("name", [])
            group.tiers["alias"] = names + group.tiers.get("alias", [])
    return sorted((group for group in groups if group.count), key=lambda group: group.best)


def find(view, text, number, stamp):
    records = view.public_records()
    index = index_for(view.model.index_kind, stamp)
    if index is None:
        results = SqlResults(view.filterset_class({"q": text}, records))
        results.filterset.is_valid()
        count = results.count()
        return Group(view, count, count, {"text": results.pks(0, number)})
    hits = text_hits(index, text, records, view.filterset_class.searched)
    listed = len(hits)
    for other in view.found_with:
        hits = hits | index.records(other.owners_found(text, stamp))
    tiers = {tier: index.slice(found, 0, number) for tier, found in ranked(index, text, hits)}
    return Group(view, len(hits), listed, tiers)


def words_apart(text, vocabulary):
    """Return the words of a text as typed, runs of Chinese parted at the names that they hold.

    An amount is one word.
    """
    return [
        part
        for word in words_with_amounts(text)
        for part in (vocabulary.parted(word) if HAN_RUN.fullmatch(word) else [word])
    ]


class SearchView(PublicPage):
    """Results of ``q`` in each of ``lists`` (list views, in the order of their kinds).

    ``number_list`` is the list whose records bear document numbers: an exact one leads to its
    record. ``vocabulary`` are the kinds whose own names stand before all; ``named`` those whose
    names are offered for near misses.
    """

    lists = ()
    number_list = None
    vocabulary = ()
    named = ()

    @cached_property
    def asked(self):
        return self.lists[0].filterset_class({"q": self.request.GET.get("q", "")}).form

    @cached_property
    def text(self):
        return "" if self.errors else self.asked.cleaned_data["q"]

    def parameters(self):
        return ["q"]

    def elsewhere(self):
        return super().elsewhere() or self.address_of_number()

    def address_of_number(self):
        record = self.record_with_number(self.text)
        return record and record.get_absolute_url()

    def record_with_number(self, text):
        """Return the one public record with this document number, else None."""
        number = document_number(to_simplified(text))
        if number is None:
            return None
        found = self.number_list().public_records().filter(document_number=number)[:2]
        return found[0] if len(found) == 1 else None

    def found(self, text, number):
        """Return the Found of a text; where nothing fits, of the next best text."""
        stamp = ContentVersion.stamp()
        if not text or parse(text, vocabulary_at(stamp)).is_empty:
            return Found([], text)
        for other in self.readings(text, stamp):
            groups = search(other, self.lists, self.vocabulary, number, stamp)
            if groups:
                return Found(groups, other)
        return self.without_a_word(text, number, stamp) or Found([], text)

    def readings(self, text, stamp):
        """Yield the text itself, then with slips mended, then the name that is most like it."""
        yield text
        kinds = [view.model.index_kind for view in self.lists]
        mended = mend(text, kinds, stamp)
        if mended != text:
            yield mended
        name = suggestions.near_miss(text, self.named)
        if name and keeps_words(text, name, kinds, stamp):
            yield name

    def without_a_word(self, text, number, stamp):
        """Return the Found of a text without the one word that keeps the least from being found."""
        words = words_apart(text, vocabulary_at(stamp))
        if not 1 < len(words) <= MOST_WORDS:
            return None
        kinds = [view.model.index_kind for view in self.lists]
        unknown = [place for place, word in enumerate(words) if not is_known(word, kinds, stamp)]
        if len(unknown) > 1:
            return None
        tried = []
        for place in unknown or range(len(words)):
            rest = " ".join([*words[:place], *words[place + 1 :]])
            groups = search(rest, self.lists, self.vocabulary, number, stamp)
            if groups:
                tried.append(Found(groups, rest, left_out=words[place]))
        return min(tried, key=lambda found: found.total, default=None)

    def html(self):
        text = self.text
        found = self.found(text, SHOWN_PER_KIND)
        marks = parse(found.text, vocabulary_at(ContentVersion.stamp())).marks
        context = {
            "form": self.asked,
            "query": text,
            "found": found,
            "is_corrected": found.text != text,
            "used_query": urlencode({"q": found.text}),
            "groups": [self.shown(group, found.text, marks) for group in found.groups],
            "canonical_query": urlencode({"q": text}) if text else "",
        }
        return Html("search.html", context)

    def shown(self, group, text, words):
        view = group.view
        records = in_order(view.rows(view.model.objects.all()), group.pks(SHOWN_PER_KIND))
        return {
            "title": capfirst(view.model._meta.verbose_name_plural),
            "list_name": view.list_name,
            "count": group.count,
            "listed": group.listed,
            "query": urlencode({"q": text}),
            "results": [result(view, record, words) for record in records],
        }

    def data(self):
        found = self.found(self.text, SHOWN_IN_ALL)
        results = []
        for tier in TIERS:
            for group in found.groups:
                records = in_order(group.view.model.objects.all(), group.tiers.get(tier, ()))
                results += [as_data(group.view, record) for record in records]
        return {
            "count": found.total,
            "query": found.text,
            "asked": self.text,
            "results": results[:SHOWN_IN_ALL],
        }


def result(view, record, words):
    """Return a record as a result: its heading in both languages with marks, and why it is here."""
    name = heading(record)
    found = {
        "record": record,
        "lang": name.lang,
        "heading": highlight(name.plain, words),
        "other": highlight(name.other.plain, words) if name.other else "",
        "other_lang": name.other.lang,
        "note": view.note(record),
        "sentence": "",
    }
    if "<mark>" not in found["heading"] + found["other"]:
        texts = [getattr(record, column, "") for column in view.filterset_class.searched]
        sentence = excerpt([text for text in texts if isinstance(text, str)], words)
        found["sentence"] = highlight(sentence, words)
    return found


def as_data(view, record):
    return {column.name: column.as_json(record) for column in view.columns[:3]} | {
        "kind": view.model.index_kind,
        "url": settings.SITE_URL + record.get_absolute_url(),
    }


class SuggestView(View):
    """Names that complete what is being typed, as JSON: ``{"names": [name, …]}``."""

    named = ()

    def get(self, request):
        names = suggestions.completions(request.GET.get("q", "")[:100], self.named)
        return JsonResponse({"names": names}, json_dumps_params={"ensure_ascii": False})
