from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Records and their sources, history, review, proposals, schedule, merges."""

    name = "futureind.publishing"
    verbose_name = _("Publishing")

    def ready(self):
        from futureind.jobs import chores
        from futureind.publishing import scheduling

        chores.register(scheduling.run_due)
