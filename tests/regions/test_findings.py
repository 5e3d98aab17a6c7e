"""The sentence on top of a page says what plain SQL says, in both languages."""

import html
import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone, translation

from catalog.models import (
    IndustryField,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
)
from catalog.models.commitments import Comparator
from catalog.models.units import Unit
from catalog.numbers import quantity, target_amount
from catalog.promises import comparator_word
from futureind.core.name_order import ByName
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.models import CoverageCheck
from tests.analysis.test_one_number import CHANGES, some_things
from tests.browse.plain_sql import (
    IN_FORCE,
    ask,
    count_tracks,
    in_force,
    tracks_that_name,
    who_names,
)
from tests.chance import dice, few_and_many
from tests.factories import make_document, make_plan, make_region, make_target, make_technology
from tests.regions.sentences import (
    document_in_words,
    field_in_words,
    region_in_words,
    subject_in_words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

LANGUAGES = {"en": "en", "zh-hans": "zh-hans"}
OPINIONS = "future-industries-opinions-2024"
COUNTED = "('exact', 'broader', 'narrower')"


def finding_on(client, path):
    """Return the sentence of a page, "" where it says none."""
    response = client.get(path)
    assert response.status_code == 200, path
    page = " ".join(response.content.decode().split())
    found = re.search(r'<p class="finding">(.*?)</p>', page)
    if not found:
        return ""
    text = re.sub(r'<a class="how-computed".*?</a>', "", found[1])
    text = html.unescape(re.sub("<[^>]+>", "", text)).strip()
    described = re.search(r'<meta name="description" content="([^"]*)">', page)[1]
    assert html.unescape(described) == text
    return text


def today():
    return timezone.localdate().isoformat()


def day(value):
    """Return a date as SQLite or PostgreSQL hands it over."""
    return date.fromisoformat(str(value)) if value else None


# What plain SQL knows


def naming_rows(region):
    """Return ``[(technology, document, day of a text with a place in time), …]`` of a region."""
    rows = ask(
        f"""
        SELECT DISTINCT t.id, d.id, d.legal_status, COALESCE(d.issued_date, d.published_date)
        FROM regions_tracktechnologymapping m
        JOIN catalog_technology t ON t.id = m.technology_id
        JOIN regions_track k ON k.id = m.track_id
        JOIN regions_regionalplan p ON p.id = k.plan_id
        JOIN catalog_policydocument d ON d.id = p.document_id
        WHERE p.publication_state = 'published' AND d.publication_state = 'published'
          AND t.publication_state = 'published' AND m.match IN {COUNTED} AND p.region_id = %s
        """,
        [region.pk],
    )
    return [
        (technology, document, None if status == "consultation" else day(dated))
        for technology, document, status, dated in rows
    ]


def documents_in_force():
    sql = "SELECT d.id FROM catalog_policydocument d WHERE d.publication_state = 'published'"
    return {pk for (pk,) in ask(sql + IN_FORCE, in_force(today()))}


def first_days(kind, slug, matches=("exact", "broader", "narrower")):
    """Return ``{region slug: the day of its first text with a place in time}``."""
    sql, parameters = tracks_that_name(kind, slug, None, True, matches, False)
    first = "MIN(COALESCE(d.issued_date, d.published_date))"
    rows = ask(f"SELECT r.slug, {first} {sql} GROUP BY r.slug", parameters)
    return {region: day(first) for region, first in rows}


def firsts_of(region):
    slugs = Technology.objects.public().values_list("slug", flat=True)
    found = [days for slug in slugs if (days := first_days("technology", slug))]
    return sum(days.get(region.slug) == min(days.values()) for days in found)


def largest(condition, parameters):
    """Return ``(target, how many are as large)`` of the sums in yuan under a condition."""
    rows = ask(
        f"""
        SELECT g.id, g.value * COALESCE(u.factor, 1), g.due_date
        FROM catalog_target g
        JOIN catalog_policydocument d ON d.id = g.document_id
        JOIN catalog_unit u ON u.id = g.unit_id
        LEFT JOIN catalog_unit b ON b.id = u.base_unit_id
        WHERE g.publication_state = 'published' AND d.publication_state = 'published'
          AND g.value IS NOT NULL AND 'cny' IN (u.slug, COALESCE(b.slug, '')) AND {condition}
        """,
        parameters,
    )
    if not rows:
        return None
    most = max(value for _pk, value, _due in rows)
    tied = [(str(due or "9999"), pk) for pk, value, due in rows if value == most]
    return Target.objects.get(pk=min(tied)[1]), len(tied)


def sum_in_words(found):
    """Return ``(amount, year, metric, number)`` of what :func:`largest` found, None for none."""
    if not found:
        return None
    target, number = found
    amount = target_amount(target, comparator_word(target))
    if number > 1:
        # Each has words of its own about it.
        amount = quantity(target.value, target.unit)
    return amount, target.due_date and target.due_date.year, target.metric.plain, number


def technologies_by_name():
    """Return all technologies as a reader finds them; databases order hyphens as they like."""
    return ByName.of(Technology).records(Technology.objects.public())


def names_of(rows):
    """Return the names of what rows name, as the page sorts them: by field, most named first."""
    fields = list(IndustryField.objects.public())
    places = {}
    for order, technology in enumerate(technologies_by_name()):
        days = [dated for pk, _document, dated in rows if pk == technology.pk]
        main = technology.field_mappings.order_by("order", "id").first()
        place = fields.index(main.field) if main and main.field in fields else len(fields)
        first = min(filter(None, days), default=date.max)
        if days:
            places[place, -len(days), first, order] = technology.name.plain
    return [name for _place, name in sorted(places.items())]


def expected_of_region(region):
    rows = naming_rows(region)
    documents = {document: dated for _technology, document, dated in rows}
    tracks = count_tracks({"region": [region.slug]}, {"region"})
    check = CoverageCheck.objects.public().filter(region=region).order_by("-checked_on").first()
    due = "d.region_id = %s AND g.due_date >= %s"
    return region_in_words(
        name=region.name.plain,
        names=names_of(rows),
        documents=len(documents),
        since=min(filter(None, documents.values()), default=None),
        in_force=len(documents.keys() & documents_in_force()),
        undated=sum(dated is None for dated in documents.values()),
        largest=sum_in_words(largest(due, [region.pk, today()])),
        firsts=firsts_of(region),
        in_part=bool(tracks) and not (check and check.completeness == "complete"),
    )


def regions_with_tracks():
    sql = """
        SELECT COUNT(DISTINCT r.id) FROM catalog_region r
        JOIN regions_regionalplan p ON p.region_id = r.id
        JOIN catalog_policydocument d ON d.id = p.document_id
        JOIN regions_track k ON k.plan_id = p.id
        WHERE r.publication_state = 'published' AND p.publication_state = 'published'
          AND d.publication_state = 'published'
    """
    return ask(sql)[0][0]


def first_of(days):
    """Return the first day and the names of the regions of that day, by code."""
    if not days:
        return None, []
    first = min(days.values())
    regions = Region.objects.filter(slug__in=[slug for slug, own in days.items() if own == first])
    return first, [region.name.plain for region in regions.order_by("code")]


def expected_of_thing(kind, record):
    slug = record.slug
    regions = who_names(kind, slug)
    numbers = {
        "name": record.name.plain,
        "tracks": count_tracks({kind: [slug]}),
        "regions": len(regions),
        "of": regions_with_tracks(),
        "in_force": len(who_names(kind, slug, day=today())),
        "undated": len(regions) - len(who_names(kind, slug, dated=True)),
        "first": first_of(first_days(kind, slug)),
    }
    if kind != "field":
        exact = who_names(kind, slug, matches=["exact"])
        first = first_of(first_days(kind, slug, ["exact"]))
        return subject_in_words(**numbers, exact=len(exact), first_exact=first)
    named = {}
    for technology in technologies_by_name():
        main = technology.field_mappings.order_by("order", "id").first()
        if main and main.field_id == record.pk:
            named[technology.name.plain] = len(who_names("technology", technology.slug))
    most = max(named.values(), default=0)
    top = [name for name, number in named.items() if number == most and most]
    return field_in_words(**numbers, top=top, most=most)


def founding_text():
    texts = PolicyDocument.objects.public().filter(region=None, date__isnull=False)
    entered = ["stated", "analyst"]
    for kind, model in (("field", IndustryField), ("product", SymbolicProduct)):
        for record in model.objects.public():
            named = PolicyDocument.objects.filter(
                **{f"{kind}_mappings__{kind}": record, f"{kind}_mappings__basis__in": entered}
            )
            texts = texts.filter(pk__in=named.values("pk"))
    return min(texts, key=lambda text: (text.date, -text.pk), default=None)


def expected_of_document(document):
    plans = document.plans.public()
    dues = [target.due_date for target in document.targets.public()]
    years = sorted(due.year for due in dues if due)
    public = {"publication_state": "published"}
    answers = document.relations_to.filter(
        type="implements", from_document__publication_state="published"
    ).count()
    founding = founding_text() == document
    later = None
    if (founding or answers) and document.region_id is None and document.date:
        later = ask(
            """
            SELECT COUNT(DISTINCT p.region_id) FROM regions_regionalplan p
            JOIN catalog_policydocument d ON d.id = p.document_id
            JOIN catalog_region r ON r.id = p.region_id
            WHERE p.publication_state = 'published' AND d.publication_state = 'published'
              AND r.publication_state = 'published' AND d.legal_status <> 'consultation'
              AND COALESCE(d.issued_date, d.published_date) > %s
            """,
            [document.date],
        )[0][0]
    return document_in_words(
        fields=document.fields.filter(**public).count(),
        products=document.products.filter(**public).count(),
        technologies=document.technologies.filter(**public).count(),
        tracks=sum(plan.tracks.count() for plan in plans) if plans else None,
        years=[(year, years.count(year)) for year in dict.fromkeys(years)],
        without_year=len(dues) - len(years),
        largest=sum_in_words(largest("d.id = %s", [document.pk])),
        later=later,
        answers=answers,
        dated=document.date is not None,
        founding=founding,
    )


# States of the content


def new_targets(rng, _things):
    """Let a document promise sums and other things, due in any year or in none."""
    document = rng.choice(list(PolicyDocument.objects.public().order_by("pk")))
    units = list(Unit.objects.filter(slug__in=["cny", "100-million-cny", "usd-billion"]))
    for _number in range(rng.randint(1, 4)):
        due = date(rng.randint(2024, 2036), 12, 31) if rng.random() < 0.8 else None
        sum_of = {}
        if rng.random() < 0.7:
            sum_of = {
                "kind": "quantitative",
                "comparator": rng.choice([c for c in Comparator.values if c != Comparator.RANGE]),
                "value": rng.choice([5, 5000, 9000]),
                "unit": rng.choice(units),
            }
            if rng.random() < 0.5:
                sum_of |= {"metric_en": "Output of many new lines of work", "metric_zh": "产值"}
        make_target(published=True, document=document, due_date=due, **sum_of)
    history.record(document, Action.EDITED)


def new_relation(rng, _things):
    upper = rng.choice(list(PolicyDocument.objects.public().filter(region=None).order_by("pk")))
    lower = rng.choice(list(PolicyDocument.objects.public().exclude(pk=upper.pk).order_by("pk")))
    if not lower.relations_from.filter(to_document=upper).exists():
        lower.relations_from.create(to_document=upper, type=rng.choice(["implements", "cites"]))
        history.record(lower, Action.EDITED)


def another_check(rng, _things):
    region = rng.choice(list(Region.objects.public().order_by("pk")))
    latest = CoverageCheck.objects.filter(region=region).order_by("-checked_on").first()
    if latest:
        latest.completeness = rng.choice(["complete", "partial"])
        latest.outcome = "found"
        latest.save()
        history.record(latest, Action.EDITED)


STATES = [*CHANGES, new_targets, new_targets, new_relation, another_check]


def hold(client, path, expected):
    """Hold the sentence of a page to what is expected of it, in both languages."""
    for language in LANGUAGES:
        with translation.override(language):
            sentence = expected()
        assert finding_on(client, f"/{language}/{path}/") == sentence, path
        assert language != "en" or len(sentence.split()) <= 45, sentence


@pytest.mark.parametrize("states", few_and_many(1, 6))
def test_each_sentence_is_that_of_plain_sql(db, states):
    rng, client = dice(f"findings {states}"), Client()
    for _state in range(states):
        things = some_things(rng)
        for change in rng.sample(STATES, 4):
            change(rng, things)
        plans = Region.objects.public().filter(plans__publication_state="published").distinct()
        region = rng.choice(list(plans.order_by("pk")))
        hold(client, f"regions/{region.slug}", lambda region=region: expected_of_region(region))
        for kind, record in things[:3]:
            folder = {"field": "fields", "product": "products", "technology": "technologies"}[kind]
            hold(
                client, f"{folder}/{record.slug}", lambda k=kind, r=record: expected_of_thing(k, r)
            )
        for document in rng.sample(list(PolicyDocument.objects.public().order_by("pk")), 2):
            path = f"documents/{document.slug}"
            hold(client, path, lambda document=document: expected_of_document(document))


@pytest.mark.parametrize(
    "path",
    ["regions/shanghai", "regions/hunan", "products/humanoid-robots", f"documents/{OPINIONS}"],
)
def test_sentences_of_what_is_on_record(visitor, path):
    folder, slug = path.split("/")
    record = {"regions": Region, "products": SymbolicProduct, "documents": PolicyDocument}[folder]
    record = record.objects.get(slug=slug)
    expected = {
        "regions": lambda: expected_of_region(record),
        "products": lambda: expected_of_thing("product", record),
        "documents": lambda: expected_of_document(record),
    }[folder]

    hold(visitor, path, expected)
    assert finding_on(visitor, f"/en/{path}/")


def test_where_little_is_on_record_nothing_is_said(visitor):
    region, technology = make_region(published=True), make_technology(published=True)
    document = make_document(published=True)
    make_plan(published=True, region=region, document=document, tracks=2)

    for record in (region, technology, document):
        assert finding_on(visitor, record.get_absolute_url()) == ""


def test_every_rule_that_a_sentence_leads_to_is_told(visitor):
    methods = visitor.get("/en/methodology/").content.decode()

    for path in ("regions/shanghai", "products/humanoid-robots", "fields/future-health",
                 "technologies/robots", f"documents/{OPINIONS}"):  # fmt: skip
        page = visitor.get(f"/en/{path}/").content.decode()
        [rule] = re.findall(r'/methodology/#([a-z-]+)">', page)
        assert f'<dt id="{rule}">' in methods, path
