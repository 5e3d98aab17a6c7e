"""Under any filters a page, its table, its feed and its calendar hold the same records."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Milestone, Target
from tests.browse.list_page import all_slugs
from tests.browse.test_facets_property import SIZES, states
from tests.chance import few_and_many
from tests.forms.reading import all_entries, calendar

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

DATED = {"targets": (Target, "due_date"), "milestones": (Milestone, "date")}


@pytest.mark.parametrize("number", few_and_many(3, 25))
@pytest.mark.parametrize("name", SIZES)
def test_a_state_of_filters_holds_the_same_records_in_all_forms(name, number):
    @settings(max_examples=number)
    @given(states(name), st.sampled_from(["en", "zh-hans"]))
    def check(state, language):
        client, query = Client(), urlencode(state, doseq=True)
        on_pages = all_slugs(client, name, state, size=SIZES[name])
        table = b"".join(client.get(f"/{language}/{name}.csv?{query}")).decode("utf-8-sig")
        entries = all_entries(client, f"/{language}/{name}.atom?{query}")

        assert len(on_pages) == len(entries)
        assert {row["slug"] for row in csv.DictReader(io.StringIO(table))} == set(on_pages)
        assert {entry.id.rpartition("/")[2] for entry in entries} == set(on_pages)
        if name in DATED:
            model, column = DATED[name]
            dated = model.objects.filter(slug__in=on_pages, **{f"{column}__isnull": False})
            events = calendar(client, f"/{language}/{name}.ics?{query}")
            found = {event["URL"].rstrip("/").rpartition("/")[2] for event in events}
            assert found == set(dated.values_list("slug", flat=True))

    check()
