"""What the database itself refuses, whatever forms and models say."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, F, Max, UniqueConstraint

from catalog.models import (
    DocumentFieldMapping,
    DocumentIssuer,
    DocumentPassage,
    DocumentProductMapping,
    DocumentRelation,
    DocumentTechnologyMapping,
    FieldDirection,
    IndicatorPoint,
    IndustryField,
    KeyTechnology,
    Milestone,
    MilestoneFieldMapping,
    MilestoneProductMapping,
    MilestoneTechnologyMapping,
    ProductFieldMapping,
    Region,
    SupersededDate,
    TargetAssessment,
    TargetFieldMapping,
    TargetProductMapping,
    TargetTechnologyMapping,
    TechnologyFieldMapping,
    Unit,
)
from futureind.publishing.models.slugged import Slugged
from regions.models import (
    CoverageCheck,
    RegionalPlan,
    Track,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)
from tests.factories import (
    make_agency,
    make_assessment,
    make_document,
    make_region,
    make_target,
    make_technology,
    make_track,
)
from tests.our_apps import OUR_APPS

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

OURS = {"catalog", "regions"}


def constraints(kind):
    """Return ``(model, constraint)`` of one kind over all tables of policies and regions."""
    return [
        (model, constraint)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
        for constraint in model._meta.constraints
        if isinstance(constraint, kind)
    ]


def refuse(change, name=None):
    """Assert that the database itself refuses a change, by the constraint of that name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


def refuse_values(record, name=None, **columns):
    """Assert that the row of a record cannot hold these values; no form or model is asked."""
    rows = type(record)._base_manager.filter(pk=record.pk)
    refuse(lambda: rows.update(**columns), name)


# Columns with fixed values

VOCABULARIES = [
    (model, constraint.name, constraint.condition.children[0][0].removesuffix("__in"))
    for model, constraint in constraints(CheckConstraint)
    if constraint.name.endswith("_known")
]


@pytest.mark.parametrize(("model", "name", "column"), VOCABULARIES, ids=lambda v: str(v))
def test_a_column_with_fixed_values_takes_no_other(model, name, column):
    record = make_assessment() if model is TargetAssessment else model._base_manager.first()

    # Where two rules refuse the value, either may speak first.
    either = f"{name}|coverage_completeness_fits_outcome"
    refuse_values(record, either, **{column: "?"})


def test_every_column_with_choices_is_guarded_by_the_database():
    guarded = {(model, column) for model, _name, column in VOCABULARIES}
    columns = {
        (model, column.name)
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for column in model._meta.local_fields
        if column.choices
    }

    # How complete a find is depends on the outcome: a constraint of its own, below.
    assert columns - guarded == {(CoverageCheck, "completeness")}


# Columns that must fit each other

MAY = date(2025, 5, 1)
JUNE = date(2025, 6, 1)


def document(**columns):
    return make_document(issued_date=None, **columns)


