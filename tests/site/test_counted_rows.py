"""Numbers in headings: each carries what it counts, and equals the rows that stand beneath it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from catalog.models import Technology
from catalog.models.mappings import Match
from regions.models import TrackTechnologyMapping
from tests.chance import every
from tests.site.counted_rows import contradictions

pytestmark = pytest.mark.one_database

TEMPLATES = Path(settings.BASE_DIR) / "templates"
HEADING = re.compile(r"<(h[1-6]|summary|dt)\b.*?</\1>", re.DOTALL)
NUMBER = re.compile(r"\|length|count n=|\bfigure\b|_count\b|count_text|\.(number|numbers|total)\b")
# Numbers of rows nowhere: of ticks in the group itself, and of kinds in a number that is marked.
NO_ROWS = ['<span class="ticked">', "sides|length"]
LANGUAGES = ["en", "zh-hans"]
PAGES = [
    "documents/future-industries-opinions-2024/cascade/",
    "documents/?region=shanghai",
    "matrix/?columns=technologies&rows=groups",
    "matrix/?region=shanghai",
    "compare/?region=beijing&region=shanghai&region=hunan",
    "diffusion/",
    "diffusion/?field=future-energy",
    "gaps/?region=hunan",
    "gaps/?field=future-energy",
    "timeline/",
    "timeline/?scale=month",
    "search/?q=quantum",
    "coverage/",
    "changes/?first_load=shown",
    "targets/?due_before=2025-12-31&page=2",
]


def page_of(heading, rows):
    items = "<li>one</li>" * rows
    return f"<section><h2>Texts {heading}</h2><p>So.</p><ul data-rows>{items}</ul></section>"


def test_a_count_over_other_rows_is_found():
    assert contradictions(page_of('<span data-count="2">2</span>', 2)) == []
    assert contradictions(page_of('<span data-count="0">0</span>', 19)) == [
        "“0” (0 shown) over 19 rows"
    ]


def test_of_a_part_only_what_is_shown_must_stand_there():
    assert contradictions(page_of('<span data-count="40" data-shown="12">40</span>', 12)) == []
    assert contradictions(page_of('<span data-count="40">40</span>', 12)) != []


def test_a_count_of_nothing_needs_no_rows_but_another_does():
    alone = '<h2><span data-count="{0}">{0}</span></h2><p>None on record.</p>'

    assert contradictions(alone.format(0) + page_of("", 3)) == []
    assert contradictions(alone.format(4) + page_of("", 4)) != []


def test_a_heading_that_says_another_number_than_it_carries_is_found():
    assert contradictions(page_of('<span data-count="2">3</span>', 2)) != []


@pytest.mark.parametrize("language", every(2, LANGUAGES))
@pytest.mark.parametrize("path", PAGES)
def test_counts_equal_their_rows(visitor, language, path):
    html = visitor.get(f"/{language}/{path}").content.decode()

    assert "data-count=" in html
    assert contradictions(html) == []


def test_related_tracks_are_counted_as_they_stand(visitor):
    related = TrackTechnologyMapping.objects.filter(match=Match.RELATED)
    technology = Technology.objects.public().filter(track_mappings__in=related).first()

    assert contradictions(visitor.get(technology.get_absolute_url()).content.decode()) == []


def test_no_template_states_a_number_in_a_heading_by_other_means():
    unmarked = []
    for template in sorted(TEMPLATES.rglob("*.html")):
        if template.relative_to(TEMPLATES).parts[0] == "admin":
            continue
        for found in HEADING.finditer(template.read_text()):
            heading = found[0]
            is_marked = "{% count_of " in heading or "{% counts " in heading
            if NUMBER.search(heading) and not is_marked and not any(n in heading for n in NO_ROWS):
                unmarked.append(f"{template.name}: {heading}")

    assert unmarked == []
