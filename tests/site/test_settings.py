"""Settings from the environment: understood, refused with a reason, or unsafe in production.

Each case starts a Python of its own, since settings are read once per process.
"""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.test import RequestFactory

from futureind import deployment
from futureind.checks import check_production
from tests.chance import every

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "k3y-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
PRODUCTION = {
    "SECRET_KEY": GOOD_KEY,
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "DATABASE_URL": "postgres://user:pass@localhost/name",
    "CONTACT_EMAIL": "editors@example.org",
    "PROXY_COUNT": "1",
}


def run(*command, **environment):
    """Run Python with exactly these variables; return its exit code and all that it wrote."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def setting(name, var, **environment):
    """Return what a setting is, as text, under an environment."""
    code = f"from futureind import settings; print(settings.{name})"
    status, output = run("-c", code, VAR_DIR=str(var), **environment)
    assert status == 0, output
    return output.strip()


@pytest.fixture
def var(collected, tmp_path):
    """A VAR_DIR with the static files collected."""
    (tmp_path / "static").symlink_to(collected)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("DEBUG", "ture", "Set it to true or false"),
        ("DATABASE_URL", "mysql://user:hidden@host/name", "postgres://user:password@host"),
        ("DATABASE_URL", "postgres://user:hidden@host:port/name", "percent-encoded"),
        ("DATABASE_URL", "postgres://user:hidden@host/", "lacks the name"),
        ("DATABASE_URL", "sqlite://var/hidden", "too few slashes"),
        ("DATABASE_URL", "$HIDDEN", "Write the value itself"),
        ("SITE_URL", "example.org", "such as https://example.org"),
        ("SITE_URL", "https://example.org/path", "without a path"),
        ("SITE_URL", "https://a.example,https://b.example", "must be one address"),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example,b.example", "such as https://example.org"),
        ("EMAIL_URL", "pigeon://user:hidden@host", "smtp+tls://user:password@host:587"),
        ("LOG_LEVEL", "loud", "Set it to DEBUG, INFO"),
        ("HSTS_SECONDS", "a year", "a whole number"),
        ("VAR_DIR", "manage.py/var", "may write to"),
    ],
)
def test_a_wrong_value_is_refused_with_advice(name, value, advice, tmp_path):
    status, output = run("manage.py", "check", **{"VAR_DIR": str(tmp_path), name: value})

    assert status != 0
    last_line = output.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last_line
    assert name in last_line
    assert advice in last_line
    assert "hidden" not in last_line


def test_a_key_is_generated_once_for_the_owner_only(tmp_path):
    first = setting("SECRET_KEY", tmp_path)
    second = setting("SECRET_KEY", tmp_path)

    kept = tmp_path / "secret_key"
    assert first == second == kept.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_key_with_a_dollar_sign_is_taken_literally(tmp_path):
    assert setting("SECRET_KEY", tmp_path, SECRET_KEY="$PATH") == "$PATH"


def test_no_key_is_generated_in_production(tmp_path):
    assert setting("SECRET_KEY", tmp_path, **{**PRODUCTION, "SECRET_KEY": ""}) == ""
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "False"),
        ({"SITE_URL": "http://localhost:8001"}, "False"),
        ({"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],a.localhost"}, "False"),
        ({"SITE_URL": "https://example.org"}, "True"),
        ({"ALLOWED_HOSTS": "example.org"}, "True"),
        ({"ALLOWED_HOSTS": "localhost,*"}, "True"),
        ({"ALLOWED_HOSTS": "192.0.2.7"}, "True"),
    ],
)
def test_a_site_for_other_machines_is_in_production(environment, expected, tmp_path):
    assert setting("PRODUCTION", tmp_path, **environment) == expected


def test_cookies_and_redirects_are_strict_in_production(tmp_path):
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]

    for name in names:
        assert setting(name, tmp_path, **PRODUCTION) == "True"
        assert setting(name, tmp_path) == "False"
    assert int(setting("SECURE_HSTS_SECONDS", tmp_path, **PRODUCTION)) >= 31_536_000
    assert setting("SECURE_SSL_REDIRECT", tmp_path, **PRODUCTION, SSL_REDIRECT="no") == "False"


def test_the_second_factor_is_required_in_production_alone(tmp_path):
    assert setting("SECOND_FACTOR_REQUIRED", tmp_path, **PRODUCTION) == "True"
    assert setting("SECOND_FACTOR_REQUIRED", tmp_path) == "False"
    assert setting("SECOND_FACTOR_REQUIRED", tmp_path, SECOND_FACTOR="on") == "True"


def test_the_embedded_database_keeps_its_name(tmp_path):
    assert f"'{tmp_path}/futureind.sqlite3'" in setting("DATABASES", tmp_path)


def test_an_sqlite_file_is_relative_to_the_project(tmp_path):
    databases = setting("DATABASES", tmp_path, DATABASE_URL="sqlite:///var/other.sqlite3")

    assert str(ROOT / "var/other.sqlite3") in databases
    assert "IMMEDIATE" in databases
    assert "journal_mode=WAL" in databases


UNSAFE = [
    ({"SECRET_KEY": ""}, "futureind.E001", "SECRET_KEY is not set"),
    ({"SECRET_KEY": "$" + GOOD_KEY}, "futureind.E002", "starts with '$'"),
    ({"SECRET_KEY": "short"}, "futureind.E003", "shorter than 50"),
    ({"SECRET_KEY": "x" * 60}, "futureind.E003", "repeats"),
    ({"ALLOWED_HOSTS": ""}, "futureind.E004", "ALLOWED_HOSTS is empty"),
    ({"ALLOWED_HOSTS": "*"}, "futureind.E005", "any host name"),
    ({"DEBUG": "true"}, "futureind.E006", "DEBUG is on"),
    ({"SITE_URL": "http://example.org"}, "futureind.E007", "not https"),
    ({"SECOND_FACTOR": "off"}, "futureind.E008", "SECOND_FACTOR is off"),
    ({"PROXY_COUNT": ""}, "futureind.E009", "PROXY_COUNT is not set"),
    ({"SITE_URL": "https://example.com"}, "futureind.E010", "not among ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "www.example.org"}, "futureind.E010", "not among ALLOWED_HOSTS"),
]


@pytest.mark.parametrize(("change", "identifier", "reason"), every(4, UNSAFE))
def test_check_deploy_refuses_unsafe_production(change, identifier, reason, tmp_path):
    environment = {"VAR_DIR": str(tmp_path), **PRODUCTION, **change}

    status, output = run("manage.py", "check", "--deploy", **environment)

    assert status == 1
    assert identifier in output
    assert reason in output


# It asks the same checks, so some of them will do.
@pytest.mark.parametrize(("change", "identifier", "reason"), every(2, UNSAFE[::3]))
def test_the_server_refuses_to_start_in_unsafe_production(change, identifier, reason, tmp_path):
    environment = {"VAR_DIR": str(tmp_path), **PRODUCTION, **change}

    status, output = run("-c", "import futureind.wsgi", **environment)

    assert status == 1
    assert "The site does not start" in output
    assert reason in output
    assert identifier in output


@pytest.mark.parametrize(
    ("site_url", "hosts"),
    [
        ("https://example.org", [".example.org"]),
        ("https://example.org", ["EXAMPLE.org"]),
        ("https://example.org:8443", ["example.org"]),
        ("https://[2001:db8::1]", ["[2001:db8::1]"]),
    ],
)
def test_an_address_that_the_hosts_cover_is_no_contradiction(site_url, hosts, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = site_url, hosts

    assert "futureind.E010" not in {message.id for message in check_production(None)}


def test_no_proxies_can_be_said(settings):
    settings.PROXY_COUNT = 0

    assert "futureind.E009" not in {message.id for message in check_production(None)}


def test_safe_production_passes_every_check(var):
    environment = {"VAR_DIR": str(var), **PRODUCTION}

    status, output = run("manage.py", "check", "--deploy", "--fail-level=WARNING", **environment)

    assert status == 0, output
    assert run("-c", "import futureind.wsgi", **environment)[0] == 0


UNWISE = [
    ({"DATABASE_URL": ""}, "futureind.W001"),
    ({"CONTACT_EMAIL": ""}, "futureind.W002"),
    ({"FORWARDED_ALLOW_IPS": "*"}, "futureind.W003"),
]


@pytest.mark.parametrize(("change", "identifier"), every(3, UNWISE))
def test_what_is_unwise_in_production_is_a_warning(change, identifier, tmp_path):
    environment = {"VAR_DIR": str(tmp_path), **PRODUCTION, **change}

    status, output = run("manage.py", "check", "--deploy", "--tag=security", **environment)

    assert status == 0
    assert identifier in output


def test_what_is_unwise_is_said_when_the_server_starts(var):
    unwise = {"CONTACT_EMAIL": "", "FORWARDED_ALLOW_IPS": "*"}
    environment = {"VAR_DIR": str(var), **PRODUCTION, **unwise}

    status, output = run("-c", "import futureind.wsgi", **environment)

    assert status == 0, output
    # The last: readers are served while the database is away, also by a server that starts then.
    for identifier in ("futureind.W002", "futureind.W003", "futureind.W004"):
        assert f"({identifier})" in output


def test_embedded_default_starts(tmp_path):
    assert run("-c", "import futureind.wsgi", VAR_DIR=str(tmp_path))[0] == 0


def test_static_files_are_collected_under_hashed_names(collected):
    assert (collected / "staticfiles.json").exists()
    assert list((collected / "admin" / "css").glob("base.*.css.br"))


def manifest_of(folder):
    return folder / "static" / "staticfiles.json"


def without_static_files(folder):
    pass


def with_a_broken_manifest(folder):
    manifest_of(folder).parent.mkdir()
    manifest_of(folder).write_text("no JSON")


def with_files_of_older_code(folder):
    with_a_broken_manifest(folder)
    manifest_of(folder).write_text('{"version": "1.1", "paths": {"css/site.css": "css/old.css"}}')


@pytest.mark.parametrize(
    "prepare", every(3, [with_files_of_older_code, with_a_broken_manifest, without_static_files])
)
def test_static_files_must_be_collected_in_production(prepare, tmp_path):
    prepare(tmp_path)
    environment = {"VAR_DIR": str(tmp_path), **PRODUCTION}

    checked = run("manage.py", "check", "--deploy", **environment)
    started = run("-c", "import futureind.wsgi", **environment)

    for status, output in (checked, started):
        assert status == 1
        assert "futureind.E011" in output
        assert "Run: manage.py collectstatic --no-input" in output


def test_the_one_static_file_that_changed_since_is_found(collected, settings, monkeypatch):
    settings.STATIC_ROOT = collected
    kept = ManifestStaticFilesStorage(location=collected, base_url="/static/")
    monkeypatch.setattr(deployment, "staticfiles_storage", kept)
    assert deployment.uncollected_files() == []
    sources = deployment.static_sources()
    changed = InMemoryStorage()
    changed.save("img/mark.svg", ContentFile(b"<svg/>"))
    sources["img/mark.svg"] = changed

    monkeypatch.setattr(deployment, "static_sources", lambda: sources)

    assert deployment.uncollected_files() == ["img/mark.svg"]


def through_middleware(name, settings):
    """Return the response that a middleware class makes of an empty page."""
    from django.http import HttpResponse
    from django.utils.module_loading import import_string

    middleware = import_string(f"futureind.middleware.{name}")(lambda request: HttpResponse())
    return middleware(RequestFactory().get("/"))


def test_every_answer_carries_the_whole_content_security_policy(settings):
    response = through_middleware("ContentSecurityPolicyMiddleware", settings)

    assert response["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'"
    )


def test_every_answer_switches_off_unused_browser_features(settings):
    response = through_middleware("PermissionsPolicyMiddleware", settings)

    assert "geolocation=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/no-such-page/", "/static/no-such-file.css", "/admin/login/"])
def test_headers_are_on_errors_and_on_the_admin_too(path, visitor):
    response = visitor.get(path, follow=True)

    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["X-Frame-Options"] == "DENY" or path.startswith("/static/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/en/", "/zh-hans/documents/", "/en/search/?q=x", "/en/nothing/"])
def test_public_pages_are_the_same_for_everybody(path, visitor):
    response = visitor.get(path)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
