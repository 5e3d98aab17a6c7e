"""Settings of the site as a plain Django project would serve it: benchmarks/plain.py."""

from futureind.settings import *  # noqa: F403
from futureind.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "benchmarks.plain"
WSGI_APPLICATION = "benchmarks.plain_wsgi.application"
TEMPLATES[0]["DIRS"] = [BASE_DIR / "benchmarks" / "templates", *TEMPLATES[0]["DIRS"]]
