"""The editors' guide: in the admin, in both languages, with its pictures."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

GUIDES = {"en": "For editors", "zh-hans": "编辑指南"}
LARGEST_PICTURE = 200_000


def read(client, language):
    client.cookies["django_language"] = language
    return client.get("/admin/guide/").content.decode()


@pytest.mark.parametrize(("language", "title"), GUIDES.items())
def test_the_guide_is_shown_in_the_language_of_its_reader(editor_client, language, title):
    html = read(editor_client, language)

    assert f"<h1>{title}</h1>" in html
    assert "<table>" in html
    assert "../static/" not in html


@pytest.mark.parametrize("language", GUIDES)
def test_its_pictures_exist_are_described_and_are_small(editor_client, language):
    pictures = re.findall(
        r'<img src="/static/([^"]+)" alt="([^"]*)"', read(editor_client, language)
    )

    assert len(pictures) == 4
    for path, description in pictures:
        found = finders.find(path)
        assert found, path
        assert description, path
        assert Path(found).stat().st_size < LARGEST_PICTURE


def test_both_languages_have_the_same_chapters(editor_client):
    chapters = [read(editor_client, language).count("<h2>") for language in GUIDES]

    assert chapters[0] == chapters[1] > 10


def parts_of(chapter):
    """Return what a chapter holds whatever its language: items of lists, code, pictures."""
    return (
        len(re.findall(r"^(?:- |\d+\. )", chapter, re.MULTILINE)),
        len(re.findall(r"^\|", chapter, re.MULTILINE)),
        sorted(set(re.findall(r"`([^`\n]+)`", chapter))),
        chapter.count("!["),
    )


def test_every_chapter_says_in_chinese_what_it_says_in_english():
    english, chinese = (
        (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8").split("\n## ")
        for name in ("editors.md", "editors.zh.md")
    )

    for one, other in zip(english, chinese, strict=True):
        assert parts_of(one) == parts_of(other), one.partition("\n")[0]
        # Chinese says it in some third of the letters; half of that is a part left out.
        assert len(other) > len(one) / 6, one.partition("\n")[0]


def test_every_page_of_the_admin_leads_to_it(editor_client):
    assert 'href="/admin/guide/"' in editor_client.get("/admin/").content.decode()
