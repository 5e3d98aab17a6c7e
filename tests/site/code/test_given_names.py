"""Templates of our own fail in tests on a name that nobody gave; see tests/given_names.py."""

import pytest
from django.conf import settings
from django.template import Context, Engine, Origin, Template

from tests.given_names import NameNotGivenError

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

OWN = Origin(f"{settings.BASE_DIR}/templates/some.html", "some.html")
FOREIGN = Origin("/elsewhere/templates/some.html", "some.html")


def shown(source, origin=OWN, **given):
    return Template(source, origin, engine=Engine.get_default()).render(Context(given))


@pytest.mark.parametrize(
    "source",
    [
        "{{ document }}",
        "{{ document.title }}",
        "{{ document|default:3 }}",
        "{{ 3|add:document }}",
        "{% if document %}{% endif %}",
        "{% if not document or 1 == document %}{% endif %}",
        "{% for one in document %}{% endfor %}",
        "{% with name=document %}{% endwith %}",
        "{% firstof document 1 %}",
        "{% load tracker %}{% unverified document 'title' %}",
        "{% load i18n %}{% blocktranslate %}{{ document }}{% endblocktranslate %}",
        "{% include '_other.html' with text=document only %}",
        "{% include '_other.html' %}",
    ],
)
def test_a_name_that_nobody_gave_fails(source):
    with pytest.raises(NameNotGivenError, match=r"document|text"):
        shown(source)


def test_so_does_a_part_that_a_thing_does_not_have():
    with pytest.raises(NameNotGivenError, match="titel"):
        shown("{% if document.titel %}{% endif %}", document={"title": "one"})


def test_what_is_not_on_record_may_be_asked_for_its_parts():
    assert shown("{% if check.day %}{{ check.day }}{% endif %}{{ check.day }}", check=None) == ""


def test_templates_of_libraries_may_count_on_empty_names():
    assert shown("{% if document %}{{ document }}{% endif %}{{ document }}", FOREIGN) == ""


def test_names_made_in_a_template_are_given():
    source = "{% load i18n %}{% for one in all %}{% blocktranslate with n=one %}{{ n }}{{ one }}"
    source += "{% endblocktranslate %}{{ forloop.counter }}{% endfor %}"

    assert shown(source, all=[7, 8]) == "771882"
