"""The facts of the site: how many there are, and what holds of all of them."""

import json
import re
from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.apps import apps

from catalog.models import (
    Agency,
    DocumentIssuer,
    FieldDirection,
    GlossaryTerm,
    Indicator,
    IndicatorPoint,
    IndustryField,
    Milestone,
    PolicyDocument,
    Region,
    SupersededDate,
    SymbolicProduct,
    Target,
    Technology,
)
from futureind.publishing.models.records import Reviewed
from regions.models import RegionalPlan, Track
from tests.loading.fixture_files import COUNTS, FIXTURES, columns, entries

pytestmark = pytest.mark.one_database

RETRIEVED_UP_TO = date(2026, 11, 29)


def edited(model):
    manager = model.objects
    return manager.edited() if hasattr(manager, "edited") else manager.all()


# How much there is


@pytest.mark.django_db
def test_the_database_holds_what_the_files_hold():
    loaded = {label: edited(apps.get_model(label)).count() for label in COUNTS}

    assert loaded == COUNTS


def test_the_readme_states_the_same_numbers():
    readme = (FIXTURES / "README.md").read_text(encoding="utf-8")
    stated = re.findall(r"^\| .+ \| `([a-z.]+)` \| (\d+) \|$", readme, re.MULTILINE)

    assert {label: int(number) for label, number in stated} == COUNTS
    assert f"| all | | {sum(COUNTS.values())} |" in readme


def test_files_are_named_after_the_province_whose_documents_they_hold():
    provinces = {}
    for path in FIXTURES.glob("20_*.json"):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            if entry["model"] == "catalog.policydocument":
                [region] = entry["fields"]["region"]
                provinces.setdefault(path.stem.removeprefix("20_"), set()).add(region)
    parent_of = {
        entry["fields"]["slug"]: entry["fields"].get("parent", [None])[0]
        for entry in entries()
        if entry["model"] == "catalog.region"
    }

    assert len(provinces) == len(list(FIXTURES.glob("20_*.json")))
    for province, regions in provinces.items():
        assert {parent_of[region] or region for region in regions} == {province}


# What can be relied on


def test_every_reference_leads_to_a_record():
    keys = {}
    references = []
    for entry in entries():
        model, fields = apps.get_model(entry["model"]), entry["fields"]
        names = [lookup.split("__")[0] for lookup in model.natural_key_fields]
        key = [
            fields[name][0] if isinstance(fields[name], list) else fields[name] for name in names
        ]
        keys.setdefault(model, set()).add(tuple(key))
        for name, value in fields.items():
            field = model._meta.get_field(name)
            if field.is_relation:
                values = value if field.many_to_many else [value]
                references += [(field.related_model, tuple(value)) for value in values]

    assert references
    assert [(model, key) for model, key in references if key not in keys[model]] == []


def test_no_text_points_to_one_that_does_not_stand_above_it():
    """A reader meets each text alone, on the page of its record."""
    ditto = re.compile(r"同上|as above|see above|ditto", re.IGNORECASE)
    texts = [text for entry in entries() for text in entry["fields"].values()]

    assert [text for text in texts if isinstance(text, str) and ditto.match(text)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("label", COUNTS)
def test_both_languages_are_filled(label):
    model = apps.get_model(label)
    pairs = [
        (name, f"{name.removesuffix('_en')}_zh")
        for name in (field.name for field in model._meta.concrete_fields)
        # Other names and abbreviations are what each language has; English alone has a plural.
        if name.endswith("_en") and name not in ("aliases_en", "abbreviation_en", "one_en")
    ]
    half = [
        (row, english)
        for english, chinese in pairs
        for row in edited(model)
        if bool(getattr(row, english)) != bool(getattr(row, chinese))
    ]

    assert half == []


@pytest.mark.django_db
def test_everything_that_is_named_has_a_name_in_both_languages():
    for model, name in (
        (Region, "name"),
        (Agency, "name"),
        (IndustryField, "name"),
        (FieldDirection, "name"),
        (SymbolicProduct, "name"),
        (Technology, "name"),
        (PolicyDocument, "title"),
        (Track, "name"),
        (Target, "statement"),
        (Milestone, "title"),
        (Indicator, "name"),
        (GlossaryTerm, "term"),
    ):
        assert not model.objects.filter(**{f"{name}_en": ""}).exists()
        assert not model.objects.filter(**{f"{name}_zh": ""}).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [PolicyDocument, Target, Milestone, Indicator])
def test_published_claims_name_a_source(model):
    published = model.objects.filter(publication_state="published")

    assert published.exists()
    assert not published.filter(sources=None).exists()


@pytest.mark.django_db
def test_verified_tracks_name_a_source_and_recalled_ones_have_none_yet():
    stated = Counter(confidence for (confidence,) in columns("regions.track", "confidence"))
    for confidence, number in stated.items():
        assert Track.objects.filter(confidence=confidence).count() == number
    assert not Track.objects.filter(confidence="verified", sources=None).exists()
    assert Track.objects.filter(confidence="recalled", sources=None).exists()


@pytest.mark.django_db
def test_recalled_records_are_drafts_and_all_others_are_published():
    drafts = {}
    for label in COUNTS:
        model = apps.get_model(label)
        if not issubclass(model, Reviewed):
            continue
        states = model.objects.values_list("publication_state", flat=True)
        assert set(states) <= {"draft", "published"}
        drafts[label] = model.objects.filter(publication_state="draft").count()
        if drafts[label]:
            with_state = model.objects.filter(publication_state="draft", confidence="recalled")
            assert with_state.count() == drafts[label]

    assert drafts == {
        label: [state for (state,) in columns(label, "publication_state")].count("draft")
        for label in drafts
    }
    for model in (PolicyDocument, RegionalPlan, Target, Milestone):
        assert not model.objects.public().filter(confidence="recalled").exists()


