from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """Regional policy: plans, tracks, coverage checks."""

    name = "regions"
    verbose_name = _("Regional plans")

    def ready(self):
        from futureind.desk.queues import declare
        from regions import additions, derived, queues

        derived.connect()
        declare(queues.QUEUES)
        additions.register()
