from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register


class FutureindConfig(AppConfig):
    """The project as a whole: URLs, settings, the admin site, and system checks."""

    name = "futureind"

    def ready(self):
        from futureind import checks

        register(checks.check_layout, Tags.database)
        register(checks.check_production, Tags.security, deploy=True)
        register(checks.check_static_files, Tags.staticfiles, deploy=True)
        register(checks.check_migrations, Tags.database, deploy=True)


class TrackerAdminConfig(AdminConfig):
    """Django's admin, with our site in place of its own."""

    default_site = "futureind.admin_site.TrackerAdminSite"
