"""What a public record names and visitors do not see: drafts above it, and what was withdrawn."""

import pytest

from tests.factories import make_agency, make_region, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

HIDDEN = {"name_en": "Unseen by readers", "name_zh": "读者未见"}


def make_city(**columns):
    return make_region(level="city", **columns)


@pytest.mark.parametrize(
    ("make_above", "make"),
    [(make_agency, make_agency), (make_technology, make_technology), (make_region, make_city)],
)
def test_a_page_names_no_draft_above_its_record(visitor, make_above, make):
    above = make_above(slug="unseen-above", **HIDDEN)
    record = make(published=True, parent=above)

    for address in (record.get_absolute_url(), f"/zh-hans{record.get_absolute_url()[3:]}"):
        page = visitor.get(address).content.decode()
        assert record.slug in page
        assert [text for text in (*HIDDEN.values(), "unseen-above") if text in page] == []


def test_the_page_of_an_agency_names_no_draft_for_its_region(visitor):
    region = make_region(slug="unseen-region", **HIDDEN)
    agency = make_agency(published=True, level="provincial", region=region)

    page = visitor.get(agency.get_absolute_url()).content.decode()

    assert "Unseen by readers" not in page
    assert "unseen-region" not in page
