from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Work that takes longer than a request."""

    name = "futureind.jobs"
    verbose_name = _("Jobs")
