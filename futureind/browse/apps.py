from django.apps import AppConfig
from django.core.checks import Tags, register


class BrowseConfig(AppConfig):
    """Lists, facets, filters, public pages and what they answer with."""

    name = "futureind.browse"

    def ready(self):
        from futureind.browse import checks
        from futureind.core import output_forms, workbooks

        output_forms.register(workbooks.XLSX)
        register(checks.check_facets_are_indexed, Tags.models)
