from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """What waits for whom: work lists, verification, translations, links."""

    name = "futureind.desk"
    verbose_name = _("Work and quality")

    def ready(self):
        from futureind.desk import link_jobs, quality_queues, queues, review_queue, translations

        translations.connect()
        link_jobs.register_kinds()
        queues.declare(queues.RECORD_QUEUES)
        queues.declare(quality_queues.QUALITY_QUEUES)
        queues.declare(review_queue.REVIEW_QUEUES)
