"""Entry point of WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application

from futureind.checks import refuse_unsafe_production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futureind.settings")

application = get_wsgi_application()
refuse_unsafe_production()
