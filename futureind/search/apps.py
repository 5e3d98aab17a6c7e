from django.apps import AppConfig


class SearchConfig(AppConfig):
    """What finds records: entries, index, queries, answers."""

    name = "futureind.search"

    def ready(self):
        from futureind.search import entries

        entries.connect()
