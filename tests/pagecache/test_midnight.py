"""What depends on today is told anew after midnight in Shanghai, though nothing was published.

The clock stands still here; the site's own time zone is moved instead, from the last place on earth
to see a day to the first. Between the two there are 26 hours: never the same day.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Region
from tests.factories import make_document, make_target
from tests.pagecache.conftest import ask

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LAST, FIRST = "Etc/GMT+12", "Pacific/Kiritimati"


@pytest.fixture
def eve(settings):
    """The day as it is before midnight."""
    settings.TIME_ZONE = LAST
    return timezone.localdate()


@pytest.fixture
def due_on_the_eve(eve):
    document = make_document(published=True, region=Region.objects.get(slug="beijing"))
    return make_target(
        published=True,
        document=document,
        kind="quantitative",
        due_date=eve,
        due_precision="day",
        value=7,
        unit_id=1,
        metric_en="things",
        metric_zh="东西",
        comparator="eq",
        value_text_zh="7",
    )


def text(cached, path):
    answer = ask(cached, path)
    assert answer.status == 200, path
    # Kept, so that it is the cache and not its absence that is tried.
    assert ask(cached, path).source == "hit", path
    return " ".join(answer.body.decode().split())


def row_of(html, record):
    [row] = [r for r in re.findall(r"<tr>.*?</tr>", html) if record.get_absolute_url() in r]
    return row


@pytest.mark.parametrize("path", ["/en/targets/?region=beijing", "/en/regions/beijing/"])
def test_the_date_of_a_target_has_passed_from_midnight(cached, settings, due_on_the_eve, path):
    passed = "date passed – not checked"
    assert passed not in row_of(text(cached, path), due_on_the_eve)
    settings.TIME_ZONE = FIRST
    assert passed in row_of(text(cached, path), due_on_the_eve)


def test_a_document_says_from_midnight_that_the_day_of_its_targets_has_passed(
    cached, settings, due_on_the_eve
):
    path = due_on_the_eve.document.get_absolute_url()

    assert "the day has passed" not in text(cached, path)
    settings.TIME_ZONE = FIRST
    assert "the day has passed" in text(cached, path)


def test_what_was_due_yesterday_falls_due_no_more(cached, settings, due_on_the_eve):
    address = due_on_the_eve.get_absolute_url()

    assert address in text(cached, "/en/")
    settings.TIME_ZONE = FIRST
    assert address not in text(cached, "/en/")


@pytest.mark.parametrize(
    "path",
    [
        "matrix/",
        "compare/?region=beijing&region=shanghai",
        "diffusion/",
        "diffusion/?technology=robots",
    ],
)
def test_plans_in_force_today_are_asked_for_by_the_new_day(cached, settings, eve, path):
    assert f"in_force_on={eve}" in text(cached, f"/en/{path}")
    settings.TIME_ZONE = FIRST
    html = text(cached, f"/en/{path}")
    assert f"in_force_on={timezone.localdate()}" in html
    assert f"in_force_on={eve}" not in html


def test_the_timeline_draws_the_new_day(cached, settings, eve):
    assert f"today in Shanghai, {eve}." in text(cached, "/en/timeline/")
    settings.TIME_ZONE = FIRST
    assert f"today in Shanghai, {timezone.localdate()}." in text(cached, "/en/timeline/")


def test_a_new_document_is_new_from_its_day_on(cached, settings, eve):
    document = make_document(published=True, issued_date=eve + timedelta(days=1))

    assert document.get_absolute_url() not in text(cached, "/en/")
    settings.TIME_ZONE = FIRST
    assert document.get_absolute_url() in text(cached, "/en/")