RULES = [
    ("document_issued_before_published", document, {"issued_date": JUNE, "published_date": MAY}),
    ("document_issued_before_effective", document, {"issued_date": JUNE, "effective_date": MAY}),
    ("document_effective_before_expiry", document, {"effective_date": JUNE, "expiry_date": MAY}),
    ("document_issued_before_expiry", document, {"issued_date": JUNE, "expiry_date": MAY}),
    ("document_period_in_order", document, {"period_start": 2030, "period_end": 2025}),
    ("document_period_in_order", document, {"period_start": 2030, "period_end": None}),
    ("document_period_in_order", document, {"period_start": None, "period_end": 2030}),
    ("document_region_fits_level", document, {"level": "provincial"}),
    (
        "document_region_fits_level",
        lambda: make_document(region=make_region()),
        {"level": "national"},
    ),
    (
        "relation_not_to_itself",
        lambda: DocumentRelation.objects.first(),
        {"to_document": F("from_document")},
    ),
    ("target_value_fits_kind", make_target, {"value": Decimal(5)}),
    ("target_value_fits_kind", make_target, {"comparator": "ge"}),
    ("target_value_fits_kind", make_target, {"kind": "quantitative", "value": Decimal(5)}),
    ("target_value_fits_kind", make_target, {"kind": "quantitative", "comparator": "ge"}),
    (
        "target_range_in_order",
        lambda: make_target(kind="quantitative", value=Decimal(3), comparator="ge"),
        {"comparator": "range", "value_max": Decimal(2)},
    ),
    (
        "target_range_in_order",
        lambda: make_target(kind="quantitative", value=Decimal(3), comparator="ge"),
        {"comparator": "range"},
    ),
    (
        "target_range_in_order",
        lambda: make_target(kind="quantitative", value=Decimal(3), comparator="ge"),
        {"value_max": Decimal(5)},
    ),
    ("milestone_dates_in_order", lambda: Milestone.objects.first(), {"date_end": date(1999, 1, 1)}),
    ("region_city_has_province", make_region, {"level": "city"}),
    (
        "region_city_has_province",
        lambda: make_region(level="city", parent=make_region()),
        {"level": "province"},
    ),
    ("region_tile_whole", make_region, {"tile_row": 90}),
    ("region_tile_whole", make_region, {"tile_column": 90}),
    ("region_tile_whole", make_region, {"tile_row": 0, "tile_column": 90}),
    ("agency_region_fits_level", make_agency, {"level": "provincial"}),
    (
        "agency_region_fits_level",
        lambda: make_agency(level="city", region=make_region()),
        {"level": "ministry"},
    ),
    ("unit_factor_with_base", lambda: Unit.objects.filter(base_unit=None).first(), {"factor": 2}),
    (
        "unit_factor_with_base",
        lambda: Unit.objects.exclude(base_unit=None).first(),
        {"factor": None},
    ),
    ("unit_factor_with_base", lambda: Unit.objects.exclude(base_unit=None).first(), {"factor": 0}),
    ("region_parent_not_itself", make_region, {"level": "city", "parent": F("id")}),
    ("agency_parent_not_itself", make_agency, {"parent": F("id")}),
    ("technology_parent_not_itself", make_technology, {"parent": F("id")}),
    ("track_parent_not_itself", make_track, {"parent": F("id")}),
    (
        "unit_base_not_itself",
        lambda: Unit.objects.exclude(base_unit=None).first(),
        {"base_unit": F("id")},
    ),
    (
        "coverage_completeness_fits_outcome",
        lambda: CoverageCheck.objects.filter(outcome="found").first(),
        {"completeness": ""},
    ),
    (
        "coverage_completeness_fits_outcome",
        lambda: CoverageCheck.objects.filter(outcome="none-found").first(),
        {"completeness": "partial"},
    ),
    (
        "coverage_completeness_fits_outcome",
        lambda: CoverageCheck.objects.filter(outcome="found").first(),
        {"completeness": "?"},
    ),
    ("target_comparator_known", make_target, {"comparator": "?"}),
    ("target_quoted_from_a_source", make_target, {"quotation": "建设一百个"}),
    ("track_quoted_from_a_source", make_track, {"quotation": "量子信息"}),
    (
        "key_technology_quoted_from_a_source",
        lambda: KeyTechnology.objects.filter(quotation="").first(),
        {"quotation": "智能灵巧手"},
    ),
    ("passage_quoted_from_a_source", DocumentPassage.objects.first, {"quotation_source": None}),
    ("passage_has_words", DocumentPassage.objects.first, {"quotation": ""}),
]


@pytest.mark.parametrize(("name", "make", "columns"), RULES)
def test_columns_that_contradict_each_other_are_refused(name, make, columns):
    refuse_values(make(), name, **columns)


