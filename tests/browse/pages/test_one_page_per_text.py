"""A text and the plans in it have one page, and whatever led to a plan leads there."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from futureind.publishing.preview_links import share
from regions.models import CoverageCheck, RegionalPlan
from tests.browse.pages.reading import main_of
from tests.factories import (
    make_document,
    make_plan,
    make_region,
    make_target,
    make_technology,
    make_track,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

LANGUAGES = ["en", "zh-hans"]


def part_of(html, region):
    """Return the part of a document's page that holds the plan of a region."""
    return html.partition(f'<section id="plan-{region.slug}">')[2].partition('<section id="')[0]


def old_address(plan, language="en"):
    return f"/{language}/plans/{plan.slug}/"


def where(response):
    return response.status_code, response["Location"]


def withdraw(record):
    workflow.withdraw(record, user=None, note="Entered twice.")


@pytest.fixture
def plan():
    """The one plan of its text."""
    return make_plan(published=True, tracks=2)


@pytest.fixture
def text():
    """A text of two regions, each with a plan of two tracks."""
    document = make_document(published=True)
    for name in ("Left Bank", "Right Bank"):
        region = make_region(published=True, name_en=name)
        make_plan(published=True, tracks=2, document=document, region=region)
    return document


# Where the page of a plan was


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_address_of_a_plan_leads_to_the_page_of_its_text_for_good(visitor, plan, language):
    page = f"/{language}/documents/{plan.document.slug}/"

    assert where(visitor.get(old_address(plan, language))) == (301, page)
    assert where(visitor.get(old_address(plan, language) + "?utm_source=x")) == (301, page)
    assert where(visitor.head(old_address(plan, language))) == (301, page)
    assert visitor.get(page).status_code == 200
    assert visitor.post(old_address(plan, language)).status_code in {403, 405}


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_text_holds_several_plans_it_leads_to_the_part_of_the_region(
    visitor, text, language
):
    page = f"/{language}/documents/{text.slug}/"
    html = main_of(visitor.get(page))

    for plan in text.plans.all():
        fragment = f"#plan-{plan.region.slug}"
        assert where(visitor.get(old_address(plan, language))) == (301, page + fragment)
        with override(language):
            assert plan.get_absolute_url() == page + fragment
            name = plan.region.name.plain
        part = part_of(html, plan.region)
        assert name in re.findall("<h2>(.*?)</h2>", part)[0]
        shown = set(re.findall(rf'href="/{language}/tracks/([^/"?]+)/"', part))
        assert shown == {track.slug for track in plan.tracks.all()}


def test_the_last_plan_of_a_text_needs_no_part_in_its_address(visitor, text):
    left, right = text.plans.all()

    withdraw(left)

    assert where(visitor.get(old_address(right))) == (301, f"/en/documents/{text.slug}/")
    html = main_of(visitor.get(f"/en/documents/{text.slug}/"))
    assert part_of(html, right.region)
    assert not part_of(html, left.region)
    assert visitor.get(old_address(left)).status_code == 410


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_plan_says_so_at_its_own_address(visitor, plan, language):
    withdraw(plan)

    response = visitor.get(old_address(plan, language))

    assert response.status_code == 410
    assert plan.document.title_zh in response.content.decode()
    track = visitor.get(f"/{language}/tracks/{plan.tracks.first().slug}/")
    assert track.status_code == 410
    assert f'href="{old_address(plan, language)}"' in track.content.decode()


def test_a_plan_whose_text_was_withdrawn_says_where_it_stood(visitor, plan):
    withdraw(plan.document)

    response = visitor.get(old_address(plan))

    assert response.status_code == 410
    assert f'href="/en/documents/{plan.document.slug}/"' in response.content.decode()


