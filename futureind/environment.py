"""Reading settings from environment variables.

A value that cannot be understood raises ``ImproperlyConfigured`` with a message that says how to
mend it.
"""

import ipaddress
import os
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

env = environ.Env()


def read_text(name, default=""):
    """Return an environment variable as text, without surrounding space.

    Raises ImproperlyConfigured when the value starts with ``$``: django-environ would follow it as
    a reference to another variable, silently or with that "variable name" in an error message.
    """
    if os.environ.get(name, "").startswith("$"):
        raise ImproperlyConfigured(
            f"{name} starts with '$', which stands for another variable. Write the value itself."
        )
    return env.str(name, default=default).strip()


def read_bool(name, default):
    """Return an environment variable as a boolean; an empty or absent one gives ``default``.

    Raises ImproperlyConfigured for anything but the usual words: django-environ takes every unknown
    word for "false", so a mistyped "ture" would pass unseen.
    """
    text = read_text(name).lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text == "":
        return default
    raise ImproperlyConfigured(f"{name} is '{text}'. Set it to true or false.")


def read_number(name, default):
    """Return an environment variable as a whole number, zero or more, or ``default``.

    Raises ImproperlyConfigured when it is not one.
    """
    text = read_text(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(
            f"{name} is '{text}'. Set it to a whole number such as {default or 0}."
        )
    return int(text)


def read_list(name, default):
    """Return an environment variable as a list of its comma-separated, non-empty parts."""
    if name not in os.environ:
        return default
    return [part.strip() for part in read_text(name).split(",") if part.strip()]


def read_database(base_dir, var_dir, lock_seconds):
    """Return Django's database dictionary for DATABASE_URL.

    Parameters: ``base_dir``, to which a path in it is relative; ``var_dir``, where the database
    stands that is used without it; ``lock_seconds``, for which a statement waits for a lock.

    Raises ImproperlyConfigured for anything but SQLite or PostgreSQL. The address is never repeated
    in a message, because it may hold a password.
    """
    url = read_text("DATABASE_URL") or f"sqlite:///{var_dir / 'futureind.sqlite3'}"
    form = (
        "Write it as sqlite:///folder/file.sqlite3 (relative to the project) or "
        "sqlite:////folder/file.sqlite3 (absolute), or as postgres://user:password@host:5432/name "
        "with special characters in the password percent-encoded."
    )
    scheme = url.partition("://")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL names no database that is supported. {form}")
    if scheme == "sqlite" and not url.startswith("sqlite:///"):
        raise ImproperlyConfigured(f"DATABASE_URL has too few slashes. {form}")
    try:
        database = env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read. {form}") from error
    if not database["NAME"] or database["NAME"] == ":memory:":
        raise ImproperlyConfigured(f"DATABASE_URL lacks the name of the database. {form}")

    database["CONN_MAX_AGE"] = 60
    database["CONN_HEALTH_CHECKS"] = True
    options = database.setdefault("OPTIONS", {})
    if scheme == "sqlite":
        database["ENGINE"] = "futureind.core.sqlite3"
        database["NAME"] = base_dir / database["NAME"]
        # Writers wait for each other from the start of a transaction; a deferred one would fail at
        # once with "database is locked" when it turns from reading to writing.
        options["transaction_mode"] = "IMMEDIATE"
        options["timeout"] = lock_seconds
        # FULL: in WAL mode the default, NORMAL, may lose the last commits at a power cut.
        options["init_command"] = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
        )
    else:
        # An address may bring options of its own.
        limit = f"-c lock_timeout={lock_seconds}s"
        options["options"] = f"{limit} {options.get('options', '')}".strip()
    return database


def read_email():
    """Return django-environ's e-mail settings for EMAIL_URL; without it mail goes to the log.

    Raises ImproperlyConfigured when the address cannot be read. It may hold a password and is not
    repeated.
    """
    try:
        return env.email_url_config(read_text("EMAIL_URL") or "consolemail://")
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Write it as smtp+tls://user:password@host:587, "
            "smtp://host:25 or consolemail:// (mail goes to the log)."
        ) from error


def read_origins(name, default):
    """Return a list of origins like https://example.org; raises ImproperlyConfigured otherwise."""
    origins = read_list(name, default)
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} holds '{origin}'. Write a scheme and a host without a path, "
                "such as https://example.org."
            )
    return [origin.rstrip("/") for origin in origins]


def is_this_machine(host):
    """Tell whether a host, as in ALLOWED_HOSTS, is only reachable from this machine."""
    host = host.strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_secret_key(var_dir, is_production):
    """Return SECRET_KEY, or outside production a key that is made once and kept in ``var_dir``.

    In production the variable is taken as it is, also when missing: the checks then refuse to
    start. It is read literally: a key starting with ``$`` is not looked up as another variable.
    Raises ImproperlyConfigured when the generated key cannot be kept.
    """
    key = os.environ.get("SECRET_KEY", "")
    if key or is_production:
        return key
    path = var_dir / "secret_key"
    try:
        # Exclusive creation: of two processes that start together one writes, the other reads.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"No secret key can be kept in {path} ({error.strerror}). Make VAR_DIR writable, "
            "or set SECRET_KEY."
        ) from error
    key = path.read_text().strip()
    if not key:
        raise ImproperlyConfigured(f"{path} is empty. Delete it: a new key is generated.")
    return key
