"""Random states of the lists, and where the index and plain SQL differ about one."""

from django.http import QueryDict

from catalog.models import Agency, PolicyDocument, Region, Target, Technology
from catalog.views.lists import IndicatorList, MilestoneList, PolicyDocumentList, TargetList
from futureind.browse.facets import Facet
from futureind.browse.filters import TEXT_LENGTH, WholeGroups
from futureind.browse.results import IndexResults, SqlResults
from futureind.search.index import index_for
from regions.models import Track
from regions.views import RegionalPlanList, TrackList

LISTS = [
    PolicyDocumentList,
    RegionalPlanList,
    TrackList,
    TargetList,
    MilestoneList,
    IndicatorList,
]
TEXTS = [
    "量子",
    "脑机",
    "上海",
    "robot",
    "humanoid robots",
    "6G",
    "氢能 -上海",
    '"action plan"',
    "MIIT 人形机器人指导意见",
    "BCI -Shanghai",
    "国发202511号",
    "plan for the Moon",
    "-the robot",
    "，",
]
# Facets of which no page counts the values; of all others the counts are compared.
UNCOUNTED = {"alone", "confidence", "document", "due", "plan", "texts"}
# Columns that readers know records by.
SPOKEN = {
    PolicyDocument: ["title_en", "title_zh", "document_number", "aliases_en", "aliases_zh"],
    Track: ["name_en", "name_zh", "quotation"],
    Target: ["statement_en", "statement_zh"],
    Region: ["name_en", "name_zh"],
    Technology: ["name_en", "name_zh", "aliases_en", "aliases_zh"],
    Agency: ["name_en", "name_zh", "aliases_en"],
}
JOINS = [" ", " ", "", "，", " -", "-", " 和 ", ' "']
WRITINGS = [
    *[str] * 4,
    str.upper,
    str.lower,
    lambda part: f'"{part}"',
    lambda part: f"《{part}》",
    # A slip of the finger, and a half-typed word.
    lambda part: part[:-1],
    lambda part: part[1:] + part[:1],
]
DAYS = ["2022-01-01", "2023-12-31", "2024-06-30", "2025-12-31", "2027-01-01"]


def random_state(view, rng):
    """Return a QueryDict of a few valid parameters of a list."""
    filterset = view.filterset_class({}, view().public_records())
    state = QueryDict(mutable=True)
    for name in rng.sample(list(filterset.filters), rng.randint(0, 3)):
        item = filterset.filters[name]
        if isinstance(item, Facet | WholeGroups):
            values = [choice.value for choice in item.choices]
            state.setlist(name, rng.sample(values, min(len(values), rng.randint(1, 2))))
        elif name == "sort":
            state[name] = rng.choice(list(filterset.orderings))
        else:
            state[name] = rng.choice(TEXTS if name == "q" else DAYS)
    return state


def texts_on_record():
    """Return what records are called, in both languages, with numbers and other names."""
    found = []
    for model, columns in SPOKEN.items():
        for row in model.objects.public().order_by("pk").values_list(*columns):
            found += [line for text in row if text for line in text.splitlines()]
    return found


def random_query(texts, rng):
    """Return a query as somebody may type it: parts of texts, in order or not, whole or cut."""
    parts = [random_part(rng.choice(texts), rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
    return rng.choice(JOINS).join(parts)[:TEXT_LENGTH]


def random_part(text, rng):
    if " " in text:
        words = text.split()
        start = rng.randrange(len(words))
        part = " ".join(words[start : start + rng.randint(1, 4)])
    else:
        start = rng.randrange(len(text))
        part = text[start : start + rng.randint(1, 8)]
    return rng.choice(WRITINGS)(part)


def differences(view, state, *, with_counts=True):
    """Return in words where the index and plain SQL differ for a state of a list.

    Parameter: ``with_counts``, whether the counts of facets are compared as well.
    """
    filterset = view.filterset_class(state, view().public_records())
    assert filterset.is_valid(), filterset.form.errors
    fast = IndexResults(filterset, index_for(view.model.index_kind))
    plain = SqlResults(filterset)
    found = []
    if fast.pks() != plain.pks():
        found.append(f"{state.urlencode()}: other results")
    if fast.count() != plain.count():
        found.append(f"{state.urlencode()}: {fast.count()} results, not {plain.count()}")
    for facet in filterset.filters.values() if with_counts else ():
        if isinstance(facet, Facet) and facet.name not in UNCOUNTED:
            counts, expected = fast.facet_counts(facet), plain.facet_counts(facet)
            wrong = {v: n for v, n in counts.items() if n != expected.get(v, 0)}
            if wrong:
                found.append(f"{state.urlencode()}: {facet.name} {wrong}")
    return found
