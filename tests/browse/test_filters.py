"""Lists under filters: what a parameter gives is compared with a count in plain Python."""

import pytest

from catalog.models import PolicyDocument, Region, SymbolicProduct
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from regions.models import RegionalPlan
from tests.browse.list_page import all_slugs, read_list
from tests.browse.list_parameters import DATE_PAIRS, PAIRS, SIZES
from tests.browse.list_reference import COUNTED, LISTS, QUALIFIED, expected, loaded_rows
from tests.chance import every
from tests.factories import make_document, make_plan, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


def values_of(name, parameter):
    """Return the values that records of a list answer to, the commonest first."""
    numbers = {}
    for row in loaded_rows(name):
        if parameter in row.values:
            values = row.values[parameter]
        elif parameter in QUALIFIED:
            column = QUALIFIED[parameter][1]
            values = {mapping[column] for rows in row.mapped.values() for mapping in rows} - {None}
        else:
            counted = COUNTED | {None}
            values = {value for value, match, _basis in row.mapped[parameter] if match in counted}
        for value in values:
            numbers[value] = numbers.get(value, 0) + 1
    return sorted(numbers, key=lambda value: (-numbers[value], value))


# Values


@pytest.mark.parametrize(("name", "parameter"), every(2, PAIRS))
def test_a_value_gives_the_records_that_have_it(visitor, name, parameter):
    common, *others = values_of(name, parameter)
    rare = others[-1] if others else common

    for value in {common, rare}:
        state = {parameter: [value]}
        page = read_list(visitor, name, state)
        assert page.status == 200
        assert page.count == len(expected(name, state)) > 0
        assert set(page.slugs(name)) <= expected(name, state)


@pytest.mark.parametrize(("name", "parameter"), every(3, PAIRS))
def test_several_values_of_one_parameter_widen_the_list(visitor, name, parameter):
    state = {parameter: values_of(name, parameter)[:3]}

    page = read_list(visitor, name, state)

    assert page.count == len(expected(name, state))
    assert page.count >= max(len(expected(name, {parameter: [v]})) for v in state[parameter])


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("documents", {"field": ["future-health"], "region": ["beijing", "shanghai"]}),
        (
            "documents",
            {"level": ["national"], "type": ["plan", "action-plan"], "status": ["in-force"]},
        ),
        ("documents", {"product": ["humanoid-robots"], "issued_after": ["2024-01-01"]}),
        ("plans", {"technology": ["biotechnology"], "group": ["yangtze-delta"]}),
        ("plans", {"product": ["humanoid-robots"], "match": ["related"], "level": ["provincial"]}),
        ("tracks", {"field": ["future-energy"], "tier": ["industry"], "region": ["guangdong"]}),
        ("tracks", {"technology": ["aerospace"], "match": ["exact"], "status": ["in-force"]}),
        (
            "targets",
            {"kind": ["quantitative"], "region": ["national"], "due_before": ["2027-12-31"]},
        ),
        ("targets", {"field": ["future-information"], "verdict": ["none"]}),
        ("milestones", {"status": ["planned"], "field": ["future-space"]}),
        ("indicators", {"kind": ["count"], "geography": ["CN"]}),
    ],
)
def test_values_of_several_parameters_narrow_the_list(visitor, name, state):
    page = read_list(visitor, name, state)

    assert page.count == len(expected(name, state)) > 0
    assert all_slugs(visitor, name, state, size=SIZES[name]) != []
    assert set(all_slugs(visitor, name, state, size=SIZES[name])) == expected(name, state)


@pytest.mark.parametrize(("name", "parameter"), every(2, DATE_PAIRS))
@pytest.mark.parametrize("day", ["2022-06-06", "2025-01-17", "2026-11-24", "2030-12-31"])
def test_a_day_bounds_the_list(visitor, name, parameter, day):
    state = {parameter: [day]}

    assert read_list(visitor, name, state).count == len(expected(name, state))


@pytest.mark.parametrize("name", LISTS)
def test_without_filters_a_list_gives_every_public_record_once(visitor, name):
    found = all_slugs(visitor, name, size=SIZES[name])

    assert sorted(found) == sorted(row.slug for row in loaded_rows(name))
    assert read_list(visitor, name).count == len(found)


def test_humanoid_robots_in_beijing_give_two_documents(visitor):
    query = "product=humanoid-robots&region=beijing"
    page = read_list(visitor, "documents", query, whole=True)

    assert page.count == 2
    assert page.slugs("documents") == [
        "beijing-future-industries-2023",
        "beijing-robots-2023-2025",
    ]
    # Each number leaves its own group out.
    for product in ("humanoid-robots", "quantum-computers"):
        alone = read_list(visitor, "documents", f"product={product}&region=beijing")
        assert page.options["product"][product] == alone.count > 0
    assert page.options["level"] == {"provincial": 2}
    assert page.options["status"]["in-force"] == page.options["status"]["expired"] == 1
    assert page.ticked == {("product", "humanoid-robots"), ("region", "beijing")}
    twin = read_list(visitor, "documents", query, language="zh-hans", whole=True)
    assert twin.slugs("documents") == page.slugs("documents")
    assert twin.options == page.options


