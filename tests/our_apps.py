"""Which of the installed apps are ours."""

from django.apps import apps

PACKAGES = ("futureind", "catalog", "regions")
OUR_APPS = tuple(
    config.label
    for config in apps.get_app_configs()
    if config.name.partition(".")[0] in PACKAGES and config.name != "django.contrib.admin"
)
