"""Constraints asked in memory: the same answer as the database gives."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import PolicyDocument, Unit
from futureind.exchange.conditions import NotPlain, holds
from futureind.exchange.kinds import all_kinds
from regions.models import CoverageCheck

pytestmark = pytest.mark.one_database

DAYS = st.none() | st.sampled_from([date(2030, 1, 1), date(2031, 1, 1), date(2032, 1, 1)])
YEARS = st.none() | st.sampled_from([2030, 2031])


def checks(model):
    return [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]


def refused(constraint, instance):
    try:
        constraint.validate(type(instance), instance)
    except ValidationError:
        return True
    return False


DOCUMENTS = st.builds(
    PolicyDocument,
    issued_date=DAYS,
    published_date=DAYS,
    effective_date=DAYS,
    expiry_date=DAYS,
    period_start=YEARS,
    period_end=YEARS,
    level=st.sampled_from(["national", "city", "nowhere"]),
    region_id=st.none() | st.just(1),
    document_type=st.sampled_from(["plan", "poem"]),
)
CHECKS = st.builds(
    CoverageCheck,
    outcome=st.sampled_from(["found", "none-found", ""]),
    completeness=st.sampled_from(["complete", "", "half"]),
)
UNITS = st.builds(
    Unit, base_unit_id=st.none() | st.just(1), factor=st.none() | st.sampled_from([0, 1])
)


@pytest.mark.django_db
@settings(max_examples=40)
@given(DOCUMENTS | CHECKS | UNITS)
def test_memory_and_database_agree(instance):
    for constraint in checks(type(instance)):
        assert (holds(constraint.condition, instance) is False) == refused(constraint, instance)


def test_every_check_of_the_models_can_be_asked_in_memory():
    for kind in all_kinds().values():
        for constraint in checks(kind.model):
            holds(constraint.condition, kind.model())


def test_what_only_the_database_computes_is_left_to_it():
    for condition in (Q(title_en__contains="x"), Q(region__slug="x"), Q(date__isnull=True)):
        with pytest.raises(NotPlain):
            holds(condition, PolicyDocument())
