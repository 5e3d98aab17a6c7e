"""Check constraints asked in memory, as the databases would answer.

Django asks the database once for every constraint of every row, which takes minutes for thousands.
"""

import operator

from django.db.models import CheckConstraint, F, Q

COMPARISONS = {
    "exact": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


class NotPlain(Exception):
    """The condition holds something that only the database knows to compute."""


def holds(condition, instance):
    """Return whether a condition (a Q) holds for an instance: True, False, None for unknown.

    Unknown is what a comparison with no value gives; a constraint refuses only what is False.
    Raises NotPlain.
    """
    if not isinstance(condition, Q):
        raise NotPlain
    answers = [
        holds(child, instance) if isinstance(child, Q) else compared(*child, instance)
        for child in condition.children
    ]
    answer = any_of(answers) if condition.connector == Q.OR else all_of(answers)
    return not_(answer) if condition.negated else answer


def all_of(answers):
    return False if False in answers else None if None in answers else True


def any_of(answers):
    return True if True in answers else None if None in answers else False


def not_(answer):
    return None if answer is None else not answer


def compared(lookup, wanted, instance):
    name, _separator, kind = lookup.partition("__")
    value = value_of(name, instance)
    if isinstance(wanted, F):
        wanted = value_of(wanted.name, instance)
    if kind == "isnull":
        return (value is None) == wanted
    if kind == "in":
        return None if value is None else value in list(wanted)
    if kind and kind not in COMPARISONS:
        raise NotPlain
    if value is None or wanted is None:
        return None
    wanted = getattr(wanted, "pk", wanted)
    return COMPARISONS[kind or "exact"](value, wanted)


def value_of(name, instance):
    if "__" in name:
        raise NotPlain
    field = instance._meta.get_field(name)
    if field.generated:
        raise NotPlain
    return getattr(instance, field.attname)


def is_known_to_be_met(constraint, instance):
    """Tell whether a constraint is met for certain, without asking the database.

    ``instance`` may refer to what is new, which has primary keys below zero.
    """
    if isinstance(constraint, CheckConstraint):
        try:
            return holds(constraint.condition, instance) is not False
        except NotPlain:
            return False
    # What is stored already cannot refer to what is new.
    fields = [instance._meta.get_field(name) for name in getattr(constraint, "fields", ())]
    return any(is_new_key(getattr(instance, field.attname)) for field in fields)


def is_new_key(value):
    return isinstance(value, int) and value < 0