def test_what_nobody_ever_saw_is_not_found(visitor):
    draft = make_plan(document=make_document(published=True))
    of_a_draft = make_plan()
    workflow.publish(of_a_draft, user=None)

    for plan in (draft, of_a_draft):
        assert visitor.get(old_address(plan)).status_code == 404
        assert plan.get_absolute_url() == old_address(plan)
    assert visitor.get("/en/plans/no-such-plan/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_former_slug_leads_to_the_page_in_one_step(visitor, plan, language):
    former = old_address(plan, language)
    workflow.rename(plan, "another-plan", user=None)
    workflow.rename(plan.document, "another-text", user=None)

    answer = visitor.get(former, follow=True)

    assert answer.redirect_chain == [(f"/{language}/documents/another-text/", 301)]
    assert answer.status_code == 200


def test_a_former_slug_of_a_withdrawn_plan_leads_to_what_became_of_it(visitor, plan):
    former = old_address(plan)
    workflow.rename(plan, "another-plan", user=None)
    withdraw(plan)

    answer = visitor.get(former, follow=True)

    assert answer.redirect_chain == [("/en/plans/another-plan/", 301)]
    assert answer.status_code == 410


# What the page holds


@pytest.fixture
def whole():
    """A plan with all that can be said of one."""
    plan = make_plan(
        published=True,
        horizon_year=2035,
        unverified_fields=["horizon_year"],
        structure_en="10 + X",
        structure_zh="十加若干",
        note_en="Seen in a reprint.",
        note_zh="见于转载。",
    )
    robots = make_technology(published=True, name_en="Walking machines", name_zh="行走机器")
    track = make_track(plan=plan, tier="priority", note_en="Of the first rank", note_zh="第一梯队")
    track.technology_mappings.create(technology=robots, match="broader")
    make_track(plan=plan, tier="exploratory")
    history.record(plan, Action.EDITED)
    CoverageCheck.objects.create(
        publication_state="published",
        region=plan.region,
        checked_on=date(2026, 1, 5),
        outcome="found",
        completeness="complete",
        queries="未来产业",
    )
    history.record(plan.document, Action.EDITED)
    return plan


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_page_of_a_plan_said_stands_on_that_of_its_text(visitor, whole, language):
    page = visitor.get(f"/{language}/documents/{whole.document.slug}/")
    part = part_of(main_of(page), whole.region)

    with override(language):
        told = [
            *(whole.structure_en, whole.structure_zh, "2035", whole.note_en, whole.note_zh),
            *("2026-01-05", whole.region.name.plain),
            f'href="{whole.region.get_absolute_url()}"',
            f'href="{reverse("track-list")}?plan={whole.slug}"',
            f'href="{reverse("compare")}?plan={whole.slug}"',
        ]
        for track in whole.tracks.all():
            told += [f'href="{track.get_absolute_url()}"', track.name_en, track.name_zh]
            told += [str(track.get_tier_display()), track.note.plain]
    assert [words for words in told if words not in part] == []
    for name in ("Walking machines", "行走机器"):
        assert (name in part) is (name.isascii() == (language == "en"))
    # What is built now before what is explored.
    built, explored = (part.index(track.name_en) for track in whole.tracks.in_plan_order())
    assert built < explored


def test_targets_stand_under_the_year_in_which_they_fall_due(visitor, plan):
    dues = [date(2030, 12, 31), date(2030, 6, 30), date(2027, 12, 31), None]
    for due in dues:
        precision = "month" if due and due.month == 6 else "year"
        make_target(published=True, document=plan.document, due_date=due, due_precision=precision)

    html = main_of(visitor.get(plan.get_absolute_url()))

    targets = html.partition('<section id="targets">')[2].partition("</section>")[0]
    headings = [
        re.sub("<[^>]*>", " ", heading).split() for heading in re.findall("<h3>(.*?)</h3>", targets)
    ]
    assert [words[-2:] for words in headings] == [["2027", "1"], ["2030", "2"], ["date", "1"]]
    assert "by 2030-06" in targets
    assert "by 2030-12" not in targets


def test_the_page_tells_the_history_of_the_plan_and_is_cited_as_of_its_last_change(visitor, plan):
    document = plan.document
    long_ago = datetime(2024, 5, 6, tzinfo=UTC)
    type(document).objects.filter(pk=document.pk).update(changed_at=long_ago)
    plan.horizon_year = 2040
    plan.save()
    history.record(plan, Action.CORRECTED)
    today = timezone.localdate().isoformat()

    html = main_of(visitor.get(plan.get_absolute_url()))

    told = html.partition('<h2 id="history">')[2]
    assert f"Plan of {plan.region.name_en}</h3>" in told
    assert 'class="correction"' in told.partition("</h3>")[2]
    assert f"as of {today}" in html
    sitemap = visitor.get("/sitemap-documents.xml").content.decode()
    entry = sitemap.partition(f"/en/documents/{document.slug}/</loc>")[2].partition("</url>")[0]
    assert f"<lastmod>{today}" in entry


def test_a_rendering_of_the_plan_that_is_out_of_step_is_said_on_the_page(visitor, whole):
    whole.note_zh = "改写过的说明。"
    whole.save()
    history.record(whole, Action.EDITED)

    html = main_of(visitor.get(whole.get_absolute_url()))

    warned = html.partition('<p class="outdated">')[2].partition("</p>")[0]
    assert "Note (English)" in warned


def test_a_draft_of_a_second_plan_is_previewed_beside_the_first(visitor, plan):
    draft = make_plan(tracks=1, document=plan.document)
    link = share(draft, user=None, days=1)

    html = main_of(visitor.get(reverse("preview", args=[link.token, "en"])))

    assert draft.tracks.get().name_en in part_of(html, draft.region)
    assert plan.tracks.first().name_en in part_of(html, plan.region)
    assert draft.tracks.get().name_en not in main_of(visitor.get(plan.get_absolute_url()))


# What leads to a plan


def test_addresses_in_data_name_the_page_itself(visitor, text, settings):
    left, right = text.plans.all()
    fragment = f"#plan-{left.region.slug}"
    page = f"{settings.SITE_URL}/en/documents/{text.slug}/{fragment}"

    [listed] = visitor.get(f"/en/plans.json?region={left.region.slug}").json()["results"]
    sides = visitor.get(f"/en/compare.json?plan={left.slug}&plan={right.slug}").json()["sides"]
    changes = visitor.get("/en/changes.json?kind=plan").json()["results"]

    assert listed["url"] == sides[0]["url"] == page
    assert page in [change["url"] for change in changes]


def test_pages_link_to_the_part_that_they_speak_of(visitor, text):
    left, _right = text.plans.all()
    address = f'href="/en/documents/{text.slug}/#plan-{left.region.slug}"'
    track = left.tracks.first()

    for path in (
        f"tracks/{track.slug}/",
        f"tracks/?plan={left.slug}",
        f"plans/?region={left.region.slug}",
        f"regions/{left.region.slug}/",
        "changes/?kind=plan",
    ):
        assert address in visitor.get(f"/en/{path}").content.decode(), path


def test_every_plan_on_file_is_found_on_the_page_of_its_text(visitor):
    plans = RegionalPlan.objects.public().select_related("document", "region")

    for plan in plans[::6]:
        html = main_of(visitor.get(old_address(plan), follow=True))
        part = part_of(html, plan.region)
        for track in plan.tracks.all():
            assert f"/tracks/{track.slug}/" in part
        for target in plan.document.targets.public():
            assert f"/targets/{target.slug}/" in html
