"""The related records of a record from several small models, read in one UNION query."""

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import CharField, IntegerField, ManyToManyField, ManyToManyRel, Model, Value

from futureind.browse.kept_records import public_records
from futureind.core.statements import ANY_KEY, Statement

# Columns of mapping rows, beside the two foreign keys.
COLUMNS = {
    "order": Value(0, IntegerField()),
    "basis": Value("", CharField()),
    "match": Value("", CharField()),
}


@dataclass(frozen=True)
class Tie:
    """The table behind a relation of a model: its two foreign keys, and the other columns."""

    rows: type[Model]
    here: str
    there: str
    is_many_to_many: bool

    @property
    def columns(self):
        names = {field.name for field in self.rows._meta.fields}
        return [name for name in COLUMNS if name in names]

    @property
    def statement(self):
        shown = [name if name in self.columns else column for name, column in COLUMNS.items()]
        rows = self.rows._base_manager.filter(**{self.here: ANY_KEY}).order_by()
        return rows, ["pk", f"{self.there}_id", *shown]

    @property
    def named(self):
        return self.rows._meta.get_field(self.there).related_model


@lru_cache
def tie_of(model, name):
    """Return the Tie of a many-to-many field, or of mapping rows with one other foreign key."""
    relation = model._meta.get_field(name)
    if isinstance(relation, ManyToManyField):
        ends = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        return Tie(relation.remote_field.through, *ends, is_many_to_many=True)
    if isinstance(relation, ManyToManyRel):
        ends = relation.field.m2m_reverse_field_name(), relation.field.m2m_field_name()
        return Tie(relation.through, *ends, is_many_to_many=True)
    rows, here = relation.related_model, relation.field.name
    others = [f.name for f in rows._meta.fields if f.name not in {"id", here, *COLUMNS}]
    if len(others) != 1:
        raise TypeError(f"The rows of {name} hold more than what they tie: {others}.")
    return Tie(rows, here, others[0], is_many_to_many=False)


@lru_cache
def statement(model, names):
    """Return the Statement that reads the rows of these relations of any record."""
    parts = []
    for number, name in enumerate(names):
        rows, columns = tie_of(model, name).statement
        parts.append(rows.values_list(Value(number, IntegerField()), *columns))
    together = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return Statement.of(together)


def related_to(record, *names):
    """Return ``{name: [related record or mapping row, …], …}``, public ones only, in one query.

    Parameters: ``names``, of many-to-many fields, which give the records in the order of their
    model; or of mapping rows, which give the rows in their own order, with both ends loaded. The
    rows are put into the prefetch cache, so that ``all()`` of the relation returns them.
    """
    model = type(record)
    asked = statement(model, names)
    found = {name: [] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.with_values({ANY_KEY: record.pk}))
        for number, *row in cursor.fetchall():
            found[names[number]].append(row)
    return {name: linked(record, name, rows) for name, rows in found.items()}


def linked(record, name, rows):
    tie = tie_of(type(record), name)
    named = public_records(tie.named) if rows else {}
    if tie.is_many_to_many:
        wanted = {there for _pk, there, *_columns in rows}
        return [other for pk, other in named.items() if pk in wanted]
    made = []
    # By order, and then by age.
    for pk, there, *values in sorted(rows, key=lambda row: (row[2], row[0])):
        if there in named:
            columns = dict(zip(COLUMNS, values, strict=True))
            given = {column: columns[column] for column in tie.columns}
            ends = {tie.here: record, tie.there: named[there]}
            made.append(tie.rows(pk=pk, **ends, **given))
    keep_as_loaded(record, name, made)
    return made


def keep_as_loaded(record, name, rows):
    """Put rows into the prefetch cache of a relation."""
    loaded = getattr(record, name).all()
    loaded._result_cache, loaded._prefetch_done = rows, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = loaded
