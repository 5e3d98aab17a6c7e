"""Texts are cleaned at every way in: no control character is ever stored."""

import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from catalog.models import GlossaryTerm, PolicyDocument, Technology
from futureind.core.text_columns import LONGEST_TEXT
from futureind.core.texts import one_line, plain_text
from futureind.exchange import exporting
from futureind.exchange.files.reader import tables_in
from futureind.exchange.kinds import kind_named
from futureind.publishing import history, proposals
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.snapshots import snapshot
from regions.models import Track
from regions.tracks.lines import read_lines
from tests.admin_browser import address, read_form
from tests.factories import make_document, make_plan
from tests.loading.fixture_world import World, empty_database

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
DIRTY = "控制\x0b符\x08试\x1f验"
CLEAN = "控制符试验"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (DIRTY, CLEAN),
        ("第一段。\r\n第二段。\r第三段。", "第一段。\n第二段。\n第三段。"),
        ("one\x0btwo\x0c三", "one two三"),
        ("a\tb", "a b"),
        ("\x85x\x9by\ufffe", "\nxy"),
    ],
)
def test_control_characters_go_and_line_breaks_stay(typed, kept):
    assert plain_text(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("换行\n试验", "换行试验"),
        ("Newline \r\n trial", "Newline trial"),
        ("换试〔2024〕\n1号\n", "换试〔2024〕1号"),
    ],
)
def test_a_column_of_one_line_holds_one_line(typed, kept):
    assert one_line(typed) == kept


@given(st.text(st.characters(categories=("Cc", "Lo", "Cn", "Zs", "Ll"))))
def test_cleaning_twice_is_cleaning_once(text):
    for clean in (plain_text, one_line):
        once = clean(text)
        assert clean(once) == once
        assert not CONTROL.search(once)
    assert "\n" not in one_line(text)


# Ways in


def stored_texts():
    term = GlossaryTerm.objects.latest("pk")
    return term.term_zh, term.definition_zh


@pytest.mark.django_db
def test_by_a_form(editor_client):
    page = address(GlossaryTerm, "add")
    data = read_form(editor_client, page) | {
        "term_en": "Control\x0btrial",
        "term_zh": DIRTY,
        "definition_zh": f"{DIRTY}\r\n{DIRTY}",
        "category": "concept",
        "slug": "control-trial",
    }
    assert editor_client.post(page, data).status_code == 302

    assert stored_texts() == (CLEAN, f"{CLEAN}\n{CLEAN}")
    assert GlossaryTerm.objects.latest("pk").term_en == "Control trial"


@pytest.mark.django_db
def test_by_a_proposal():
    document = make_document(published=True)
    people = get_user_model().objects
    held = snapshot(document)
    held["fields"] |= {"title_zh": DIRTY, "summary_zh": f"{DIRTY}\n{DIRTY}"}
    [base] = Revision.objects.of(document)[:1]
    [proposal] = proposals.propose_all(
        [(document, held, base.pk)], people.get(username="contributor"), "", Origin.EDITOR
    )

    proposals.approve(proposal, user=people.get(username="reviewer"))

    document.refresh_from_db()
    assert (document.title_zh, document.summary_zh) == (CLEAN, f"{CLEAN}\n{CLEAN}")


def test_by_pasted_lines():
    [line] = read_lines(f"重点 | 控\x08制\x1f符 | Control{chr(127)} trial")

    assert (line.name_zh, line.name_en) == ("控制符", "Control trial")


@pytest.mark.django_db
def test_by_the_table_of_tracks(editor_client):
    plan = make_plan()
    page = reverse("admin:regions_regionalplan_tracks", args=[plan.pk])
    data = read_form(editor_client, page)
    row = {
        "tier": "priority",
        "name_zh": "控\x08制",
        "name_en": "Con\x1ftrol",
        "locator_zh": "II\x0b3",
    }
    data |= {f"tracks-0-{name}": value for name, value in row.items()}
    editor_client.post(page, data | {"_save": "1"})

    track = Track.objects.get(plan=plan)
    assert (track.name_zh, track.name_en, track.locator) == ("控制", "Control", "II 3")


@pytest.mark.django_db
def test_by_fixtures(tmp_path):
    empty_database()
    world = World(tmp_path)
    fields = world.fields("catalog.technology", "hydrogen-energy")
    fields["name_zh"], fields["description_zh"] = DIRTY, f"{DIRTY}\n{DIRTY}"
    world.load()

    stored = Technology.objects.get(slug="hydrogen-energy")
    assert (stored.name_zh, stored.description_zh) == (CLEAN, f"{CLEAN}\n{CLEAN}")


# Ways out


@pytest.mark.django_db
def test_a_text_that_is_longer_than_a_download_can_hold_is_refused():
    with pytest.raises(ValidationError, match="more than 30000 characters"):
        make_document(summary_zh="字" * (LONGEST_TEXT + 1))


def stored_before(**columns):
    """Return a document that holds what was stored when nobody cleaned texts."""
    document = make_document()
    PolicyDocument.objects.filter(pk=document.pk).update(**columns)
    return document


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_what_was_stored_before_breaks_no_download(editor_client, form):
    stored_before(title_zh=DIRTY, summary_zh=f"a\x00b\ufffe{DIRTY}".replace("\x00", "\x01"))
    query = f"?format={form}&kind=policy-documents"
    answer = editor_client.get(reverse("admin:exchange_import_export") + query)

    assert answer.status_code == 200
    [documents, *_notes] = tables_in(form, answer.content)
    assert CLEAN in [one_line(row["cells"]["title_zh"]) for row in documents.rows]


@pytest.mark.django_db
def test_what_was_stored_before_breaks_no_page_for_visitors(client, editor_client):
    document = stored_before(title_zh=DIRTY)
    history.record(document, Action.EDITED, user=get_user_model().objects.first())

    assert editor_client.get(address(PolicyDocument, "changelist")).status_code == 200


texts_of_forms = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=200
)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_any_text_that_a_form_accepts_is_exported_and_read_again(form):
    kind = kind_named("glossary-terms")

    @hypothesis_settings(deadline=None, max_examples=40)
    @given(texts_of_forms)
    def holds(text):
        term = GlossaryTerm(slug="x", term_en="x", term_zh="x", definition_zh=text.strip())
        term.category = "concept"
        term.clean_fields()
        cells = dict.fromkeys(kind.columns, "") | {
            "slug": "x",
            "definition_zh": term.definition_zh,
            "term_zh": "_x000B_ 甲",
        }
        [table, *_notes] = tables_in(form, exporting.file_of([(kind, [cells])], form))
        again = table.rows[0]["cells"]
        assert again["definition_zh"] == term.definition_zh
        assert again["term_zh"] == "_x000B_ 甲"

    holds()


def test_a_workbook_is_one_for_other_programs_too():
    assert load_workbook(io.BytesIO(exporting.file_of([(kind_named("units"), [])], "xlsx")))
