"""The Chinese interface: complete, well formed, and all that Chinese pages show."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.apps import apps

from futureind.publishing.models.sources import Source

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = sorted((ROOT / "locale").glob("zh_Hans/LC_MESSAGES/*.po"))
ENTRIES = [entry for path in CATALOGUES for entry in polib.pofile(str(path))]

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%|<[^>]+>")
HALF_WIDTH = re.compile(r"[一-鿿”）》][,;:!?()]|[,;:!?()][一-鿿“（《]|[一-鿿”）》]\.(?!\w)")
SPACE_BESIDE_LATIN = re.compile(r"[一-鿿] +[A-Za-z0-9]|[A-Za-z0-9] +[一-鿿]")
# What Django says in the same place and for the same thing, in other words.
SAME_AS_DJANGO = {
    *("English", "This field is required.", ", ", "Log out", "View on site"),
    "Delete selected %(verbose_name_plural)s",
}
# One word for one thing: what is not said, and what is said in its place.
TERMS = {
    "撤回": "撤下",
    "有效性": "时效性",
    "六大领域": "六大方向",
    "上海时间": "北京时间",
    "在录": "已收录",
    "内容不全": "部分查阅",
    "内容完整": "全文查阅",
    "更宽": "上位",
    "更窄": "下位",
    "匹配": "表述对应",
    "区域组合": "区域板块",
    "取回": "获取",
    "批准": "核准",
    "落实链": "贯彻落实情况",
    "响应指": "落实文件指",
    "层级名称": "定位名称",
    "版次": "期号",
}
# Six words in a row are a sentence that nobody translated, not a name or a licence.
ENGLISH_SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){5,}[A-Za-z]+")

PAGES = {
    "/zh-hans/": 200,
    "/zh-hans/documents/?field=future-information&status=in-force&in_force_on=2026-01-01": 200,
    "/zh-hans/documents/?issued_after=yesterday&field=none&sort=none": 400,
    "/zh-hans/documents/future-industries-opinions-2024/": 200,
    "/zh-hans/plans/?region=jiangsu": 200,
    "/zh-hans/documents/hangzhou-future-industries-2025-2026/": 200,
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
    assert not [text for text in texts if SPACE_BESIDE_LATIN.search(text) and "|" not in text]
    assert not [text for text in bare if ENGLISH_SENTENCE.search(text)]
    assert not [text for text in bare if not re.search(r"[一-鿿：、；，]", text)]


def test_no_text_is_shared_with_another_package_in_another_sense():
    """A text of ours replaces theirs in the whole admin: in another sense it needs a context."""
    folders = [Path(apps.get_app_config("auth").path).parents[1] / "conf/locale"]
    folders += [Path(app.path) / "locale" for app in apps.get_app_configs()]
    theirs = {}
    for folder in folders:
        for path in [*folder.glob("zh_Hans/**/django.po"), *folder.glob("zh_CN/**/django.po")]:
            for entry in polib.pofile(str(path)):
                theirs.setdefault((entry.msgctxt, entry.msgid), set()).add(
                    entry.msgstr or next(iter(entry.msgstr_plural.values()), "")
                )
    assert len(theirs) > 500
    shared = [e for e in ENTRIES if (e.msgctxt, e.msgid) in theirs]
    assert [
        entry.msgid
        for entry in shared
        if entry.msgid not in SAME_AS_DJANGO
        and not {chinese for _english, chinese in pairs(entry)} & theirs[None, entry.msgid]
    ] == []


@pytest.mark.parametrize("word", TERMS)
def test_one_thing_has_one_name(word):
    texts = [chinese for entry in ENTRIES for _english, chinese in pairs(entry)]
    assert not [text for text in texts if word in text], f"say {TERMS[word]}"


def test_a_field_is_a_direction_and_never_a_domain():
    """The text of January 2024 has 六大方向; 领域 is what a plan calls its widest tracks."""
    fields = [e for e in ENTRIES if re.search(r"\bfields?\b", e.msgid, re.IGNORECASE)]
    assert len(fields) > 40
    assert not [e.msgid for e in fields if re.search("(?<!细分)领域", e.msgstr)]


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


# What a civil servant reads there, and what must not stand there.
WORDS = {
    "/zh-hans/fields/future-energy/": ("代码", "验证码"),
    "/zh-hans/regions/hunan/": ("行政区划代码", "验证码"),
    "/zh-hans/diffusion/?product=brain-computer-interfaces": ("查看“脑机接口”介绍", "文件属性"),
    "/zh-hans/gaps/?product=brain-computer-interfaces": ("查看“脑机接口”介绍", "文件属性"),
    "/zh-hans/changes/": ("全部", "合计"),
    "/zh-hans/": ("未来制造", ">制造<"),
    "/zh-hans/documents/?level=national": ("等8部门", "另有7家"),
    "/zh-hans/documents/": ("时效性", "有效性"),
    "/zh-hans/targets/": ("目标表述", "原文表述"),
    "/zh-hans/timeline/": ("北京时间", "上海时间"),
    "/zh-hans/indicators/": ("计量单位：", "架. "),
    "/zh-hans/matrix/": ("部分查阅", "内容不全"),
    "/zh-hans/tracks/": ("规划定位", "层级</th>"),
}


@pytest.mark.parametrize("address", WORDS)
def test_a_chinese_page_says_it_as_officials_do(visitor, address):
    html = visitor.get(address).content.decode()
    said, unsaid = WORDS[address]
    assert said in html
    assert unsaid not in html


def test_chinese_has_the_word_of_the_text_for_a_number_once(visitor):
    page = re.sub(r"<[^>]+>", "", visitor.get("/zh-hans/targets/?q=5000亿元").content.decode())
    assert "5000亿元左右" in page
    assert "约5000亿元" not in page


@pytest.mark.parametrize("address", [a for a in PAGES if PAGES[a] == 200 and "zh-hans" in a])
def test_no_half_width_sign_stands_between_chinese_words(visitor, address):
    html = visitor.get(address, headers={"accept-language": "zh-CN,zh;q=0.9"}).content.decode()
    joined = [text for text in ChineseTexts(html).texts if re.search(r"[一-鿿][.,;:!?]( |$)", text)]
    assert not joined


def test_a_source_names_the_language_of_its_publisher():
    text = Source(language="zh", publisher="GlobalTechMap")
    assert (text.lang, text.publisher_lang) == ("zh-Hans", "en")
    assert Source(language="zh", publisher="C114（转载）").publisher_lang == "zh-Hans"
