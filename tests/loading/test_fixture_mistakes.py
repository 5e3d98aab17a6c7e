"""Fixtures with a mistake: one message that names file, record and field, and nothing loaded."""

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Region, Technology
from tests.loading.fixture_world import edit

pytestmark = pytest.mark.one_database


def test_a_directory_without_fixtures_is_refused(tmp_path, db):
    with pytest.raises(CommandError, match="There are no fixtures"):
        call_command("load_fixtures", directory=tmp_path)


def test_broken_json_is_named_with_line_and_column(world):
    (world.directory / "9_broken.json").write_text('[\n  {"model": }\n]', encoding="utf-8")

    assert world.refusal() == (
        "9_broken.json: This is not JSON, at line 2, column 13: Expecting value."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "9_broken.json: The file must be a list of records."),
        ("[1]", "9_broken.json: record 1: A record has “model” and “fields”."),
        (
            '[{"fields": {}}]',
            "9_broken.json: record 1: model: It is missing.",
        ),
        (
            '[{"model": "catalog.unit"}]',
            "9_broken.json: record 1: fields: It is missing.",
        ),
        (
            '[{"model": "catalog.unit", "fields": []}]',
            "9_broken.json: record 1: fields: This does not fit here: []",
        ),
        (
            '[{"model": "catalog.unit", "pk": 1, "fields": {}}]',
            "9_broken.json: record 1: pk: A record has “model” and “fields”.",
        ),
        (
            '[{"model": "catalog.units", "fields": {}}]',
            "9_broken.json: record 1: model: There is no model “catalog.units”.",
        ),
        (
            '[{"model": "auth.user", "fields": {}}]',
            "9_broken.json: record 1: model: There is no model “auth.user”.",
        ),
        (
            '[{"model": "catalog.unit", "fields": {"slug": "firms", "slug": "firm"}}]',
            "9_broken.json: “slug” stands twice in one record.",
        ),
        (
            '[{"model": "catalog.unit", "fields": {"name_en": "firms", "name_zh": "家"}}]',
            "9_broken.json: catalog.unit record 1: slug: It is missing.",
        ),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(world, text, message):
    (world.directory / "9_broken.json").write_text(text, encoding="utf-8")

    assert world.refusal() == message


def test_bytes_that_are_no_text_are_refused(world):
    (world.directory / "9_broken.json").write_bytes('["北京"]'.encode("gb18030"))

    assert world.refusal().startswith("9_broken.json: ")


DOCUMENT = ("catalog.policydocument", "beijing-plan")
TRACK = ("regions.track", "beijing-plan--hydrogen")
TARGET = ("catalog.target", "beijing-plan--target-01")
REGION = ("catalog.region", "beijing")
TECHNOLOGY = ("catalog.technology", "hydrogen-energy")


@pytest.mark.parametrize(
    ("record", "field", "value", "reason"),
    [
        # Columns
        (DOCUMENT, "title_fr", "Plan", "There is no such column to fill."),
        (DOCUMENT, "fields", [["future-energy"]], "There is no such column to fill."),
        (DOCUMENT, "date", "2023-09-08", "There is no such column to fill."),
        (DOCUMENT, "horizon_year", 2035, "There is no such column to fill."),
        (DOCUMENT, "unverified_fields", ["date_issued"], "There is no column “date_issued”."),
        # References
        (DOCUMENT, "region", ["peking"], "There is no catalog.region peking."),
        (DOCUMENT, "sources", [["s-1"], ["s-2"]], "There is no publishing.source s-2."),
        (TECHNOLOGY, "directions", [["future-energy", "x"]], "There is no catalog.fielddirection"),
        (TRACK, "plan", ["no-plan"], "There is no regions.regionalplan no-plan."),
        (TRACK, "parent", [TRACK[1]], f"This makes a circle: regions.track {TRACK[1]} → "),
        (DOCUMENT, "region", "beijing", "This does not fit here: "),
        (DOCUMENT, "region", 1, "This does not fit here: 1"),
        (DOCUMENT, "region", ["beijing", "beijing"], 'A reference is a list such as ["slug"], not'),
        (DOCUMENT, "sources", ["s-1"], 'A reference is a list such as ["slug"], not "s-1".'),
        # Kinds of value
        (DOCUMENT, "issued_date", "8 September 2023", "“8 September 2023” value has an invalid"),
        (DOCUMENT, "issued_date", "2023-02-30", "“2023-02-30” value has the correct format"),
        (DOCUMENT, "issued_date", 2023, "This does not fit here: 2023"),
        (DOCUMENT, "period_start", "soon", "This does not fit here: "),
        (DOCUMENT, "period_start", 2023.5, "This does not fit here: 2023.5"),
        (DOCUMENT, "period_start", True, "This does not fit here: true"),
        (DOCUMENT, "title_en", ["Plan"], "This does not fit here: "),
        (DOCUMENT, "title_en", None, "This does not fit here: null"),
        (DOCUMENT, "unverified_fields", "title_en", "This does not fit here: "),
        (TARGET, "value", "many", "“many” value must be a decimal number."),
        # Values that a rule refuses
        (DOCUMENT, "title_en", "", "This field cannot be blank."),
        (DOCUMENT, "title_en", "x" * 301, "Ensure this value has at most 300 characters"),
        (DOCUMENT, "document_type", "novel", "Value 'novel' is not a valid choice."),
        (DOCUMENT, "slug", "Beijing plan", "Enter a valid “slug”"),
        (DOCUMENT, "period_start", 1066, "Ensure this value is greater than or equal to 1949."),
        (DOCUMENT, "official_url", "gov.cn", "Enter a valid URL."),
        (REGION, "code", "11", "Six digits, as in GB/T 2260."),
        (TARGET, "value", "1.23456", "Ensure that there are no more than 4 decimal places."),
        # Claims
        (DOCUMENT, "sources", [], "It cannot be published without a source."),
        (TARGET, "confidence", "recalled", "What is still to be verified cannot be published."),
    ],
)
def test_a_mistake_is_named_with_its_file_record_and_field(world, record, field, value, reason):
    world.fields(*record)[field] = value
    file = "1_vocabulary.json" if record in (REGION, TECHNOLOGY) else "2_documents.json"
    slug = value if field == "slug" else record[1]
    if field == "slug":
        # Only this entry, lest the rest be found to refer to nothing first.
        world.files["2_documents"] = [world.entry(record[0], value)]

    assert world.refusal().startswith(f"{file}: {record[0]} {slug}: {field}: {reason}")


