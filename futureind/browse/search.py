"""The search page: one text asked of every kind of record, the best results first."""

from dataclasses import replace
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.browse.answers import Html, PublicPage
from futureind.browse.choosing.options import Option, OptionGroup
from futureind.browse.filters import TEXT_LENGTH, OptionField
from futureind.browse.headings import heading
from futureind.browse.kept_records import public_records
from futureind.browse.results import in_order
from futureind.browse.searching.asking import (
    FACETS,
    TIERS,
    Question,
    in_tiers,
    year_parameters,
    years,
)
from futureind.browse.searching.readings import Search, without_year_signs
from futureind.browse.searching.suggesting import completing
from futureind.browse.searching.understanding import all_named, without_fillers
from futureind.core.bilingual import active_language
from futureind.core.sentences import listed
from futureind.core.texts import to_simplified
from futureind.publishing.models.content_version import ContentVersion
from futureind.search import suggestions
from futureind.search.highlights import excerpt, highlight
from futureind.search.queries import parse
from futureind.search.text import HAN_RUN, document_number, name_key, normalised, with_digits
from futureind.search.vocabulary import vocabulary_at

# Of documents, and of each other kind.
DOCUMENTS_SHOWN, OTHERS_SHOWN = 5, 2
# Of one kind alone, where it was asked for.
SHOWN_OF_ONE = 25
SHOWN_IN_ALL = 50
MARK = "<mark>"
NARROWING = ("kind", *FACETS, "year")
# The words of the site that a page explains, by what they are asked as.
EXPLAINED = {
    "track": {"track", "tracks", "赛道", "产业赛道"},
    "role": {"role", "role in plan", "tier", "规划定位", "层级", "梯队"},
    "landmark": {"landmark product", "landmark products", "symbolic product", "标志性产品"},
    "match": {"match", "表述对应"},
}
# As many as a comparison takes.
MOST_COMPARED = 4


# So many of the names that a text may become are offered where nothing was found.
NEAR = 5


