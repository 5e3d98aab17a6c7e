"""The plans on the page of a region: the newest, and the way to all."""

import re
from datetime import date

import pytest

from tests.browse.list_page import one_line, read_list
from tests.factories import make_document, make_plan, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]


def test_a_region_of_many_plans_shows_the_newest_and_the_way_to_all(visitor):
    region = make_region(published=True)
    for day in range(1, 24):
        document = make_document(
            published=True,
            region=region,
            issued_date=date(2024, 1, day),
            legal_status="in-force",
        )
        make_plan(published=True, document=document, region=region)

    html = one_line(visitor.get(region.get_absolute_url()).content.decode())
    plans = html.partition('id="plans"')[2].partition("</section>")[0]

    assert 'data-count="23" data-shown="20"' in plans
    assert len(re.findall(r"<tr> <td", plans)) == 20
    assert "2024-01-23" in plans
    assert "2024-01-03" not in plans
    [address] = re.findall(r'href="([^"]+)"> ?All 23 plans', plans)
    assert read_list(visitor, "plans", address.partition("?")[2]).count == 23
