from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """National policy: vocabulary, policy documents, targets, indicators, milestones."""

    name = "catalog"
    verbose_name = _("National catalogue")

    def ready(self):
        from catalog import additions, queues
        from futureind.desk.queues import declare

        declare(queues.QUEUES)
        additions.register()
