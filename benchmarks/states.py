"""Prints the addresses to ask for, as JSON: fixed pages, and random states of the list.

Usage: python -m benchmarks.states ROUNDS NUMBER
"""

import json
import random
import sqlite3
import sys
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict

import benchmarks.django_setup  # noqa: F401
from benchmarks.corpus.records import PREFIX
from catalog.models import PolicyDocument
from catalog.views.lists import PolicyDocumentList
from futureind.browse.addresses import canonical_query
from futureind.browse.facets import Facet

LIST = "/en/documents/"
PAGE_SIZE = PolicyDocumentList.page_size
# A common word in both languages: nothing else finds Chinese words for Datasette.
TEXT, TEXT_FOR_DATASETTE = "量子", "quantum"
# Other random states, which the site answers before those that are measured.
RUNNING_IN = 500
# Different documents whose pages are asked for in a round.
RECORDS = 100
TEXTS = ["量子", "机器人", "氢能", "示范", "卫星", "hydrogen", "brain", "脑机接口", "专精特新"]
RANDOM_FACETS = ["field", "product", "region", "type", "level", "status", "technology", "issuer"]


class States:
    """Makes addresses of list states that have results."""

    def __init__(self):
        self.base = self.filterset({})
        self.known = [*self.base.filters, "page"]
        self.options = {name: self.filled_options(name) for name in RANDOM_FACETS}

    def filterset(self, parameters):
        found = PolicyDocumentList.filterset_class(parameters, PolicyDocument.objects.public())
        assert found.is_valid(), found.form.errors
        return found

    def filled_options(self, name):
        """Return the values of a facet that have results, the most common first."""
        facet = self.base.filters[name]
        assert isinstance(facet, Facet)
        counts = self.filterset(QueryDict()).results.facet_counts(facet)
        # "national" is no region: a plain site has no such choice.
        filled = [value for value, count in counts.items() if count and value != "national"]
        return sorted(filled, key=lambda value: -counts[value])

    def pages(self, parameters):
        return -(-self.filterset(parameters).results.count() // PAGE_SIZE)

    def address(self, parameters):
        query = canonical_query(parameters, self.known)
        return f"{LIST}?{query}" if query else LIST

    def fixed(self):
        three = query(
            field=self.options["field"][0],
            type=self.options["type"][0],
            level="provincial",
            q=TEXT,
        )
        assert self.pages(three), "three facets with text find nothing"
        middle = self.pages(QueryDict()) // 2
        detail = PolicyDocument.objects.filter(slug__startswith=PREFIX, plans__isnull=False)
        return {
            "list": LIST,
            "facet": self.address(query(field=self.options["field"][0])),
            "three": self.address(three),
            "deep": self.address(query(page=str(middle))),
            "search": self.address(query(q=TEXT)),
            "detail": detail.order_by("pk")[0].get_absolute_url(),
        }

    def random(self, rng, number):
        """Return addresses of so many different random states."""
        found = {}
        while len(found) < number:
            state = QueryDict(mutable=True)
            for name in rng.sample(RANDOM_FACETS, rng.randint(1, 3)):
                values = self.options[name][:40]
                state.setlist(name, rng.sample(values, min(len(values), rng.randint(1, 2))))
            if rng.random() < 0.3:
                state["q"] = rng.choice(TEXTS)
            pages = self.pages(state)
            # What text finds differs a little between an index and icontains: so from page 1.
            if pages > 1 and "q" not in state:
                state["page"] = str(rng.randint(1, pages))
            if pages:
                found[self.address(state)] = True
        return list(found)


def query(**parameters):
    found = QueryDict(mutable=True)
    found.update(parameters)
    return found


def datasette_pages(documents):
    """Return the same pages of Datasette, with the facets that it can count."""
    table = "/futureind/catalog_policydocument"
    facets = [("_facet", name) for name in ("document_type", "level", "legal_status", "region_id")]
    shown = [("_size", "25"), ("_sort_desc", "date")]
    text = ("_search", TEXT_FOR_DATASETTE)
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as connection:
        middle = (
            "SELECT date, id FROM catalog_policydocument ORDER BY date DESC, id LIMIT 1 OFFSET ?"
        )
        date, pk = connection.execute(middle, [documents // 2]).fetchone()
    lists = {
        "list": [],
        "facet": [("document_type", "outline")],
        "three": [("document_type", "outline"), ("level", "provincial"), text],
        "deep": [("_next", f"{date},{pk}")],
        "search": [text],
    }
    found = {page: f"{table}?{urlencode([*shown, *facets, *more])}" for page, more in lists.items()}
    return found | {"detail": f"{table}/{pk}"}


def records(rng):
    """Return the addresses of many documents, on record or synthetic."""
    documents = PolicyDocument.objects.public()
    chosen = rng.sample(list(documents.order_by("pk").values_list("pk", flat=True)), RECORDS)
    return [document.get_absolute_url() for document in documents.filter(pk__in=chosen)]


def main(rounds, number):
    states = States()
    documents = PolicyDocument.objects.count()
    rng = random.Random("states")
    found = {
        "fixed": states.fixed(),
        "random": [states.random(rng, number) for _round in range(rounds)],
        "records": [records(rng) for _round in range(rounds)],
        "running in": states.random(random.Random("running in"), RUNNING_IN),
    }
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found["datasette"] = datasette_pages(documents)
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
