"""Lines of templates: short enough to read, and broken without a trace on the page."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

TEMPLATES = Path(settings.BASE_DIR) / "templates"
LONGEST_LINE = 120


def shown(source, **values):
    return Template("{% load tracker %}" + source).render(Context(values))


def test_no_line_of_a_template_is_too_long_to_read():
    too_long = [
        f"{path.relative_to(TEMPLATES)}:{number}: {len(line)}"
        for path in sorted(TEMPLATES.rglob("*.*"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert too_long == []


def test_every_template_can_be_read():
    for path in sorted(TEMPLATES.rglob("*.html")):
        get_template(str(path.relative_to(TEMPLATES)))


def test_what_is_joined_touches_and_blanks_within_a_line_stay():
    source = """{% joined %}
      {% for name in names %}
        <b>{{ name }}</b> {{ name }}
        {% if not forloop.last %}
          、
        {% endif %}
      {% endfor %}
    {% endjoined %}"""

    assert shown(source, names=["甲", "乙"]) == "<b>甲</b> 甲、<b>乙</b> 乙"


def test_attributes_on_lines_of_their_own_stay_apart_in_what_is_joined():
    source = """{% joined %}
      <a class="one"
         href="{{ address }}"{% if current %}
         aria-current="true"{% endif %}>
        here
      </a>
    {% endjoined %}"""

    assert shown(source, address="/", current=True) == (
        '<a class="one" href="/" aria-current="true">here</a>'
    )
