"""Queries whose SQL the ORM builds once in a process, for those that every page of a kind runs.

To build the SQL takes longer than to run it.
"""

from dataclasses import dataclass
from datetime import date

# Placeholders for a primary key, for another one, and for a day; no record has these values.
ANY_KEY, ANY_OTHER_KEY, ANY_DAY = -(2**62), -(2**62) + 1, date(1, 1, 2)


@dataclass(frozen=True)
class Statement:
    """The SQL of a queryset and its parameters, some of which are placeholders."""

    sql: str
    parameters: tuple

    @classmethod
    def of(cls, queryset):
        sql, parameters = queryset.query.sql_with_params()
        return cls(sql, tuple(parameters))

    def with_values(self, values):
        """Return the parameters with ``{placeholder: value}`` filled in."""
        # A database that keeps days as texts is given texts.
        given = values | {str(key): value for key, value in values.items()}
        return [given.get(parameter, parameter) for parameter in self.parameters]

    def records(self, model, values):
        """Return the records of a model that it finds, with these values filled in."""
        return list(model._base_manager.raw(self.sql, self.with_values(values)))
