"""What the database refuses, what forms refuse, and what withdrawing hides."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import (
    CheckConstraint,
    F,
    Max,
    ProtectedError,
    RestrictedError,
    UniqueConstraint,
)
from django.urls import reverse

from catalog.models import (
    Agency,
    DocumentFieldMapping,
    DocumentIssuer,
    DocumentPassage,
    DocumentProductMapping,
    DocumentRelation,
    DocumentTechnologyMapping,
    FieldDirection,
    GlossaryTerm,
    Indicator,
    IndicatorPoint,
    IndustryField,
    KeyTechnology,
    Milestone,
    MilestoneFieldMapping,
    MilestoneProductMapping,
    MilestoneTechnologyMapping,
    PolicyDocument,
    ProductFieldMapping,
    Region,
    SupersededDate,
    SymbolicProduct,
    Target,
    TargetAssessment,
    TargetFieldMapping,
    TargetProductMapping,
    TargetTechnologyMapping,
    Technology,
    TechnologyFieldMapping,
    Unit,
)
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.slugged import Publishable, Slugged
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.models.sources import Source
from regions.models import (
    CoverageCheck,
    RegionalPlan,
    Track,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)
from tests.conftest import run_python
from tests.factories import (
    make_agency,
    make_document,
    make_plan,
    make_region,
    make_source,
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


# The database: columns with fixed values


def assessment():
    return TargetAssessment.objects.create(
        target=make_target(), assessed_on=date(2026, 1, 1), verdict="met", source=make_source()
    )


VOCABULARIES = [
    (model, constraint.name, constraint.condition.children[0][0].removesuffix("__in"))
    for model, constraint in constraints(CheckConstraint)
    if constraint.name.endswith("_known")
]


@pytest.mark.parametrize(("model", "name", "column"), VOCABULARIES, ids=lambda v: str(v))
def test_a_column_with_fixed_values_takes_no_other(model, name, column):
    record = assessment() if model is TargetAssessment else model._base_manager.first()

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


# The database: columns that must fit each other

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


# The database: what exists only once

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
        assessment()
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


# Forms: what a single row cannot show


def errors(record):
    """Return the errors of a record's form by column, as sentences."""
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def test_a_technology_cannot_stand_within_its_own_part():
    top = make_technology()
    middle = make_technology(parent=top)
    bottom = make_technology(parent=middle)

    top.parent = bottom

    assert errors(top).keys() == {"parent"}
    assert "circle" in errors(top)["parent"][0]


def test_an_agency_cannot_belong_to_its_own_department():
    ministry = make_agency()
    ministry.parent = make_agency(parent=make_agency(parent=ministry))

    assert "circle" in errors(ministry)["parent"][0]


def test_a_region_cannot_belong_to_its_own_city():
    province = make_region()
    city = make_region(level="city", parent=province)
    province.level, province.parent = "city", city

    assert "circle" in errors(province)["parent"][0]


def test_a_unit_cannot_be_a_multiple_of_its_own_multiple():
    base = Unit.objects.create(slug="test-a", name_en="a", name_zh="甲")
    multiple = Unit.objects.create(
        slug="test-b", name_en="b", name_zh="乙", base_unit=base, factor=10
    )
    base.base_unit, base.factor = multiple, Decimal(10)

    assert "circle" in errors(base)["base_unit"][0]


def test_a_track_cannot_stand_within_its_own_part():
    plan = make_plan()
    top = make_track(plan=plan)
    top.parent = make_track(plan=plan, parent=make_track(plan=plan, parent=top))

    assert "circle" in errors(top)["parent"][0]


def test_a_track_stands_within_a_track_of_the_same_plan():
    track = make_track()
    track.parent = make_track()

    assert errors(track) == {"parent": ["Choose a track of the same plan."]}


@pytest.mark.parametrize("make", [make_document, make_plan, make_track, make_agency, make_source])
def test_a_slug_may_have_120_characters(make):
    record = make(slug="s" * 120)
    record.full_clean()

    record.slug = "s" * 121
    assert errors(record).keys() == {"slug"}


def test_an_address_of_the_web_may_have_1000_characters():
    address = "https://example.org/" + "a" * 980
    source = make_source(url=address)
    source.full_clean()
    document = make_document(official_url=address)
    document.full_clean()

    assert Source.objects.get(pk=source.pk).url == address
    assert PolicyDocument.objects.get(pk=document.pk).official_url == address
    source.url = address + "a"
    assert errors(source).keys() == {"url"}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/", "example"])
def test_an_address_of_the_web_starts_with_http(address):
    source = make_source()
    source.url = address

    assert errors(source).keys() == {"url"}


@pytest.mark.parametrize("make", [make_document, make_agency, make_region, make_target])
def test_only_columns_that_exist_can_be_marked_as_to_be_verified(make):
    record = make()
    record.unverified_fields = ["sources"]
    record.full_clean()

    for name in ("no_such_column", "slug"):
        record.unverified_fields = [name]

        assert errors(record) == {"unverified_fields": [f"There is no column “{name}”."]}