def test_every_rule_of_the_database_is_tried_here():
    tried = {name for name, _make, _columns in RULES} | {name for _m, name, _c in VOCABULARIES}

    assert {constraint.name for _model, constraint in constraints(CheckConstraint)} - tried == set()


def test_dates_of_one_day_are_in_order():
    same_day = make_document(
        issued_date=MAY, published_date=MAY, effective_date=MAY, expiry_date=MAY
    )

    same_day.full_clean()
    assert same_day.date == MAY


def test_the_date_of_a_document_is_its_issue_else_its_publication():
    document = make_document(issued_date=MAY, published_date=JUNE)
    assert document.date == MAY

    document.issued_date = None
    document.save()
    document.refresh_from_db()
    assert document.date == JUNE


# What exists only once

ONCE = {
    "direction_unique": FieldDirection,
    "key_technology_unique": KeyTechnology,
    "passage_unique": DocumentPassage,
    "product_field_unique": ProductFieldMapping,
    "technology_field_unique": TechnologyFieldMapping,
    "document_issuer_unique": DocumentIssuer,
    "document_field_unique": DocumentFieldMapping,
    "document_technology_unique": DocumentTechnologyMapping,
    "document_product_unique": DocumentProductMapping,
    "relation_unique": DocumentRelation,
    "target_field_unique": TargetFieldMapping,
    "target_technology_unique": TargetTechnologyMapping,
    "target_product_unique": TargetProductMapping,
    "point_unique": IndicatorPoint,
    "superseded_date_order_unique": SupersededDate,
    "milestone_field_unique": MilestoneFieldMapping,
    "milestone_technology_unique": MilestoneTechnologyMapping,
    "milestone_product_unique": MilestoneProductMapping,
    "plan_unique": RegionalPlan,
    "track_named_once_in_tier": Track,
    "track_field_unique": TrackFieldMapping,
    "track_technology_unique": TrackTechnologyMapping,
    "track_product_unique": TrackProductMapping,
    "coverage_check_unique": CoverageCheck,
    "region_tile_unique": Region,
    "region_letter_code_unique": Region,
    "assessment_unique": TargetAssessment,
}


@pytest.mark.parametrize("name", ONCE)
def test_the_same_thing_is_not_recorded_twice(name):
    model = ONCE[name]
    if model is TargetAssessment:
        make_assessment()
    record = model._base_manager.first()
    record.pk = None
    if hasattr(record, "slug") and name != "direction_unique":
        record.slug = "another-slug"
    if model is Region:
        # All else differs, so that only the tile or the letters are the same.
        record.code = "999999"
        if name == "region_tile_unique":
            record.letter_code = ""
        else:
            record.tile_row = record.tile_column = None

    refuse(lambda: super(type(record), record).save_base(force_insert=True), "(?i)unique")


def test_everything_that_exists_only_once_is_tried_here():
    assert {constraint.name for _model, constraint in constraints(UniqueConstraint)} == set(ONCE)


SLUGGED = [
    model
    for model in apps.get_models()
    if model._meta.app_label in OUR_APPS and issubclass(model, (Slugged, Track))
]


@pytest.mark.parametrize("model", SLUGGED)
def test_two_records_of_a_kind_never_share_an_address(model):
    first, second = model._base_manager.order_by("pk")[:2]

    refuse_values(second, "(?i)unique", slug=first.slug)


def test_a_code_of_a_region_and_of_a_field_stands_once():
    for model in (Region, IndustryField):
        first, second = model._base_manager.order_by("pk")[:2]
        refuse_values(second, "(?i)unique", code=first.code)


# References


def test_the_database_refuses_a_reference_to_nothing():
    track = make_track()
    nothing = RegionalPlan.objects.aggregate(last=Max("pk"))["last"] + 1

    def break_it():
        Track.objects.filter(pk=track.pk).update(plan=nothing)
        # References are checked at the end of a transaction, which here never comes.
        connection.check_constraints([Track._meta.db_table])

    refuse(break_it)
