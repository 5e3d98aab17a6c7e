"""The table of a plan's tracks: pasted, mended, saved together with their mappings."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Technology
from futureind.publishing import history
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.proposals import approve
from regions.models import Track, TrackTechnologyMapping
from tests.admin_browser import FormReader, address, change_page, read_form, revisions_of, texts
from tests.factories import make_document, make_plan, make_source, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LINES = """重点 | 量子信息 | Quantum information | future-information | ⊃ 量子计算 | 第二章
智能机器人 | Robots | 未来制造 | robotics
前沿 | 脑机接口 | Brain-computer interfaces | 未来健康 | = 脑机接口技术, ~ robots
"""


def table(plan):
    return address(plan, "tracks", plan.pk)


def send(client, plan, button="_save", **changes):
    """Change cells of the table as a browser would and press a button."""
    data = read_form(client, table(plan)) | changes | {button: "1"}
    return client.post(table(plan), data, follow=True)


def rows_of(response):
    return [row for row in response.context["formset"].forms if row.has_changed()]


def resend(client, response, button="_save", **changes):
    """Press a button on a page that was answered with errors."""
    data = FormReader(response.content.decode()).fields | changes | {button: "1"}
    return client.post(response.request["PATH_INFO"], data, follow=True)


def test_pasted_lines_become_tracks_with_their_mappings(editor_client):
    source = make_source()
    plan = make_plan(document=make_document(sources=[source]))

    preview = send(editor_client, plan, "_read", lines=LINES)

    assert Track.objects.filter(plan=plan).count() == 0
    assert [row.errors for row in rows_of(preview)] == [{}, {}, {}]
    assert "⊃ Quantum computing (broader)" in preview.content.decode()
    saved = resend(editor_client, preview, change_reason="Read today")

    first, second, third = plan.tracks.order_by("order")
    assert [t.tier for t in (first, second, third)] == ["priority", "priority", "exploratory"]
    assert (first.name_zh, first.name_en) == ("量子信息", "Quantum information")
    assert (first.locator, first.confidence) == ("第二章", "verified")
    assert list(first.sources.all()) == [source]
    assert first.slug == f"{plan.slug}--quantum-information"
    pairs = third.technology_mappings.values_list("technology__slug", "match", "basis")
    assert list(pairs) == [
        ("brain-computer-interface-technology", "exact", "stated"),
        ("robots", "related", "analyst"),
    ]
    [newest, *_older] = revisions_of(plan)
    assert (newest.note, newest.user.username) == ("Read today", "contributor")
    assert len(newest.snapshot["parts"]["tracks"]) == 3
    assert any("2 tracks have no locator" in text for text in texts(saved))


def test_a_line_that_is_not_understood_is_mended_in_place(editor_client):
    plan = make_plan()
    lines = "宏伟 | 量子 | Quantum | 未来信息, 玄学 | ~ quantum computng\n重点 | 光子 | Photonics"

    preview = send(editor_client, plan, "_read", lines=lines)
    broken, good = rows_of(preview)

    assert set(broken.errors) == {"tier", "fields_typed", "technologies_typed"}
    assert "Did you mean: Quantum computing" in str(broken.errors["technologies_typed"])
    assert good.errors == {}
    page = preview.content.decode()
    for typed in ("宏伟", "未来信息, 玄学", "~ quantum computng"):
        assert typed in page
    again = resend(editor_client, preview)
    assert plan.tracks.count() == 0
    resend(
        editor_client,
        again,
        **{
            "tracks-0-tier": "area",
            "tracks-0-fields_typed": "未来信息",
            "tracks-0-technologies_typed": "~ quantum computing",
        },
    )
    assert set(plan.tracks.values_list("name_zh", flat=True)) == {"量子", "光子"}


def test_without_a_source_new_tracks_are_to_be_verified(editor_client):
    plan = make_plan()
    preview = send(editor_client, plan, "_read", lines="重点 | 光子 | Photonics")

    resend(editor_client, preview, source="")

    track = plan.tracks.get()
    assert (track.confidence, track.sources.count()) == ("recalled", 0)


def test_tracks_to_be_verified_are_confirmed_together(editor_client):
    source = make_source()
    plan = make_plan(document=make_document(sources=[source]))
    tracks = [make_track(plan=plan, confidence="recalled") for _number in range(2)]

    send(editor_client, plan, confirm="on")

    for track in tracks:
        track.refresh_from_db()
        assert (track.confidence, list(track.sources.all())) == ("verified", [source])


def test_pasted_lines_that_nobody_looked_at_are_read_not_lost_on_save(editor_client):
    plan = make_plan()

    answer = send(editor_client, plan, "_save", lines="重点 | 光子 | Photonics")

    assert plan.tracks.count() == 0
    assert [row["name_zh"].value() for row in rows_of(answer)] == ["光子"]


def test_the_table_that_is_saved_unchanged_makes_no_version(editor_client):
    plan = make_plan(tracks=4)
    before = len(revisions_of(plan))

    send(editor_client, plan)

    assert len(revisions_of(plan)) == before


def test_a_row_changes_moves_and_goes(reviewer_client):
    plan = make_plan(tracks=3)
    first, second, _third = plan.tracks.order_by("order")
    technologies = {t.slug: t for t in Technology.objects.all()}
    for order, slug in enumerate(("robots", "bionic-robots"), 1):
        TrackTechnologyMapping.objects.create(
            track=first, technology=technologies[slug], order=order, basis="stated", match="related"
        )
    history.record(plan, Action.EDITED)

    send(
        reviewer_client,
        plan,
        **{
            "tracks-0-name_zh": second.name_zh,
            "tracks-0-technologies_typed": "⊂ 仿生机器人, = embodied AI",
            "tracks-1-name_zh": first.name_zh,
            "tracks-1-locator_zh": "Part 2",
            "tracks-2-remove": "on",
            "tracks-2-name_zh": "",
        },
    )

    now_first, now_second = plan.tracks.order_by("order")
    assert (now_first.pk, now_first.name_zh) == (first.pk, second.name_zh)
    assert (now_second.name_zh, now_second.locator) == (first.name_zh, "Part 2")
    assert now_first.slug == first.slug
    rows = now_first.technology_mappings.values_list("technology__slug", "match", "basis", "order")
    assert list(rows) == [
        ("bionic-robots", "narrower", "stated", 1),
        ("embodied-intelligence", "exact", "stated", 2),
    ]


def test_a_name_twice_in_a_tier_is_refused(editor_client):
    plan = make_plan(tracks=2)
    first = plan.tracks.order_by("order").first()

    answer = send(editor_client, plan, **{"tracks-1-name_zh": first.name_zh})

    assert "already has a track of this name and role" in answer.content.decode()
    assert plan.tracks.filter(name_zh=first.name_zh).count() == 1


def test_a_track_that_others_stand_within_is_not_removed(editor_client):
    plan = make_plan(tracks=1)
    parent = plan.tracks.get()
    make_track(plan=plan, parent=parent, order=999)

    answer = send(editor_client, plan, **{"tracks-0-remove": "on"})

    assert "stand within one that would be removed" in answer.content.decode()
    assert plan.tracks.count() == 2


def test_who_comes_second_is_told_and_overwrites_nobody(editor_client, administrator_client):
    plan = make_plan(tracks=2)
    data = read_form(editor_client, table(plan)) | {"tracks-0-name_en": "Mine", "_save": "1"}
    send(administrator_client, plan, **{"tracks-1-name_en": "Theirs"})

    # Sent twice: neither time what the other has saved is lost.
    for _time in range(2):
        answer = editor_client.post(table(plan), data)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "administrator" in page
        assert "Mine" in page
        assert "Theirs" in page
        assert not plan.tracks.filter(name_en="Mine").exists()
        assert plan.tracks.filter(name_en="Theirs").exists()

    proposal = Proposal.objects.of(plan).first()
    last = Revision.objects.of(plan).first()
    address = reverse("admin:publishing_proposal_change", args=[proposal.pk])
    editor_client.post(address, {"_take": "1", "last_revision": last.pk})

    assert set(plan.tracks.values_list("name_en", flat=True)) == {"Mine", "Theirs"}


@pytest.mark.long
def test_thirty_tracks_cost_no_more_queries_than_three(editor_client):
    few, many = make_plan(tracks=3), make_plan(tracks=30)
    counts = {}
    for plan in (few, many):
        editor_client.get(table(plan))
        data = read_form(editor_client, table(plan))
        rows = int(data["tracks-TOTAL_FORMS"][0]) - 3
        data |= {f"tracks-{n}-locator_zh": f"II.{n}" for n in range(rows)}
        data |= {f"tracks-{n}-technologies_typed": "~ robots" for n in range(rows)}
        with CaptureQueriesContext(connection) as shown:
            editor_client.get(table(plan))
        with CaptureQueriesContext(connection) as saved:
            editor_client.post(table(plan), data | {"_save": "1"})
        assert plan.tracks.filter(locator_zh="").count() == 0
        counts[plan] = len(shown), len(saved)

    assert counts[many] == counts[few]
    # Two of them ask who else has it open.
    assert counts[many][0] <= 17
    assert counts[many][1] <= 63


def test_a_published_plan_gets_a_proposal(editor_client):
    plan = make_plan(published=True)
    track = make_track(plan=plan, name_en="Old")
    lines = "重点 | 光子 | Photonics | 未来信息 | ~ robots"

    preview = send(editor_client, plan, "_read", lines=lines, **{"tracks-0-name_en": "New"})
    assert "becomes a proposal" in preview.content.decode()
    answer = resend(editor_client, preview, change_reason="As corrected in print")

    track.refresh_from_db()
    assert (track.name_en, plan.tracks.count()) == ("Old", 1)
    proposal = Proposal.objects.of(plan).get()
    assert proposal.note == "As corrected in print"
    assert address(proposal, "change", proposal.pk) == answer.request["PATH_INFO"]
    approve(proposal, user=get_user_model().objects.get(username="reviewer"))
    track.refresh_from_db()
    assert track.name_en == "New"
    added = plan.tracks.get(name_zh="光子")
    assert [row.match for row in added.technology_mappings.all()] == ["related"]


def test_a_table_that_is_sent_twice_is_saved_once(editor_client):
    plan = make_plan(tracks=1)
    preview = send(editor_client, plan, "_read", lines="重点 | 光子 | Photonics | 未来信息 |")
    data = FormReader(preview.content.decode()).fields | {"_save": "1"}

    first, second = (editor_client.post(table(plan), data) for _time in range(2))

    assert first.status_code == second.status_code == 302
    assert texts(editor_client.get(second["Location"]))[-1] == "Nothing in the record was changed."
    assert plan.tracks.filter(name_zh="光子").count() == 1
    assert not Proposal.objects.of(plan).exists()


def test_a_row_that_somebody_else_entered_without_a_source_is_read_in_that_of_the_second(
    editor_client, administrator_client
):
    plan = make_plan(tracks=1)
    source = make_source()
    plan.document.sources.add(source)
    line = "重点 | 光子 | Photonics | 未来信息 |"
    preview = send(editor_client, plan, "_read", lines=line)
    data = FormReader(preview.content.decode()).fields | {"_save": "1", "source": source.pk}
    theirs = send(administrator_client, plan, "_read", lines=line)
    resend(administrator_client, theirs, source="")

    editor_client.post(table(plan), data)

    proposal = Proposal.objects.of(plan).get()
    [track] = [t for t in proposal.snapshot["parts"]["tracks"] if t["fields"]["name_zh"] == "光子"]
    assert track["fields"]["confidence"] == "verified"
    assert [source.slug] in [list(key) for key in track["fields"]["sources"]]


def test_a_row_whose_track_was_removed_meanwhile_is_said(editor_client, administrator_client):
    plan = make_plan(tracks=2)
    data = read_form(editor_client, table(plan)) | {"tracks-0-name_en": "Mine", "_save": "1"}
    gone = plan.tracks.get(pk=data["tracks-0-track"][0])
    send(administrator_client, plan, **{"tracks-0-remove": "on"})

    page = editor_client.post(table(plan), data).content.decode()

    assert f"Somebody removed this meanwhile: {gone.name_zh}." in page
    assert "Mine" in page
    assert plan.tracks.count() == 1


def test_a_track_that_visitors_know_stays(editor_client):
    plan = make_plan(published=True)
    make_track(plan=plan)

    answer = send(editor_client, plan, **{"tracks-0-remove": "on"})

    assert "so they stay" in answer.content.decode()
    assert not Proposal.objects.of(plan).exists()


def test_the_page_is_for_those_who_may_change_the_plan(visitor, editor_client):
    draft = make_plan()

    assert visitor.get(table(draft)).status_code == 302
    assert table(draft) in editor_client.get(change_page(draft)).content.decode()
    assert editor_client.get(address(draft, "tracks", 0)).status_code == 302


@pytest.mark.parametrize("value", ["x", "-1", "9999999", ""])
def test_a_broken_form_is_no_error_of_the_server(editor_client, value):
    plan = make_plan(tracks=1)

    for name in ("tracks-TOTAL_FORMS", "tracks-0-track", "tracks-0-order", "base", "source"):
        assert send(editor_client, plan, **{name: value}).status_code == 200
    assert Revision.objects.of(plan).exists()
