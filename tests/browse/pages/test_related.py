"""What a record is tied to, asked in one statement, is what its relations say one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    GlossaryTerm,
    Indicator,
    IndustryField,
    Milestone,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
)
from futureind.browse.kept_records import public_records
from futureind.browse.related import related_to, tie_of
from futureind.core.name_order import ByName
from futureind.publishing.models.content_version import stamp_of_its_own, stamp_read_once
from regions.models import Track
from tests.factories import make_agency, make_document, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

MAPPINGS = ("field_mappings", "technology_mappings", "product_mappings")
ASKED = {
    PolicyDocument: (*MAPPINGS, "issuer_rows", "milestones", "terms"),
    Target: MAPPINGS,
    Milestone: MAPPINGS,
    Track: MAPPINGS,
    IndustryField: ("products", "technologies", "milestones", "indicators"),
    SymbolicProduct: ("milestones", "indicators", "terms"),
    Technology: ("milestones",),
    Indicator: ("fields", "products"),
    GlossaryTerm: ("fields", "products"),
    Region: ("groups",),
}


def one_by_one(record, name):
    """Return what a relation says, without anything kept."""
    tie, found = tie_of(type(record), name), getattr(record, name)
    if tie.is_many_to_many:
        # What stands by name stands so in the reader's language.
        by_name, public = ByName.of(tie.named), found.public().distinct()
        return by_name.records(public) if by_name else list(public)
    public = set(tie.named.objects.public().values_list("pk", flat=True))
    rows = [row for row in found.all() if getattr(row, f"{tie.there}_id") in public]
    return [values_of(row) for row in rows]


def values_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("model", ASKED, ids=lambda model: model.__name__)
def test_it_is_what_the_relations_say_one_by_one(model):
    for record in model.objects.public()[:150]:
        plain = {name: one_by_one(record, name) for name in ASKED[model]}

        related = related_to(record, *ASKED[model])

        for name in ASKED[model]:
            if not tie_of(model, name).is_many_to_many:
                # The relation itself answers without a further question.
                assert list(getattr(record, name).all()) == related[name]
                related[name] = [values_of(row) for row in related[name]]
        assert related == plain


def test_drafts_are_left_out_and_all_is_one_question():
    document = make_document(published=True)
    shown, hidden = make_technology(published=True), make_technology()
    for technology in (hidden, shown):
        document.technology_mappings.create(technology=technology)
    for order, agency in enumerate([make_agency(), make_agency(published=True)]):
        document.issuer_rows.create(agency=agency, order=order)
    related_to(document, "technology_mappings", "issuer_rows")

    with stamp_read_once(), CaptureQueriesContext(connection) as asked:
        related = related_to(document, "technology_mappings", "issuer_rows")
        named = [row.technology for row in related["technology_mappings"]]

    assert named == [shown]
    assert [row.order for row in related["issuer_rows"]] == [1]
    # The other asks for the state of the content.
    assert len(asked) <= 2


def test_rows_that_say_more_than_what_they_tie_are_refused():
    with pytest.raises(TypeError, match="reason_en"):
        related_to(SymbolicProduct.objects.first(), "field_mappings")


def test_what_is_kept_ends_with_the_state_of_the_content():
    before = public_records(Technology)
    assert public_records(Technology) is before
    with stamp_of_its_own():
        assert public_records(Technology) is not before

    new = make_technology(published=True)

    assert new.pk not in before
    assert public_records(Technology)[new.pk] == new
