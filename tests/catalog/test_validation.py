"""What forms refuse, in words: what a single row cannot show, and slugs that were given up."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from catalog.models import PolicyDocument, Unit
from futureind.publishing import workflow
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.models.sources import Source
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

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


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
