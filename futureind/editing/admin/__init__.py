"""Admin pages of records and what is written about them; Django imports this package."""

from futureind.editing.admin import history, merges, schedules, sources

__all__ = ["history", "merges", "schedules", "sources"]
