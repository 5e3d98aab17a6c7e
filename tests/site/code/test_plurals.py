"""One text is said either alone or with a number: in a catalogue it is one entry, of one kind.

Python up to 3.11.4 finds an entry with plurals only for a text that is said with a number.
"""

import ast
import re
from pathlib import Path

import polib
import pytest

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
CODE = [
    path for room in ("catalog", "futureind", "regions") for path in (ROOT / room).rglob("*.py")
]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))
SAID = {"_": 0, "gettext": 0, "gettext_lazy": 0, "pgettext": 1, "pgettext_lazy": 1}
CONTEXT = re.compile(r'context "([^"]*)"')
TRANSLATE = re.compile(r'{%\s*translate\s+"([^"]*)"([^%]*)%}')
BLOCK = re.compile(r"{%\s*blocktranslate\b([^%]*)%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)


def said_in_code(path):
    """Yield ``(context, text)`` of what a module says without a number."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAID:
            texts = [getattr(one, "value", None) for one in node.args]
            place = SAID[node.func.id]
            if len(texts) > place:
                yield texts[0] if place else None, texts[place]


def context_of(options):
    found = CONTEXT.search(options)
    return found[1] if found else None


def said_in_template(path):
    """Yield ``(context, text)`` of what a template says without a number."""
    source = path.read_text(encoding="utf-8")
    for text, options in TRANSLATE.findall(source):
        yield context_of(options), text
    for options, text in BLOCK.findall(source):
        if "{% plural %}" not in text:
            lines = (
                " ".join(map(str.strip, text.strip().splitlines()))
                if "trimmed" in options
                else text
            )
            yield context_of(options), re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", lines)


def test_no_text_is_said_both_alone_and_with_a_number():
    alone = {said for path in CODE for said in said_in_code(path)}
    alone |= {said for path in TEMPLATES for said in said_in_template(path)}
    with_number = {
        (entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE)) if entry.msgid_plural
    }

    assert len(alone) > 1000
    assert len(with_number) > 100
    assert not alone & with_number
