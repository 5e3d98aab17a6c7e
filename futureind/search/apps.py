from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search: entries, index, queries, answers."""

    name = "futureind.search"

    def ready(self):
        from futureind.jobs import chores
        from futureind.search import entries, renewal

        entries.connect()
        chores.register_for_pauses(renewal.renew)
