from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Imports and exports of records."""

    name = "futureind.exchange"
    verbose_name = _("Imports and exports")

    def ready(self):
        from futureind.exchange import jobs

        jobs.register_kinds()