# What a value includes


def test_a_province_includes_its_cities(visitor):
    page = read_list(visitor, "plans", "region=guangdong")

    regions = set(
        RegionalPlan.objects.filter(slug__in=page.slugs("plans")).values_list(
            "region__slug", flat=True
        )
    )
    assert {"guangdong", "shenzhen", "guangzhou"} <= regions
    assert "A province includes its cities." in page.html
    assert read_list(visitor, "plans", "region=shenzhen").count < page.count


def test_national_is_a_place_of_its_own(visitor):
    page = read_list(visitor, "documents", "region=national")

    assert page.count == PolicyDocument.objects.public().filter(region=None).count()
    both = read_list(visitor, "documents", "region=national&region=beijing")
    beijing = read_list(visitor, "documents", "region=beijing")
    assert both.count == page.count + beijing.count


def test_a_technology_includes_those_within_it(visitor):
    above = read_list(visitor, "tracks", "technology=aerospace")
    within = read_list(visitor, "tracks", "technology=commercial-space")

    assert 0 < within.count < above.count
    assert expected("tracks", {"technology": ["commercial-space"]}) < expected(
        "tracks", {"technology": ["aerospace"]}
    )
    assert "A technology includes those within it." in above.html


def test_a_group_of_regions_is_its_members_and_their_cities(visitor):
    page = read_list(visitor, "plans", "group=yangtze-delta")
    members = ["shanghai", "jiangsu", "zhejiang", "anhui"]

    assert page.count == read_list(visitor, "plans", {"region": members}).count
    hangzhou = RegionalPlan.objects.get(slug="hangzhou-future-industries-2025-2026")
    assert hangzhou.slug in expected("plans", {"group": ["yangtze-delta"]})


@pytest.mark.parametrize("name", ["tracks", "plans"])
def test_merely_related_wordings_count_only_when_asked_for(visitor, name):
    product = {"product": ["brain-computer-interfaces"]}
    counted = read_list(visitor, name, product).count
    exact = read_list(visitor, name, product | {"match": ["exact"]}).count
    related = read_list(visitor, name, product | {"match": ["related"]}).count
    any_match = product | {"match": ["exact", "broader", "narrower", "related"]}

    assert counted == len(expected(name, product))
    assert exact == len(expected(name, product | {"match": ["exact"]})) < counted
    assert related == len(expected(name, product | {"match": ["related"]})) > 0
    assert read_list(visitor, name, any_match).count == len(expected(name, any_match)) >= counted


def test_a_track_that_is_merely_related_is_found_only_so(visitor):
    plan = make_plan(published=True)
    track = make_track(plan=plan)
    product = SymbolicProduct.objects.get(slug="new-displays")
    track.product_mappings.create(product=product, match="related", basis="analyst")
    history.record(plan, Action.EDITED)

    asked = read_list(visitor, "tracks", f"product=new-displays&plan={plan.slug}&match=related")
    plain = read_list(visitor, "tracks", f"product=new-displays&plan={plan.slug}")

    assert (asked.count, plain.count) == (1, 0)


def test_the_number_of_texts_without_a_known_start_is_said(visitor):
    page = read_list(visitor, "documents", "in_force_on=2026-11-24&region=guangdong")
    rows = [row for row in loaded_rows("documents") if "guangdong" in row.values["region"]]
    left_out = [row for row in rows if row.start is None or row.is_consultation]

    assert len(left_out) > 1
    assert f"{len(left_out)} records under these filters are left out" in page.html
    assert "left out" not in read_list(visitor, "documents", "region=guangdong").html


# Public only


def test_a_draft_of_the_vocabulary_is_no_choice(visitor):
    region = Region.objects.get(slug="tibet")
    make_document(published=True, region=region, level="provincial")
    assert "tibet" in read_list(visitor, "documents", whole=True).options["region"]
    workflow.withdraw(region, user=None, note="Entered twice.")

    assert "tibet" not in read_list(visitor, "documents", whole=True).options["region"]
    assert read_list(visitor, "documents", "region=tibet").status == 400


def test_an_undated_document_is_listed_and_says_so(visitor):
    document = make_document(published=True, issued_date=None, title_en="Undated text")

    page = read_list(visitor, "documents", "q=Undated")

    assert page.slugs("documents") == [document.slug]
    assert "date not recorded" in page.results


@pytest.mark.parametrize("value", ["no-such-document", "%00", "a b", "未来产业"])
def test_a_document_that_nobody_knows_is_named_as_the_mistake(visitor, value):
    response = visitor.get(f"/en/targets/?document={value}")

    assert response.status_code == 400
    assert "is not one of the choices here" in response.content.decode()


def test_a_facet_that_links_set_reads_no_records_but_those_asked_for(visitor):
    plan = make_plan(published=True, tracks=1)

    page = visitor.get(f"/en/tracks/?plan={plan.slug}").context["filterset"]

    assert [choice.value for choice in page.filters["plan"].choices] == [plan.slug]
    assert page.results.count() == 1
