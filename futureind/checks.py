"""What would be unsafe in production.

``manage.py check --deploy --database default`` reports it on every machine; where the site is in
production (PRODUCTION in the settings) the WSGI server refuses to start while an error is left, and
says what it warns of. docs/operations.md lists all of it.
"""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http.request import split_domain_port, validate_host

from futureind.deployment import has_former_layout, unapplied_migrations, uncollected_files

SECRET_KEY_LENGTH = 50

logger = logging.getLogger(__name__)


def check_production(app_configs, **options):
    """Return errors for settings that are unsafe in production, warnings for unwise ones."""
    return [
        *_check_secret_key(),
        *_check_hosts(),
        *_check_debug(),
        *_check_site_url(),
        *_check_proxies(),
        *_check_database(),
        *_check_contact(),
        *_check_second_factor(),
    ]


def check_static_files(app_configs, **options):
    """Return an error where static files are not collected, or those of older code."""
    try:
        missing = uncollected_files()
    except ValueError as error:
        problem = f"The collected static files cannot be read ({error})."
    else:
        if not missing:
            return []
        problem = f"Static files are not collected, or are of older code: {', '.join(missing[:3])}"
        problem += f" and {len(missing) - 3} more." if len(missing) > 3 else "."
    return [
        Error(problem, hint="Run: manage.py collectstatic --no-input", id="futureind.E011"),
    ]


def check_migrations(app_configs, databases=None, **options):
    """Return an error where the database lacks migrations of this code."""
    if not databases:
        return []
    try:
        missing = unapplied_migrations()
    except DatabaseError as error:
        # Readers of a site that starts anew meanwhile get what can be had.
        reason = str(error).strip().partition("\n")[0]
        return [
            Warning(
                f"The database cannot be asked whether all migrations are applied ({reason}).",
                hint="See that it runs, and that DATABASE_URL names it.",
                id="futureind.W004",
            )
        ]
    if not missing:
        return []
    return [
        Error(
            f"The database lacks migrations of this code: {len(missing)}, from {missing[0]} on.",
            hint="Run: manage.py migrate",
            id="futureind.E012",
        )
    ]


def check_layout(app_configs, databases=None, **options):
    """Return an error where the database was migrated before the apps had their own labels."""
    try:
        is_former = bool(databases) and has_former_layout()
    except DatabaseError:
        # Whoever needs it will say so.
        return []
    if not is_former:
        return []
    return [
        Error(
            "The database has the layout of an earlier version, and was not changed.",
            hint="Name a new database (DATABASE_URL or VAR_DIR), and carry the records over: "
            "docs/operations.md says how, under “Databases of the former layout”.",
            id="futureind.E013",
        )
    ]


def refuse_former_layout():
    """Raise ImproperlyConfigured where the database has the layout of an earlier version."""
    for error in check_layout(None, databases=["default"]):
        raise ImproperlyConfigured(f"{error.msg} {error.hint} ({error.id})")


def refuse_unsafe_production():
    """Say in the log what is unwise in production, and refuse to start where it is unsafe.

    Raises ImproperlyConfigured with all that is to be mended.
    """
    if not settings.PRODUCTION:
        return
    messages = [
        *check_production(None),
        *check_static_files(None),
        *check_migrations(None, databases=["default"]),
    ]
    errors = [message for message in messages if message.is_serious()]
    if errors:
        raise ImproperlyConfigured(
            "The site does not start, since this is unsafe in production:\n"
            + "\n".join(f"- {error.msg} {error.hint} ({error.id})" for error in errors)
        )
    for message in messages:
        logger.warning("%s %s (%s)", message.msg, message.hint, message.id)


def _check_secret_key():
    hint = (
        "Set SECRET_KEY to the output of: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    if not key:
        yield Error("SECRET_KEY is not set.", hint=hint, id="futureind.E001")
    elif key.startswith("$"):
        # Many readers of environment files put another variable in its place.
        yield Error(
            "SECRET_KEY starts with '$', like a variable that was not replaced.",
            hint=hint,
            id="futureind.E002",
        )
    elif len(key) < SECRET_KEY_LENGTH or len(set(key)) < 5:
        yield Error(
            f"SECRET_KEY is shorter than {SECRET_KEY_LENGTH} characters or repeats a few.",
            hint=hint,
            id="futureind.E003",
        )


def _check_hosts():
    hint = "Set ALLOWED_HOSTS to the names of this site, comma-separated, such as example.org."
    if not settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS is empty.", hint=hint, id="futureind.E004")
    elif "*" in settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS lets any host name in.", hint=hint, id="futureind.E005")


def _check_debug():
    if settings.DEBUG:
        yield Error(
            "DEBUG is on and would show settings and code to visitors.",
            hint="Unset DEBUG.",
            id="futureind.E006",
        )


def _check_site_url():
    if urlsplit(settings.SITE_URL).scheme != "https":
        yield Error(
            f"SITE_URL is {settings.SITE_URL}, which is not https.",
            hint="Set SITE_URL to the address that visitors use, such as https://example.org.",
            id="futureind.E007",
        )
    host = split_domain_port(urlsplit(settings.SITE_URL).netloc)[0]
    if settings.ALLOWED_HOSTS and not validate_host(host, settings.ALLOWED_HOSTS):
        yield Error(
            f"SITE_URL names {host}, which is not among ALLOWED_HOSTS: visitors would be refused.",
            hint=f"Add {host} to ALLOWED_HOSTS, or mend SITE_URL.",
            id="futureind.E010",
        )


def _check_proxies():
    if settings.PROXY_COUNT is None:
        yield Error(
            "PROXY_COUNT is not set: behind a proxy everybody would have the proxy's address, and "
            "anybody's wrong passwords would lock owners out.",
            hint="Set PROXY_COUNT to the number of proxies in front that write X-Forwarded-For: "
            "1 for deploy/nginx.conf, 0 where there is none.",
            id="futureind.E009",
        )
    if "*" in settings.FORWARDED_ALLOW_IPS:
        yield Warning(
            "FORWARDED_ALLOW_IPS is *: whoever reaches gunicorn may claim to come by TLS.",
            hint="Name the addresses of the proxies.",
            id="futureind.W003",
        )


def _check_database():
    if settings.DATABASES["default"]["ENGINE"] == "futureind.core.sqlite3":
        yield Warning(
            "The database is SQLite, which serves one machine and one writer at a time.",
            hint="Set DATABASE_URL to a PostgreSQL database.",
            id="futureind.W001",
        )


def _check_contact():
    if settings.CONTACT_EMAIL.endswith("@localhost"):
        yield Warning(
            f"Readers are asked to write to {settings.CONTACT_EMAIL}, which reaches nobody.",
            hint="Set CONTACT_EMAIL to the editors' address.",
            id="futureind.W002",
        )


def _check_second_factor():
    if not settings.SECOND_FACTOR_REQUIRED:
        yield Error(
            "SECOND_FACTOR is off, so that a stolen password is enough to publish.",
            hint="Unset SECOND_FACTOR.",
            id="futureind.E008",
        )
