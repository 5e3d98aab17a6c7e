"""The rules by which browsers fetch the next page ahead: which pages name them, what they allow."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from futureind.browse.answers import SPECULATION_RULES

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def rules():
    return json.loads(Path(finders.find(SPECULATION_RULES)).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", ["/en/", "/zh-hans/documents/", "/en/regions/shanghai/", "/en/matrix/", "/en/data/"]
)
def test_public_pages_name_the_rules(visitor, path):
    named = visitor.get(path).headers["Speculation-Rules"]

    assert named.startswith('"/static/prefetch.')
    assert named.endswith('.speculationrules"')


@pytest.mark.parametrize(
    "path",
    [
        "/admin/login/",
        "/en/documents.json",
        "/en/documents.csv",
        "/en/search/names.json?q=x",
        "/en/documents/no-such-document/",
        "/en/documents/?page=none",
        "/robots.txt",
    ],
)
def test_nothing_else_names_them(visitor, path):
    assert "Speculation-Rules" not in visitor.get(path).headers


def test_the_rules_fetch_ahead_when_a_link_is_pointed_at():
    [rule] = rules()["prefetch"]

    assert rule["eagerness"] == "moderate"
    assert list(rules()) == ["prefetch"]


def test_the_rules_are_sent_under_their_own_type():
    assert settings.WHITENOISE_MIMETYPES[Path(SPECULATION_RULES).suffix] == (
        "application/speculationrules+json"
    )


def test_the_rules_leave_out_search_and_whatever_has_parameters():
    [rule] = rules()["prefetch"]
    wanted, unwanted = rule["where"]["and"]

    # Only addresses of public pages end in a slash beneath a language: no file, no admin.
    assert wanted == {"href_matches": ["/en/", "/en/*/", "/zh-hans/", "/zh-hans/*/"]}
    assert unwanted == {"not": {"href_matches": ["/*/search/*", "/*\\?(.+)"]}}