class SearchForm(forms.Form):
    """The parameters of the search page: words, and what narrows their results."""

    q = forms.CharField(
        max_length=TEXT_LENGTH,
        required=False,
        label=gettext_lazy("Search"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    # Each word as it was typed, nothing more.
    literal = OptionField(
        label=gettext_lazy("Search the words only"), choices=[("1", "")], required=False
    )
    kind = OptionField(label=gettext_lazy("Kind"), required=False)
    region = OptionField(label=gettext_lazy("Region"), required=False)
    field = OptionField(label=gettext_lazy("Field"), required=False)
    status = OptionField(label=gettext_lazy("Legal status"), required=False)
    year = OptionField(label=gettext_lazy("Year of the text"), required=False)

    def __init__(self, data, view):
        super().__init__(data)
        self.fields["q"].widget.attrs["data-names"] = reverse("search-names")
        facets = view.number_list.filterset_class({}, None).filters
        for name in FACETS:
            choices = facets[name].choices
            self.fields[name].choices = [(c.value, f"{'– ' * c.depth}{c.label}") for c in choices]
        self.fields["kind"].choices = [
            (one.model.index_kind, capfirst(one.model._meta.verbose_name_plural))
            for one in view.lists
        ]
        self.fields["year"].choices = [(str(year), str(year)) for year in years()]

    def clean_q(self):
        """Refuse a text whose signs stand for many times as many letters."""
        MaxLengthValidator(2 * TEXT_LENGTH)(normalised(self.cleaned_data["q"]))
        return self.cleaned_data["q"]

    def narrowing(self):
        """Return what narrows the lists as their parameters, ``{name: [value, …]}``."""
        asked = {name: [self.cleaned_data[name]] for name in FACETS if self.cleaned_data[name]}
        if year := self.cleaned_data["year"]:
            asked |= year_parameters(year)
        return asked


class SearchView(PublicPage):
    """Results of ``q`` in each of ``lists`` (list views, in the order of their kinds).

    ``number_list`` is the list whose records bear document numbers: an exact one leads to its
    record. ``vocabulary`` are the kinds whose own names stand before all; ``named`` those whose
    names are offered for near misses; ``subjects`` gives ``{parameter: {key of a name: (value,
    label)}}`` of what a query may name beside words.
    """

    lists = ()
    number_list = None
    vocabulary = ()
    named = ()
    subjects = None

    @cached_property
    def asked(self):
        return SearchForm(self.request.GET, self)

    @cached_property
    def text(self):
        return "" if self.errors else self.asked.cleaned_data["q"]

    def parameters(self):
        return list(SearchForm.base_fields)

    @property
    def models(self):
        return {view.model.index_kind: view.model for view in self.lists}

    @cached_property
    def names(self):
        """What :func:`understood` knows: the names of subjects, and how to part Chinese."""
        names, vocabulary = self.subjects(), vocabulary_at(ContentVersion.stamp())
        own = {key for known in names.values() for key in known if HAN_RUN.fullmatch(key)}
        return names, replace(vocabulary, chinese=vocabulary.chinese | own)

    def elsewhere(self):
        return super().elsewhere() or self.address_of_number()

    def address_of_number(self):
        """Return the address of the text with the number that is asked for, and nothing more."""
        if self.errors or [name for name, _value in self.chosen()] != ["q"]:
            return None
        record = self.record_with_number(self.text)
        return record and record.get_absolute_url()

    def record_with_number(self, text):
        """Return the one public record with this document number, else None."""
        number = document_number(to_simplified(text))
        if number is None:
            return None
        found = self.number_list().public_records().cited_as(number)[:2]
        return found[0] if len(found) == 1 else None

    def found(self, number):
        search = Search(self, self.asked.narrowing(), number)
        if not self.text:
            return search.nothing
        if self.asked.cleaned_data["literal"]:
            return search.typed(self.text)
        return search.found(self.text)

    def html(self):
        if self.errors:
            wrong = {"form": self.asked, "query": "", "kept": [], "groups": [], "best": None}
            return Html("search.html", wrong)
        kind = self.asked.cleaned_data["kind"]
        found = self.found(SHOWN_OF_ONE if kind else DOCUMENTS_SHOWN)
        marks = parse(found.text, vocabulary_at(ContentVersion.stamp())).marks
        groups = [group for group in self.of_kind(found.groups) if group.count]
        context = {
            "form": self.asked,
            "query": self.text,
            "found": found,
            "total": sum(group.count for group in groups),
            "is_corrected": self.is_corrected(found),
            "used_query": urlencode({"q": found.text}),
            "literal_address": self.address(literal="1", kind=None),
            "groups": [self.shown(group, found, marks) for group in groups],
            "best": self.best(groups),
            "compared": self.compared(),
            "explained": [word for word, names in EXPLAINED.items() if self.asks_for(names, found)],
            "kept": [(name, value) for name, value in self.chosen() if name != "q"],
            "cleared": self.address(**dict.fromkeys(NARROWING)),
            "left_out": _(", ").join(f"“{word}”" for word in found.left_out),
            "near": [] if groups else self.near(),
            "facets": self.facets(found.groups),
            "is_narrowed": any(name in NARROWING for name, _value in self.chosen()),
        }
        return Html("search.html", context)

    def of_kind(self, groups):
        """Return those of groups that are of the kind that is chosen, all for none."""
        kind = self.asked.cleaned_data["kind"]
        return [group for group in groups if kind in ("", group.view.model.index_kind)]

    def chosen(self):
        """Return ``(name, value)`` of all parameters that are set."""
        return [(name, value) for name, value in self.asked.cleaned_data.items() if value]

    def compared(self):
        """Return what leads to a comparison of the regions that a query names, if it names two."""
        names, vocabulary = self.names
        _rest, named = all_named(self.text, names["region"], vocabulary)
        regions = named[:MOST_COMPARED]
        if len(regions) < 2:
            return None
        labels = listed([label for _slug, label in regions])
        query = urlencode([("region", slug) for slug, _label in regions])
        return {"query": query, "words": _("Compare %(names)s") % {"names": labels}}

    def near(self):
        """Return ``[(name, address of a search for it)]`` of names that a query may mean.

        Those that it may become, else those that look alike.
        """
        models = {kind: self.models[kind] for kind in self.named}
        begun = [heading(record).plain for _model, record in completing(self.text, models)]
        names = begun[:NEAR] or suggestions.near_misses(self.text, self.named)
        return [(name, f"{self.request.path}?{urlencode({'q': name})}") for name in names]

    def asks_for(self, names, found):
        return bool({normalised(self.text).strip(), normalised(found.text)} & set(names))

    def is_corrected(self, found):
        asked = found.understood.text if found.understood else self.text
        is_other = name_key(found.text) != name_key(without_year_signs(with_digits(asked)))
        return bool(found.text) and not (found.left_out or found.cited) and is_other

    def shown(self, group, found, words):
        view = group.view
        number = DOCUMENTS_SHOWN if view.stands_early else OTHERS_SHOWN
        if self.asked.cleaned_data["kind"]:
            number = SHOWN_OF_ONE
        records = view.results(group.pks(number))
        return {
            "kind": view.model.index_kind,
            "title": capfirst(view.model._meta.verbose_name_plural),
            "list_name": view.list_name,
            "count": group.count,
            "listed": group.listed,
            "query": self.list_query(view, found),
            "results": [result(view, record, words) for record in records],
        }

    def list_query(self, view, found):
        """Return the query string under which a list has the results of its kind."""
        meaning = found.understood.parameters if found.understood else {}
        query = Question(found.text, self.asked.narrowing() | meaning).of(view)
        if found.text:
            query["q"] = found.text
        return query.urlencode()

    def best(self, groups):
        """Return what a query means before all others, None where nothing stands out.

        That is a record, ``beside`` it the one that the other words of the query name; its
        ``facts`` and the ``ways`` on from it are added by those who know it.
        """
        meant = self.group_meant(groups)
        beside = None
        if meant:
            records = meant.view.results(meant.pks(1))
        else:
            records, beside = self.region_named()
        if not records:
            return None
        return {
            "record": records[0],
            "beside": beside,
            "label": capfirst(records[0]._meta.verbose_name),
            "heading": heading(records[0]),
            "facts": [],
            "sentence": "",
            "ways": [],
        }

    def group_meant(self, groups):
        """Return the Group whose first record a query means, else None."""
        first = groups[0] if groups else None
        if first and first.is_asked:
            return first
        stands_out = first and first.view.can_be_meant and first.best < len(TIERS) - 1
        return first if stands_out else None

    def region_named(self):
        """Return the one region that a query names beside other words, in a list.

        With it, what those words are the name of, None for no name.
        """
        names, vocabulary = self.names
        rest, named = all_named(self.text, names["region"], vocabulary)
        if len(named) != 1:
            return [], None
        [(slug, _label)] = named
        named = suggestions.record_named(without_fillers(rest), self.named)
        beside = named and public_records(self.models[named[0]]).get(named[1])
        return list(self.models["region"].objects.public().filter(slug=slug)), beside

    def facets(self, groups):
        """Return the OptionGroups that narrow the results, with links for options.

        Kinds are counted over all kinds, everything else within the one that is chosen.
        """
        counts = {"kind": {group.view.model.index_kind: group.count for group in groups}}
        for group in self.of_kind(groups):
            for name, numbers in group.counts.items():
                total = counts.setdefault(name, {})
                for value, number in numbers.items():
                    total[value] = total.get(value, 0) + number
        found = (self.options_of(self.asked[name], counts.get(name, {})) for name in NARROWING)
        return [group for group in found if not group.is_empty]

    def options_of(self, bound, numbers):
        """Return the OptionGroup of a parameter: what leaves results, and what is chosen."""
        name, chosen = bound.name, self.asked.cleaned_data[bound.name]
        options = [
            Option(
                value,
                label,
                numbers.get(value, 0),
                value == chosen,
                address=self.address(**{name: None if value == chosen else value}),
            )
            for value, label in bound.field.choices
            if numbers.get(value) or value == chosen
        ]
        if name in ("region", "kind"):
            options.sort(key=lambda option: (not option.is_ticked, -option.count))
        return OptionGroup(name, bound.label, options)

    def data(self):
        found = self.found(SHOWN_IN_ALL)
        groups = self.of_kind(found.groups)
        results = []
        for group, pks in in_tiers(groups):
            records = in_order(group.view.model.objects.all(), pks) if pks else ()
            results += [as_data(group.view, record) for record in records]
        return {
            "count": sum(group.count for group in groups),
            "query": found.text,
            "asked": self.text,
            "understood": found.understood.parameters if found.understood else {},
            "cited": found.cited,
            "left_out": found.left_out,
            "results": results[:SHOWN_IN_ALL],
        }


def result(view, record, words):
    """Return a record as a result: its heading in both languages with marks, and why it is here."""
    name = heading(record)
    found = {
        "record": record,
        "lang": name.lang,
        "heading": highlight(name.plain, words),
        "note": view.note(record),
        **dict.fromkeys(["other", "other_lang", "sentence", "sentence_lang"], ""),
    }
    if MARK in found["heading"]:
        return found
    other = highlight(name.other.plain, words) if name.other else ""
    if MARK in other:
        return found | {"other": other, "other_lang": name.other.lang}
    return found | why_found(view, record, words)


def why_found(view, record, words):
    """Return the sentence of a record that holds words, in the page's language where one does."""
    other = "zh" if active_language() == "en" else "en"
    for suffix in ("en" if other == "zh" else "zh", "", other):
        columns = [c for c in view.filterset_class.searched if has_suffix(c, suffix)]
        texts = [getattr(record, column, "") for column in columns]
        sentence = excerpt([text for text in texts if isinstance(text, str)], words)
        if sentence:
            language = {"zh": "zh-Hans"}.get(suffix, suffix)
            return {"sentence": highlight(sentence, words), "sentence_lang": language}
    return {}


def has_suffix(column, suffix):
    ending = column.rpartition("_")[2]
    return ending == suffix if suffix else ending not in ("en", "zh")


def as_data(view, record):
    return {column.name: column.as_json(record) for column in view.columns[:3]} | {
        "kind": view.model.index_kind,
        "url": settings.SITE_URL + record.get_absolute_url(),
    }
