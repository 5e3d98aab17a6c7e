"""Entry point of WSGI servers: Django, and the page cache in front of it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from futureind.checks import refuse_former_layout, refuse_unsafe_production
from futureind.core.locks import answer_requests
from futureind.pagecache.cache import PageCache
from futureind.pagecache.version import VersionReader

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futureind.settings")

application = get_wsgi_application()
refuse_former_layout()
refuse_unsafe_production()
answer_requests()
if settings.PAGE_CACHE_BYTES:
    versions = VersionReader(settings.DATABASES["default"])
    application = PageCache(application, versions, settings.PAGE_CACHE_BYTES)