@pytest.mark.django_db
def test_recalled_agencies_and_terms_are_public():
    for model in (Agency, GlossaryTerm):
        stated = [confidence for (confidence,) in columns(model._meta.label_lower, "confidence")]
        recalled = model.objects.public().filter(confidence="recalled")
        assert recalled.count() == stated.count("recalled") > 0


@pytest.mark.django_db
def test_no_draft_leaks_through_what_is_public():
    drafts = PolicyDocument.objects.filter(publication_state="draft")

    assert drafts.exists()
    assert not PolicyDocument.objects.public().filter(pk__in=drafts).exists()
    for model, owner in ((RegionalPlan, "document"), (Target, "document"), (Track, "plan")):
        assert model.objects.public().exists()
        public = model.objects.public().select_related(owner)
        assert all(getattr(record, owner).is_public for record in public)


@pytest.mark.django_db
def test_hiding_a_document_hides_its_plan_tracks_and_targets():
    document = PolicyDocument.objects.get(slug="jiangsu-future-industries-2023")
    PolicyDocument.objects.filter(pk=document.pk).update(publication_state="withdrawn")

    assert not RegionalPlan.objects.public().filter(document=document).exists()
    assert not Track.objects.public().filter(plan__document=document).exists()
    assert not Target.objects.public().filter(document=document).exists()


# Dates


@pytest.mark.django_db
def test_no_document_is_dated_after_it_was_found():
    for name in ("issued_date", "published_date"):
        dates = PolicyDocument.objects.filter(**{f"{name}__isnull": False}).values_list(name)
        assert all(date(2021, 1, 1) <= day <= RETRIEVED_UP_TO for (day,) in dates)


@pytest.mark.django_db
def test_the_national_opinions_were_issued_eleven_days_before_they_were_published():
    opinions = PolicyDocument.objects.get(slug="future-industries-opinions-2024")

    assert opinions.document_number == "工信部联科〔2024〕12号"
    assert (opinions.issued_date, opinions.published_date) == (date(2024, 1, 18), date(2024, 1, 29))


@pytest.mark.django_db
def test_targets_fall_due_at_the_end_of_a_year_after_their_document():
    dated = Target.objects.filter(due_date__isnull=False).select_related("document")

    assert dated.count() == sum(1 for (day,) in columns("catalog.target", "due_date") if day)
    for target in dated:
        assert (target.due_date.month, target.due_date.day) == (12, 31)
        assert target.due_precision == "year"
        assert target.document.date is None or target.due_date >= target.document.date


@pytest.mark.django_db
def test_what_was_achieved_lies_in_the_past_and_what_is_planned_in_the_future():
    # A year that is not over yet stands as its last day.
    achieved = Milestone.objects.filter(state="achieved", precision="day")
    assert not achieved.filter(date__gt=RETRIEVED_UP_TO).exists()
    assert not Milestone.objects.filter(state="planned", date__lte=RETRIEVED_UP_TO).exists()


@pytest.mark.django_db
def test_earlier_dates_of_a_milestone_are_numbered_as_they_were_given_up():
    orders = {}
    for row in SupersededDate.objects.order_by("milestone", "order"):
        orders.setdefault(row.milestone_id, []).append(row.order)

    assert len(orders) == 5
    for numbers in orders.values():
        assert numbers == list(range(1, len(numbers) + 1))


# Values that are easily lost


@pytest.mark.django_db
def test_numbers_are_exact():
    values = set(map(str, IndicatorPoint.objects.values_list("value", flat=True)))

    assert {"416.7000", "725.3000", "483.8000", "73.7600", "144.7000"} <= values
    assert {"12.5000", "0.5000"} <= set(map(str, Target.objects.values_list("value", flat=True)))


@pytest.mark.django_db
def test_issuers_stand_in_the_order_printed():
    rows = DocumentIssuer.objects.filter(document__slug="future-industries-opinions-2024")
    issuers = rows.order_by("order").values_list("order", "agency__abbreviation_en")

    assert list(issuers)[:3] == [(1, "MIIT"), (2, "MOE"), (3, "MOST")]
    assert len(issuers) == 7


@pytest.mark.django_db
def test_points_that_stand_for_a_region_name_it():
    stated = columns("catalog.indicatorpoint", "region", "confidence")
    of_regions = IndicatorPoint.objects.filter(region__isnull=False)
    assert of_regions.count() == sum(1 for region, _confidence in stated if region) > 0
    verified = [confidence for _region, confidence in stated if confidence != "recalled"]
    assert IndicatorPoint.objects.public().count() == len(verified)


@pytest.mark.django_db
def test_technologies_of_a_national_direction_are_tied_to_it():
    tied = Technology.objects.exclude(directions=None)
    technology = Technology.objects.get(slug="artificial-intelligence")

    assert tied.exists()
    assert [d.slug for d in technology.directions.all()] == ["intelligent-industries"]


def test_no_address_of_a_site_that_copies_others_is_public():
    for_editors = {
        urlsplit(url).hostname for (url,) in columns("publishing.source", "evidence_url")
    }
    public = {
        urlsplit(entry["fields"][name]).hostname: entry["fields"]["slug"]
        for entry in entries()
        for name in ("url", "archived_url", "official_url", "website")
        if entry["fields"].get(name)
    }

    assert len(for_editors) > 50
    assert {host: slug for host, slug in public.items() if host in for_editors - {None}} == {}
