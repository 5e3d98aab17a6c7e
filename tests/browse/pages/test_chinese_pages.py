"""Chinese pages hold no English but official names, codes, and what is marked as English."""

import re
from collections import defaultdict
from functools import cache

import pytest
from django.apps import apps
from django.db.models import CharField, TextField
from django.utils.translation import override

from tests.public_views import RECORDS, addresses_of_one_page
from tests.site.test_crawl import Page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# A word: two letters at least, with a small one; what is all capitals is an abbreviation.
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*[a-z][A-Za-z]*")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
# Names that are the same in every language; the search box shows that it reads both.
NAMES = {"English", "Atom", "axe", "humanoid", "iCalendar", "robots"}
# Columns that are printed as they are, whatever their language.
NOT_OURS = {"quotation", "title", "publisher", "letter_code"}
# Of each kind so many records.
RECORDS_READ = 4
BEHIND = [
    "documents/future-industries-opinions-2024/cascade/",
    "diffusion/?product=humanoid-robots",
    "diffusion/?technology=brain-computer-interface-technology",
    "gaps/?region=hunan",
    "gaps/?product=humanoid-robots",
    "compare/?region=beijing&region=shanghai",
    "search/?q=量子",
    "changes/?first_load=shown",
    "documents/?page=none",
    "nowhere/",
]


@cache
def words_in_chinese_texts():
    """Return the Latin words that editors wrote into Chinese texts: official names, units."""
    found = set()
    for model in apps.get_models():
        if model._meta.app_label not in ("catalog", "regions", "publishing"):
            continue
        columns = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField)
            and (field.name.endswith("_zh") or field.name in NOT_OURS)
        ]
        for row in model._base_manager.values_list(*columns) if columns else ():
            found.update(WORD.findall(" ".join(filter(None, row))))
    return frozenset(found)


def addresses():
    with override("zh-hans"):
        records = [
            record.get_absolute_url().removeprefix("/zh-hans/")
            for model in RECORDS.values()
            for record in model.objects.public()[:RECORDS_READ]
        ]
    return [*addresses_of_one_page(), *records, *BEHIND]


def test_chinese_pages_hold_no_word_of_english(visitor):
    known, stray = words_in_chinese_texts() | NAMES, defaultdict(list)
    for address in addresses():
        html = visitor.get(f"/zh-hans/{address}").content.decode()
        page = Page(html)
        for text in [*page.own, page.title]:
            for word in set(WORD.findall(ADDRESS.sub(" ", text))) - known:
                stray[word, " ".join(text.split())[:80]].append(address)

    assert not stray, "\n".join(
        f"{found[0]}: {word} in {text!r}" for (word, text), found in stray.items()
    )
