"""Documents before and after one, by day and then by age, on both kinds of database."""

from datetime import date
from itertools import pairwise

import pytest
from django.db.models import F

from catalog.models import PolicyDocument
from futureind.browse.neighbours import neighbours_by
from tests.factories import make_document, make_region

SHOWN = ("slug", "date")


@pytest.mark.django_db
def test_documents_know_those_before_and_after_them_with_and_without_a_date():
    region = make_region(published=True)
    for day in (date(2024, 5, 1), None, date(2024, 3, 2), date(2024, 5, 1), None):
        make_document(published=True, region=region, issued_date=day)
    records = PolicyDocument.objects.filter(region=region)
    whole = list(records.order_by(F("date").asc(nulls_last=True), "pk"))

    for place, document in enumerate(whole):
        before = whole[place - 1] if place else None
        after = whole[place + 1] if place + 1 < len(whole) else None
        assert neighbours_by(document, "date", "region", SHOWN) == (before, after)


@pytest.mark.django_db
def test_national_documents_have_neighbours_among_themselves():
    for day in (None, date(2024, 3, 2)):
        make_document(published=True, issued_date=day)
    records = PolicyDocument.objects.public().filter(region=None)
    whole = list(records.order_by(F("date").asc(nulls_last=True), "pk"))

    for before, document in pairwise(whole):
        assert neighbours_by(document, "date", "region", SHOWN)[0] == before
        assert neighbours_by(before, "date", "region", SHOWN)[1] == document
