"""Settings of the tracker: one module, driven by environment variables.

The variables, their defaults and their meaning are listed in docs/operations.md. A value that
cannot be understood raises ``ImproperlyConfigured`` with a message that says how to mend it. Values
that can be understood but are unsafe in production are refused by futureind/checks.py.
"""

import mimetypes
import warnings
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from futureind.environment import (
    is_this_machine,
    read_bool,
    read_database,
    read_email,
    read_list,
    read_number,
    read_origins,
    read_secret_key,
    read_text,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# Where things are

VAR_DIR = BASE_DIR / (read_text("VAR_DIR") or "var")
try:
    # It will hold password hashes and a key: not for the other accounts of the machine.
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(
        f"VAR_DIR is {VAR_DIR}, which cannot be created ({error.strerror}). "
        "Set it to a folder that this account may write to."
    ) from error

SITE_URL = read_origins("SITE_URL", ["http://127.0.0.1:8000"])
if len(SITE_URL) != 1:
    raise ImproperlyConfigured("SITE_URL must be one address, such as https://example.org.")
SITE_URL = SITE_URL[0]

# Who may reach it

ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS = read_origins("CSRF_TRUSTED_ORIGINS", [])
DEBUG = read_bool("DEBUG", False)

# In production as soon as the site is meant to be reached from another machine. It is deduced, not
# asked, so that nobody can forget to say so.
PRODUCTION = not all(map(is_this_machine, [urlsplit(SITE_URL).hostname, *ALLOWED_HOSTS]))
if not PRODUCTION:
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

SECRET_KEY = read_secret_key(VAR_DIR, PRODUCTION)

# Applications

INSTALLED_APPS = [
    # Before our own admin, which takes their pages out.
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    # In the order of imports: each of our apps imports only from those above it.
    "futureind.core",
    "futureind.jobs",
    "futureind.accounts",
    "futureind.publishing",
    "futureind.desk",
    "futureind.editing",
    "futureind.loading",
    "futureind.pagecache",
    "futureind.search",
    "futureind.browse",
    "futureind.exchange",
    "catalog",
    "regions",
    "regions.analysis",
    "futureind.apps.FutureindConfig",
    "futureind.apps.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "django_htmx",
    "axes",
]

MIDDLEWARE = [
    # First, so that every answer carries the policies: redirects and static files too.
    "futureind.middleware.ContentSecurityPolicyMiddleware",
    "futureind.middleware.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the first that reads what was sent.
    "futureind.middleware.SizeLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "futureind.middleware.SessionRulesMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "futureind.middleware.DatabaseAwayMiddleware",
    "futureind.middleware.TroubleMiddleware",
    "futureind.middleware.OneStateMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "futureind.urls"
WSGI_APPLICATION = "futureind.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "futureind.context_processors.site",
                "futureind.context_processors.admin",
            ],
        },
    },
]

# Data

# Seconds for which a command waits for what somebody else holds: also a migration, behind which all
# readers of its table would stand.
COMMAND_LOCK_SECONDS = 60
DATABASES = {"default": read_database(BASE_DIR, VAR_DIR, COMMAND_LOCK_SECONDS)}
# Seconds for which a request waits for the same, and for the answer to one statement.
LOCK_SECONDS = read_number("LOCK_SECONDS", 8)
STATEMENT_SECONDS = read_number("STATEMENT_SECONDS", 20)
# How many requests one process answers at once; gunicorn reads it too.
WEB_THREADS = read_number("WEB_THREADS", 4)
# Bytes of public pages kept in each process; none while developing, where templates change.
PAGE_CACHE_BYTES = read_number("PAGE_CACHE_MB", 0 if DEBUG else 64) * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Languages, time

# Each language is named in itself, so the names are not translated.
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["futureind.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # The hashed names need a collectstatic, which nobody wants while developing.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Browsers take the rules by which they fetch pages ahead under no other type.
WHITENOISE_MIMETYPES = {".speculationrules": "application/speculationrules+json"}
for ending, content_type in WHITENOISE_MIMETYPES.items():
    # Also for the server of Django that is used while developing.
    mimetypes.add_type(content_type, ending)

# Accounts

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The first one only tells the throttle who tries; the second one knows the accounts.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Asked of all staff in production; elsewhere of those who have set one up.
SECOND_FACTOR_REQUIRED = read_bool("SECOND_FACTOR", PRODUCTION)
OTP_TOTP_ISSUER = "Future Industries Tracker"

# A session ends so long after its log-in, and so long after its last request.
SESSION_ENGINE = "futureind.accounts.sessions"
SESSION_COOKIE_AGE = read_number("SESSION_HOURS", 12) * 3600
SESSION_IDLE_SECONDS = read_number("SESSION_IDLE_MINUTES", 120) * 60

# Log-ins are throttled by name and address together, so that an attacker locks nobody else out.
# None: not said, which production refuses, for there mostly is a proxy.
PROXY_COUNT = read_number("PROXY_COUNT", None)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "futureind.accounts.security.client_address"
AXES_LOCKOUT_CALLABLE = "futureind.admin_site.locked_out"
AXES_SENSITIVE_PARAMETERS = ["code"]
# What happened to accounts names people and addresses, so it is kept for so long only; 0: for good.
SECURITY_EVENT_DAYS = read_number("SECURITY_EVENT_DAYS", 365)
# The log of log-ins and its page are our own (futureind/accounts/security.py).
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Protection

# Named and written as in Django 6, where this setting is built in.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}
# No page uses any of these; a script that slipped in cannot either.
PERMISSIONS_POLICY = ["camera", "display-capture", "geolocation", "microphone", "payment", "usb"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Whether a request came by TLS is told by gunicorn, which believes X-Forwarded-Proto only from the
# addresses in FORWARDED_ALLOW_IPS; SECURE_PROXY_SSL_HEADER would believe it from everybody.
FORWARDED_ALLOW_IPS = read_list("FORWARDED_ALLOW_IPS", ["127.0.0.1", "::1"])
SECURE_SSL_REDIRECT = read_bool("SSL_REDIRECT", PRODUCTION)
# Load balancers ask for these from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = read_number("HSTS_SECONDS", 31_536_000 if PRODUCTION else 0)
# Whether the promise also holds for all subdomains, and for ever in a list built into browsers, is
# the domain owner's decision, not this site's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Of all that one request may send: the largest file to import with the form around it.
MOST_BYTES_SENT = 12 * 1024 * 1024
# The longest form is a policy document with its parts. Uploaded files have a limit of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Addresses typed without a scheme are https, as will be Django 6's own way. The setting that asks
# for it today warns that it will go away then.
warnings.filterwarnings("ignore", "The FORMS_URLFIELD_ASSUME_HTTPS transitional setting")
FORMS_URLFIELD_ASSUME_HTTPS = True

# Mail, log

# EMAIL_BACKEND, EMAIL_HOST and so on, as django-environ names them.
globals().update(read_email())

# Whom readers write to about an error on a page.
CONTACT_EMAIL = read_text("CONTACT_EMAIL") or "editors@localhost"

LOG_LEVEL = (read_text("LOG_LEVEL") or "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(
        f"LOG_LEVEL is '{LOG_LEVEL}'. Set it to DEBUG, INFO, WARNING, ERROR or CRITICAL."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name}: {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        },
    },
    "filters": {"brief": {"()": "futureind.logs.BriefRefusals"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["brief"]}
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Without its own handlers, which write only while debugging and mail errors to nobody.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # It repeats what our own log of security says, in more words.
        "axes": {"level": "ERROR"},
        # Who logged in is always said.
        "futureind.security": {"level": "INFO"},
    },
}