def test_a_broken_rule_of_the_database_is_said_in_words_on_the_form():
    document = make_document()
    document.published_date = date(2024, 1, 1)

    assert errors(document) == {"__all__": ["A text is issued before or when it is made public."]}


# Addresses that were given up


def test_a_former_slug_is_not_given_to_another_record(administrator_user):
    renamed = make_document(published=True, slug="first-name")
    workflow.rename(renamed, "second-name", user=administrator_user)
    other = make_document()

    other.slug = "first-name"

    assert "once led to" in errors(other)["slug"][0]


def test_a_former_slug_is_not_given_to_another_track():
    track = make_track(plan=make_plan(published=True))
    FormerSlug.objects.create(record=track, slug="track-before")
    other = make_track(plan=track.plan)
    other.slug = "track-before"

    assert "slug" in errors(other)


def test_a_former_slug_may_be_taken_back_and_may_name_a_record_of_another_kind(
    administrator_user,
):
    renamed = make_document(published=True, slug="first-name")
    workflow.rename(renamed, "second-name", user=administrator_user)
    make_agency(slug="first-name").full_clean()

    workflow.rename(renamed, "first-name", user=administrator_user)

    assert PolicyDocument.renamed_from("first-name") is None
    assert PolicyDocument.renamed_from("second-name") == renamed


@pytest.fixture
def administrator_user(django_user_model):
    return django_user_model.objects.get(username="administrator")


# Migrations


# Run in one process of its own, on a migrated database.
BACK_AND_FORTH = """
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone
from futureind.publishing.models import Proposal, ProposalStep, Revision, Schedule

def migrate(*target):
    call_command("migrate", *target, verbosity=0)

kind = ContentType.objects.get_for_model(Revision)
about = {"content_type": kind, "object_id": 1, "record_name": "x"}
for action in ("corrected", "returned", "submitted"):
    base = Revision.objects.create(
        **about, action=action, origin="import", note="Because", snapshot={}
    )
proposal = Proposal.objects.create(**about, base=base, snapshot={}, origin="revert")
for step in ("scheduled", "stopped", "refused", "approved"):
    ProposalStep.objects.create(proposal=proposal, step=step)
Schedule.objects.create(
    **about, move="approve", due_at=timezone.now(), revision=base, proposal_version=1
)
migrate("regions", "zero")
migrate("catalog", "zero")
call_command("showmigrations", "catalog", "regions")
print("AND FORTH")
migrate()
call_command("showmigrations")
for revision in Revision.objects.all():
    print(revision.action, revision.note)
"""


@pytest.mark.long
def test_migrations_go_back_and_forth(migrated, tmp_path):
    environment = {"DATABASE_URL": migrated.url, "VAR_DIR": str(tmp_path)}

    written = run_python("manage.py", "shell", "-v0", "-c", BACK_AND_FORTH, **environment)

    back, _and, forth = written.partition("AND FORTH")
    assert "[ ] 0001_initial" in back
    assert "[X]" not in back
    assert "[X] 0001_initial" in forth
    assert "[ ]" not in forth
    assert "submitted Because" in forth


# What is public


@pytest.fixture
def withdrawn(visitor):
    """The numbers of the pages before, and a document with a plan that is withdrawn now."""
    document = PolicyDocument.objects.get(slug="beijing-future-industries-2023")
    plan = document.plans.get()
    named = [plan, *plan.tracks.all(), *document.targets.public()]
    addresses = [record.get_absolute_url() for record in [document, *named]]
    before = {name: count(visitor, name) for name in ("document", "plan", "track", "target")}
    assert all(visitor.get(address).status_code == 200 for address in addresses[:3])
    workflow.withdraw(document, user=None, note="Entered twice.")
    return document, addresses, before, {"track": len(plan.tracks.all())}


def count(visitor, kind):
    return visitor.get(reverse(f"{kind}-list")).context["count"]


def test_withdrawing_a_document_hides_the_pages_of_what_stands_in_it(visitor, withdrawn):
    _document, addresses, _before, _numbers = withdrawn

    assert len(addresses) > 20
    assert {visitor.get(address).status_code for address in addresses} == {410}


def test_withdrawing_a_document_takes_all_of_it_off_the_lists(visitor, withdrawn):
    document, _addresses, before, numbers = withdrawn

    assert count(visitor, "document") == before["document"] - 1
    assert count(visitor, "plan") == before["plan"] - 1
    assert count(visitor, "track") == before["track"] - numbers["track"]
    assert count(visitor, "target") == before["target"] - document.targets.count()
    for name in ("documents", "plans", "tracks", "targets"):
        page = visitor.get(f"/en/{name}/?q={document.document_number or 'Beijing'}")
        assert document.title_zh not in page.content.decode()


