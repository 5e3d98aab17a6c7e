"""What would be unsafe in production.

``manage.py check --deploy`` reports it on every machine; where the site is in production
(PRODUCTION in the settings) the WSGI server refuses to start while an error is left.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

SECRET_KEY_LENGTH = 50


@register(Tags.security, deploy=True)
def check_production(app_configs, **options):
    """Return errors for settings that are unsafe in production, warnings for unwise ones."""
    return [
        *_check_secret_key(),
        *_check_hosts(),
        *_check_debug(),
        *_check_site_url(),
        *_check_database(),
        *_check_contact(),
        *_check_second_factor(),
    ]


def refuse_unsafe_production():
    """Raise ImproperlyConfigured when the site is in production with unsafe settings."""
    if not settings.PRODUCTION:
        return
    errors = [message for message in check_production(None) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured(
            "These settings are unsafe in production:\n"
            + "\n".join(f"- {error.msg} {error.hint}" for error in errors)
        )


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


def _check_database():
    if settings.DATABASES["default"]["ENGINE"] == "futureind.sqlite3":
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
