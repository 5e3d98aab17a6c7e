from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """What the plans of the regions say together: compared, counted, in order of time."""

    name = "regions.analysis"

    def ready(self):
        from regions.analysis import additions

        additions.register()