def test_withdrawing_a_document_lowers_the_counts_of_the_facets(visitor):
    def number():
        facets = visitor.get("/en/tracks/").context["filterset"].facets
        [region] = [bound for bound in facets if bound.facet.name == "region"]
        counts = zip(region.facet.choices, region.counts, strict=True)
        return {choice.value: count for choice, count in counts}["beijing"]

    before = number()
    document = PolicyDocument.objects.get(slug="beijing-future-industries-2023")
    workflow.withdraw(document, user=None, note="Entered twice.")

    assert number() == before - document.plans.get().tracks.count() < before


@pytest.mark.parametrize(
    "path",
    [
        "/en/",
        "/sitemap-documents.xml",
        "/sitemap-tracks.xml",
        "/en/search/?q=Beijing",
        "/en/regions/beijing/",
        "/en/fields/future-information/",
        "/en/products/humanoid-robots/",
        "/en/technologies/quantum-computing/",
        "/en/agencies/beijing-municipal-government/",
        "/en/coverage/",
        "/en/documents/?sort=title",
        "/en/documents/future-industries-opinions-2024/",
    ],
)
def test_what_is_withdrawn_is_named_nowhere(visitor, withdrawn, path):
    document, addresses, _before, _numbers = withdrawn
    html = visitor.get(path, follow=True).content.decode()

    assert document.title_zh not in html
    assert document.title_en not in html
    assert [address for address in addresses if address in html] == []


def test_what_is_published_again_is_public_again(visitor, withdrawn):
    document, addresses, before, _numbers = withdrawn

    workflow.publish(document, user=None)

    assert {visitor.get(address).status_code for address in addresses} == {200}
    assert count(visitor, "track") == before["track"]


def test_a_published_target_of_a_draft_is_not_public():
    draft = make_document()
    target = make_target(document=draft)
    workflow.publish(target, user=None)

    assert not target.is_public
    assert target not in Target.objects.public()


# Deleting

PUBLISHED = [model for model in apps.get_models() if issubclass(model, Publishable)]


@pytest.mark.parametrize("model", PUBLISHED)
def test_what_was_once_published_is_never_deleted(model):
    record = model.objects.public().first()

    with pytest.raises(ProtectedError):
        record.delete()
    with pytest.raises(ProtectedError):
        model.objects.filter(pk=record.pk).delete()
    workflow.withdraw(record, user=None, note="Entered twice.")
    with pytest.raises(ProtectedError):
        record.delete()
    assert model.objects.filter(pk=record.pk).exists()


def test_a_draft_is_deleted_with_its_parts():
    plan = make_plan(tracks=2)

    plan.delete()

    assert not RegionalPlan.objects.filter(pk=plan.pk).exists()
    assert not Track.objects.filter(slug__startswith=plan.slug).exists()


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_plan().document,
        lambda: make_plan().region,
        lambda: make_target().document,
        lambda: make_technology(parent=make_technology()).parent,
        lambda: make_agency(parent=make_agency()).parent,
        lambda: assessment().source,
        lambda: (
            make_track(parent=None, plan=make_plan())
            .children.model.objects.exclude(parent=None)[0]
            .parent
        ),
        lambda: Source.objects.filter(indicator_points__isnull=False).first(),
        lambda: Unit.objects.filter(targets__isnull=False).first(),
    ],
)
def test_what_others_stand_on_is_not_deleted(make):
    record = make()

    with pytest.raises((ProtectedError, RestrictedError)):
        record.delete()
    assert type(record)._base_manager.filter(pk=record.pk).exists()


def test_the_database_refuses_a_reference_to_nothing():
    track = make_track()
    nothing = RegionalPlan.objects.aggregate(last=Max("pk"))["last"] + 1

    def break_it():
        Track.objects.filter(pk=track.pk).update(plan=nothing)
        # References are checked at the end of a transaction, which here never comes.
        connection.check_constraints([Track._meta.db_table])

    refuse(break_it)


def test_history_needs_no_record_to_be_read():
    term = GlossaryTerm(slug="t", term_en="t", term_zh="t", category="concept")
    term.full_clean()
    term.save()
    history.record(term, Action.CREATED)
    [pk] = [term.pk]
    history.record(term, Action.DELETED)
    term.delete()

    kept = Revision.objects.filter(object_id=pk, record_name__startswith="t")
    assert [revision.action for revision in kept] == ["deleted", "created"]


def test_every_kind_of_record_has_public_examples():
    kinds = [PolicyDocument, RegionalPlan, Target, Milestone, Indicator, Region, IndustryField]
    kinds += [Technology, SymbolicProduct, Agency, GlossaryTerm, Track]

    assert {kind: kind.objects.public().exists() for kind in kinds} == dict.fromkeys(kinds, True)
