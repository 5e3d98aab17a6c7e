"""Plans that have run out without a successor on record."""

import datetime
import re

import pytest
from django.utils import timezone

from catalog.models import DocumentRelation
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions import views
from regions.ended import ended_plans
from tests.browse.list_page import one_line
from tests.factories import make_document, make_plan, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SHENZHEN = "shenzhen-future-industries-2022"


def ended(year, month, day):
    return {found.plan.slug: found for found in ended_plans(datetime.date(year, month, day))}


def make_ending(horizon=None, **columns):
    region = make_region(published=True)
    columns = {"issued_date": datetime.date(2020, 1, 15), **columns}
    document = make_document(published=True, region=region, **columns)
    return make_plan(published=True, region=region, document=document, horizon_year=horizon)


def test_a_plan_ends_after_the_last_day_of_its_period():
    assert SHENZHEN not in ended(2025, 12, 31)
    found = ended(2026, 1, 1)[SHENZHEN]
    assert found.last_day == datetime.date(2025, 12, 31)
    assert found.check.region.slug == "shenzhen"


def test_an_expiry_goes_before_the_period_and_the_period_before_the_horizon():
    expiring = make_ending(
        period_start=2020, period_end=2022, expiry_date=datetime.date(2024, 6, 30)
    )
    period = make_ending(horizon=2035, period_start=2022, period_end=2023)
    horizon = make_ending(horizon=2023)
    endless = make_ending()

    first, second = ended(2024, 6, 30), ended(2024, 7, 1)

    assert expiring.slug not in first
    assert second[expiring.slug].last_day == datetime.date(2024, 6, 30)
    assert first[period.slug].last_day == first[horizon.slug].last_day
    assert endless.slug not in second


def test_a_plan_with_a_public_successor_has_not_simply_ended():
    plan = make_ending(horizon=2023)
    successor = make_document(region=plan.region)
    DocumentRelation.objects.create(
        from_document=successor, to_document=plan.document, type="supersedes"
    )
    assert plan.slug in ended(2024, 1, 1)

    successor.publication_state = "published"
    successor.save()
    history.record(successor, Action.PUBLISHED)

    assert plan.slug not in ended(2024, 1, 1)


def test_the_coverage_page_lists_them_with_the_last_check(visitor):
    body = visitor.get("/en/coverage/").content.decode()
    part = body[body.index('id="ended"') :]

    assert f'href="/en/documents/{SHENZHEN}/"' in part
    assert '<time datetime="2025-12-31">' in part


def test_of_many_that_have_ended_the_latest_stand_there_and_the_others_a_link_away(
    visitor, monkeypatch
):
    number = len(ended_plans(timezone.localdate()))
    monkeypatch.setattr(views, "MOST_ENDED", number - 2)

    first = one_line(visitor.get("/en/coverage/").content.decode())
    section = first.partition('id="ended"')[2].partition("</section>")[0]
    [address] = re.findall(rf'<a href="([^"]+)"> ?All {number} plans', section)
    whole = visitor.get(f"/en/coverage/{address}").content.decode()
    everything = whole.partition('id="ended"')[2].partition("</section>")[0]

    assert f'data-count="{number}" data-shown="{number - 2}"' in section
    assert section.count("<tr>") - 1 == number - 2
    assert everything.count("<tr>") - 1 == number
