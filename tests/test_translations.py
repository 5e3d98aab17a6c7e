"""The Chinese interface: complete, well formed, and all that Chinese pages show."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "locale").glob("zh_Hans/LC_MESSAGES/*.po"))
ENTRIES = [entry for path in CATALOGUES for entry in polib.pofile(str(path))]

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%|<[^>]+>")
HALF_WIDTH = re.compile(r"[一-鿿”）》][,;:!?()]|[,;:!?()][一-鿿“（《]")
# Six words in a row are a sentence that nobody translated, not a name or a licence.
ENGLISH_SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){5,}[A-Za-z]+")

PAGES = {
    "/zh-hans/": 200,
    "/zh-hans/documents/?field=future-information&status=in-force&in_force_on=2026-01-01": 200,
    "/zh-hans/documents/?issued_after=yesterday&field=none&sort=none": 400,
    "/zh-hans/documents/future-industries-opinions-2024/": 200,
    "/zh-hans/plans/?region=jiangsu": 200,
    "/zh-hans/plans/jiangsu-future-industries-2023/": 200,
    "/zh-hans/tracks/?product=humanoid-robots&match=related": 200,
    "/zh-hans/targets/?document=future-industries-opinions-2024&due_before=2027-12-31": 200,
    "/zh-hans/milestones/": 200,
    "/zh-hans/indicators/": 200,
    "/zh-hans/regions/jiangsu/": 200,
    "/zh-hans/products/humanoid-robots/": 200,
    "/zh-hans/technologies/": 200,
    "/zh-hans/coverage/": 200,
    "/zh-hans/methodology/": 200,
    "/zh-hans/accessibility/": 200,
    "/zh-hans/search/?q=%E9%87%8F%E5%AD%90": 200,
    "/zh-hans/no-such-page/": 404,
    "/admin/login/": 200,
}


def pairs(entry):
    """Return ``(English, Chinese)`` of an entry; Chinese has one form for any number."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
    return [(entry.msgid, entry.msgstr)]


def test_the_catalogue_is_complete_and_compiled():
    # One check serves lint and tests: nothing missing, doubtful, left over or not compiled.
    done = subprocess.run(
        [sys.executable, ".ci/check_translations"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_chinese_has_one_plural_form():
    assert CATALOGUES
    for path in CATALOGUES:
        assert polib.pofile(str(path)).metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_placeholders_and_markup_are_kept():
    changed = [
        (english, chinese)
        for entry in ENTRIES
        for english, chinese in pairs(entry)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(chinese))
    ]
    assert not changed


def test_a_singular_names_what_its_plural_names():
    """Both forms get the same Chinese text, so both must have the same placeholders."""
    differ = [
        entry.msgid
        for entry in ENTRIES
        if entry.msgid_plural
        and set(PLACEHOLDER.findall(entry.msgid)) != set(PLACEHOLDER.findall(entry.msgid_plural))
    ]
    assert not differ


def test_chinese_texts_are_chinese():
    texts = [chinese for entry in ENTRIES for _english, chinese in pairs(entry)]
    bare = [PLACEHOLDER.sub("", text) for text in texts]
    assert not [text for text in bare if HALF_WIDTH.search(text)]
    assert not [text for text in bare if ENGLISH_SENTENCE.search(text)]
    assert not [text for text in bare if not re.search(r"[一-鿿：、；，]", text)]


class ChineseTexts(HTMLParser):
    """The texts of a page that are not marked as English, those in attributes included."""

    VOID = {"base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
    SPOKEN = {"alt", "aria-label", "data-label", "placeholder", "title"}
    SILENT = {"script", "style"}

    def __init__(self, html):
        super().__init__()
        self.languages = [("", "")]
        self.texts = []
        self.feed(html)

    def add(self, text, tag, language):
        if text and text.strip() and tag not in self.SILENT and not language.startswith("en"):
            self.texts.append(" ".join(text.split()))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        language = found.get("lang") or self.languages[-1][1]
        for name in self.SPOKEN & found.keys():
            self.add(found[name], tag, language)
        if tag == "input" and found.get("type") == "submit":
            self.add(found.get("value"), tag, language)
        if tag not in self.VOID:
            self.languages.append((tag, language))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        # An element closed by a later one, such as li, ends with it.
        while len(self.languages) > 1 and self.languages.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.add(data, *self.languages[-1])


def interface_words():
    """Return the English texts of the interface: whole ones, and phrases found within others."""
    plain = {e.msgid for e in ENTRIES if not PLACEHOLDER.search(e.msgid)}
    whole = {text.strip(" .:").casefold() for text in plain if re.search(r"[A-Za-z]", text)}
    phrases = sorted(text for text in whole if " " in text)
    return whole, re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")(?!\w)")


@pytest.mark.parametrize("address", PAGES)
def test_a_chinese_page_shows_no_english_interface(visitor, address):
    response = visitor.get(address, headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert response.status_code == PAGES[address]
    texts = ChineseTexts(response.content.decode()).texts
    assert any(re.search(r"[一-鿿]", text) for text in texts)
    whole, phrases = interface_words()
    english = [
        text
        for text in texts
        if text.strip(" .:·→←").casefold() in whole
        or phrases.search(text.casefold())
        or ENGLISH_SENTENCE.search(text)
    ]
    assert not english
