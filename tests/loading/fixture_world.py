"""A small world of fixtures, for tests of how they are loaded."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from futureind.publishing import history
from futureind.publishing.models.revisions import Action, Revision
from tests.our_apps import OUR_APPS


def entry(model, **fields):
    """Return an entry of a fixture file."""
    return {"model": model, "fields": fields}


# One region, one plan and what they need: file → entries, in the order of the files.
WORLD = {
    "1_vocabulary": [
        entry(
            "publishing.source",
            slug="s-1",
            title="关于未来产业的实施方案",
            publisher="北京市人民政府",
            kind="official",
            language="zh",
        ),
        entry(
            "catalog.region",
            slug="beijing",
            publication_state="published",
            code="110000",
            name_en="Beijing",
            name_zh="北京市",
            level="municipality",
            tile_row=3,
            tile_column=5,
        ),
        entry(
            "catalog.agency",
            slug="beijing-government",
            publication_state="published",
            name_en="Beijing Municipal People's Government",
            name_zh="北京市人民政府",
            level="provincial",
            region=["beijing"],
        ),
        entry(
            "catalog.industryfield",
            slug="future-energy",
            publication_state="published",
            code="FE",
            name_en="Future energy",
            name_zh="未来能源",
            short_name_en="Energy",
            short_name_zh="能源",
        ),
        entry(
            "catalog.fielddirection",
            field=["future-energy"],
            slug="hydrogen",
            name_en="Hydrogen",
            name_zh="氢能",
            kind="technology",
        ),
        entry(
            "catalog.technology",
            slug="hydrogen-energy",
            publication_state="published",
            name_en="Hydrogen energy",
            name_zh="氢能",
            directions=[["future-energy", "hydrogen"]],
        ),
    ],
    "2_documents": [
        entry(
            "catalog.policydocument",
            slug="national-opinions",
            publication_state="published",
            title_en="Opinions",
            title_zh="实施意见",
            document_type="opinions",
            level="national",
            sources=[["s-1"]],
        ),
        entry(
            "catalog.policydocument",
            slug="beijing-plan",
            publication_state="published",
            title_en="Beijing plan",
            title_zh="北京方案",
            document_type="plan",
            level="provincial",
            region=["beijing"],
            issued_date="2023-09-08",
            sources=[["s-1"]],
        ),
        entry(
            "catalog.documentissuer",
            document=["beijing-plan"],
            agency=["beijing-government"],
            order=1,
        ),
        entry(
            "catalog.target",
            slug="beijing-plan--target-01",
            publication_state="published",
            document=["beijing-plan"],
            kind="quantitative",
            statement_en="One hundred firms",
            statement_zh="一百家企业",
            comparator="ge",
            value="100",
            due_date="2030-12-31",
            sources=[["s-1"]],
        ),
        entry(
            "regions.regionalplan",
            slug="beijing-plan",
            publication_state="published",
            region=["beijing"],
            document=["beijing-plan"],
            horizon_year=2035,
        ),
        entry(
            "regions.track",
            slug="beijing-plan--energy",
            plan=["beijing-plan"],
            tier="area",
            name_en="Future energy",
            name_zh="未来能源",
            targets=[["beijing-plan--target-01"]],
            sources=[["s-1"]],
        ),
        entry("regions.trackfieldmapping", track=["beijing-plan--energy"], field=["future-energy"]),
        entry(
            "regions.track",
            slug="beijing-plan--hydrogen",
            plan=["beijing-plan"],
            parent=["beijing-plan--energy"],
            tier="industry",
            name_en="Hydrogen",
            name_zh="氢能",
            sources=[["s-1"]],
        ),
    ],
    "3_checks": [
        entry(
            "regions.coveragecheck",
            region=["beijing"],
            checked_on="2026-11-24",
            outcome="found",
            completeness="complete",
            queries="北京 未来产业",
        ),
    ],
}
ROWS = sum(map(len, WORLD.values()))
RECORDS = 10


class World:
    """A directory of fixtures that a test may change, and the load of it."""

    def __init__(self, directory):
        self.directory = directory
        self.files = json.loads(json.dumps(WORLD))

    def entry(self, model, slug):
        """Return the entry of a record."""
        [found] = [
            found
            for entries in self.files.values()
            for found in entries
            if found["model"] == model and found["fields"].get("slug") == slug
        ]
        return found

    def fields(self, model, slug):
        """Return the columns of a record, to be changed."""
        return self.entry(model, slug)["fields"]

    def add(self, model, **fields):
        self.files["2_documents"].append(entry(model, **fields))

    def remove(self, model, **fields):
        for entries in self.files.values():
            entries[:] = [
                kept
                for kept in entries
                if kept["model"] != model or not fields.items() <= kept["fields"].items()
            ]

    def write(self):
        for name, entries in self.files.items():
            text = json.dumps(entries, ensure_ascii=False, indent=1)
            (self.directory / f"{name}.json").write_text(text, encoding="utf-8")

    def load(self, **options):
        """Write the files and load them; return what the command says."""
        self.write()
        out = StringIO()
        call_command("load_fixtures", directory=self.directory, stdout=out, **options)
        return out.getvalue()

    def refusal(self):
        """Load files that are wrong; return the message, nothing having been written."""
        before = everything()
        with pytest.raises(CommandError) as refused:
            self.load()
        assert everything() == before
        [message, end] = str(refused.value).split("\n")
        assert end == "Nothing was loaded."
        return message


def models():
    """Return our models, tables of choices included."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.app_label in OUR_APPS]


def empty_database():
    """Delete all rows of ours, until the transaction of the test is undone."""
    for model in models():
        model._base_manager.all()._raw_delete("default")


def everything():
    """Return all rows of ours, to be compared."""
    return {model: list(model._base_manager.order_by("pk").values()) for model in models()}


def edit(record, **values):
    """Change a record as an editor does."""
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    history.record(record, Action.EDITED)


def last_revision(record):
    return Revision.objects.of(record).first()


def outcome(model, output):
    """Return the numbers above zero that the command states for a model."""
    [titles, *lines] = [line.split() for line in output.split("\n\n")[0].splitlines()]
    [numbers] = [map(int, line[1:]) for line in lines if line[0] == model]
    return {title: number for title, number in zip(titles, numbers, strict=True) if number}