@pytest.mark.parametrize(
    ("record", "values", "fields", "reason"),
    [
        (
            REGION,
            {"tile_row": 0},
            "tile_row, tile_column",
            "A tile needs both a row and a column, from 1.",
        ),
        (
            TARGET,
            {"comparator": ""},
            "kind, comparator, value",
            "A quantitative target has a value and a comparator, a qualitative one neither.",
        ),
        (
            DOCUMENT,
            {"published_date": "2023-09-01"},
            "issued_date, published_date",
            "A text is issued before or when it is made public.",
        ),
        (
            TRACK,
            {"tier": "area", "name_zh": "未来能源"},
            "plan, tier, name_zh",
            "The plan already has a track of this name and role.",
        ),
    ],
)
def test_what_the_database_refuses_is_explained(world, record, values, fields, reason):
    world.fields(*record).update(values)

    message = world.refusal()

    assert message.endswith(f".json: {record[0]} {record[1]}: {fields}: {reason}")


def test_a_unique_value_that_stands_twice_is_named(world):
    world.files["1_vocabulary"].insert(
        2,
        {
            "model": "catalog.region",
            "fields": {**world.fields(*REGION), "slug": "peking", "tile_row": 4},
        },
    )

    assert world.refusal() == (
        "1_vocabulary.json: catalog.region peking: code: Region with this Code already exists."
    )


@pytest.mark.parametrize("field", ["title_en", "document_type", "level", "slug"])
def test_a_required_column_that_is_missing_is_named(world, field):
    del world.fields(*DOCUMENT)[field]
    # Without a slug the place in the file says which record is meant.
    name = "record 2" if field == "slug" else DOCUMENT[1]

    assert world.refusal() == (f"2_documents.json: {DOCUMENT[0]} {name}: {field}: It is missing.")


def test_a_missing_owner_is_named(world):
    world.add("catalog.documentissuer", agency=["beijing-government"])

    assert world.refusal() == (
        "2_documents.json: catalog.documentissuer record 9: document: It is missing."
    )


@pytest.mark.parametrize("file", ["2_documents", "3_checks"])
def test_the_same_key_twice_is_refused(world, file):
    world.files[file].append(world.entry(*DOCUMENT))

    assert world.refusal() == (
        f"{file}.json: catalog.policydocument beijing-plan: "
        "This record stands in 2_documents.json already."
    )


def test_the_same_date_in_another_spelling_is_the_same_key(world):
    [check] = world.files["3_checks"]
    again = {**check, "fields": {**check["fields"], "checked_on": "20261124"}}
    world.files["3_checks"].append(again)

    assert "regions.coveragecheck beijing · 2026-11-24: This record stands" in world.refusal()


def test_parents_in_a_circle_are_refused(world):
    for slug, parent in (("a", "c"), ("b", "a"), ("c", "b")):
        world.add(
            "catalog.technology",
            slug=slug,
            publication_state="published",
            name_en=slug,
            name_zh=slug,
            parent=[parent],
        )

    assert world.refusal() == (
        "2_documents.json: catalog.technology b: parent: This makes a circle: "
        "catalog.technology a → catalog.technology c → catalog.technology b → catalog.technology a."
    )


def test_a_circle_with_what_an_editor_changed_is_refused(loaded):
    loaded.add(
        "catalog.technology",
        slug="child",
        publication_state="published",
        name_en="Child",
        name_zh="子",
    )
    loaded.load()
    hydrogen = Technology.objects.get(slug="hydrogen-energy")
    edit(hydrogen, parent=Technology.objects.get(slug="child"))
    loaded.fields("catalog.technology", "child")["parent"] = ["hydrogen-energy"]

    assert loaded.refusal().startswith(
        "2_documents.json: catalog.technology child: parent: This would make a circle: "
    )


def test_what_was_published_never_becomes_a_draft_again(loaded):
    loaded.fields(*DOCUMENT)["publication_state"] = "draft"

    assert loaded.refusal() == (
        "2_documents.json: catalog.policydocument beijing-plan: publication_state: "
        "A record that is published cannot become draft."
    )


def test_a_later_mistake_undoes_what_was_written_before_it(loaded):
    loaded.fields("catalog.region", "beijing")["name_en"] = "Peking"
    loaded.fields(*TRACK)["tier"] = "novel"

    assert loaded.refusal().startswith("2_documents.json: regions.track beijing-plan--hydrogen: ")
    assert Region.objects.get().name_en == "Beijing"
