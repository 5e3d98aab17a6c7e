from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class FutureindConfig(AppConfig):
    """The floor of the house: publishing, search and browsing, without any policy in it."""

    name = "futureind"
    verbose_name = _("Publishing")

    def ready(self):
        from futureind import checks  # noqa: F401  registers the system checks
        from futureind.accounts import security
        from futureind.browse import checks as browse_checks  # noqa: F401  likewise
        from futureind.desk import link_jobs, quality_queues, queues, review_queue, translations
        from futureind.exchange import jobs as import_jobs
        from futureind.jobs import chores
        from futureind.publishing import scheduling
        from futureind.search import entries

        entries.connect()
        security.connect()
        translations.connect()
        chores.register(scheduling.run_due)
        queues.declare(queues.RECORD_QUEUES)
        queues.declare(quality_queues.QUALITY_QUEUES)
        queues.declare(review_queue.REVIEW_QUEUES)
        import_jobs.register_kinds()
        link_jobs.register_kinds()


class TrackerAdminConfig(AdminConfig):
    """Django's admin, with our site in place of its own."""

    default_site = "futureind.admin_site.TrackerAdminSite"
