"""SQL that the ORM makes once in a process, for questions that every page of a kind asks.

To build the SQL of a query takes longer than to run it.
"""

from dataclasses import dataclass
from datetime import date

# Stand in a statement for a primary key, for another one, and for a day; no record has them.
ANY_KEY, ANY_OTHER_KEY, ANY_DAY = -(2**62), -(2**62) + 1, date(1, 1, 2)


@dataclass(frozen=True)
class Statement:
    """The SQL of a queryset and its parameters, among them what stands for others."""

    sql: str
    parameters: tuple

    @classmethod
    def of(cls, queryset):
        sql, parameters = queryset.query.sql_with_params()
        return cls(sql, tuple(parameters))

    def with_values(self, values):
        """Return the parameters with ``{what stands there: value}`` put in their places."""
        # A database that keeps days as texts is given texts.
        given = values | {str(key): value for key, value in values.items()}
        return [given.get(parameter, parameter) for parameter in self.parameters]
