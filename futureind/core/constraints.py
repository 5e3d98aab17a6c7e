"""Constraints of the database that several tables have, so that each is worded once."""

from django.db import models
from django.db.models import Q


def one_of(field, choices, *, name):
    """Return a database constraint: the column holds one of the choices (``name``: its name)."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)
