"""Lists under filters: what a parameter gives is compared with a count in plain Python."""

from datetime import date

import pytest
from django.utils.html import escape

from catalog.models import Milestone, PolicyDocument, Region, SymbolicProduct, Target
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from regions.models import RegionalPlan, Track
from tests.browse.list_reference import (
    COUNTED,
    LISTS,
    QUALIFIED,
    all_slugs,
    expected,
    loaded_rows,
    read_list,
)
from tests.chance import dice, every
from tests.factories import make_document, make_plan, make_track
from tests.public_views import VOCABULARIES, all_parameters, dates_of, facets_of

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

SIZES = dict.fromkeys(LISTS, 25) | {"tracks": 50}
PAIRS = [(name, facet) for name in LISTS for facet in facets_of(name)]
DATE_PAIRS = [(name, parameter) for name in LISTS for parameter in dates_of(name)]


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
    page = read_list(visitor, "documents", "product=humanoid-robots&region=beijing")

    assert page.count == 2
    assert page.slugs("documents") == [
        "beijing-future-industries-2023",
        "beijing-robots-2023-2025",
    ]
    # Each number leaves its own group out.
    for product in ("humanoid-robots", "quantum-computers"):
        alone = read_list(visitor, "documents", f"product={product}&region=beijing")
        assert page.options["product"][product] == alone.count > 0
    assert page.options["level"] == {"national": 0, "provincial": 2, "city": 0}
    assert page.options["status"]["in-force"] == page.options["status"]["expired"] == 1
    assert page.ticked == {("product", "humanoid-robots"), ("region", "beijing")}
    twin = read_list(
        visitor, "documents", "product=humanoid-robots&region=beijing", language="zh-hans"
    )
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


# Order


def dates_of(slugs):
    dates = dict(PolicyDocument.objects.values_list("slug", "date"))
    return [dates[slug] for slug in slugs]


@pytest.mark.parametrize(("sort", "reverse"), [("-issued", True), ("issued", False), ("", True)])
def test_documents_stand_by_date_and_undated_ones_last(visitor, sort, reverse):
    state = {"sort": sort} if sort else {}
    dates = dates_of(all_slugs(visitor, "documents", state, size=25))
    dated = [day for day in dates if day]

    assert dated == sorted(dated, reverse=reverse)
    assert dates[len(dated) :] == [None] * (len(dates) - len(dated))
    assert 0 < len(dated) < len(dates)


@pytest.mark.parametrize(("sort", "reverse"), every(2, [("-issued", True), ("issued", False)]))
@pytest.mark.parametrize(("name", "model"), [("plans", RegionalPlan), ("tracks", Track)])
def test_plans_and_tracks_stand_by_the_date_of_their_document(visitor, name, model, sort, reverse):
    path = "document__date" if model is RegionalPlan else "plan__document__date"
    days = dict(model.objects.values_list("slug", path))
    dates = [days[slug] for slug in all_slugs(visitor, name, {"sort": sort}, size=SIZES[name])]
    dated = [day for day in dates if day]

    assert dated == sorted(dated, reverse=reverse)
    assert dates[len(dated) :] == [None] * (len(dates) - len(dated))


@pytest.mark.parametrize(("sort", "reverse"), [("due", False), ("-due", True)])
def test_targets_stand_by_due_date_and_those_without_one_last(visitor, sort, reverse):
    days = dict(Target.objects.values_list("slug", "due_date"))
    dates = [days[slug] for slug in all_slugs(visitor, "targets", {"sort": sort}, size=25)]
    dated = [day for day in dates if day]

    assert dated == sorted(dated, reverse=reverse)
    assert dates[len(dated) :] == [None] * (len(dates) - len(dated))


@pytest.mark.parametrize(("sort", "reverse"), [("date", False), ("-date", True)])
def test_milestones_stand_by_their_day(visitor, sort, reverse):
    days = dict(Milestone.objects.values_list("slug", "date"))
    dates = [days[slug] for slug in all_slugs(visitor, "milestones", {"sort": sort}, size=25)]

    assert dates == sorted(dates, reverse=reverse)


def test_plans_stand_by_region(visitor):
    codes = dict(RegionalPlan.objects.values_list("slug", "region__code"))
    found = [codes[slug] for slug in all_slugs(visitor, "plans", {"sort": "region"}, size=25)]

    assert found == sorted(found)


def test_what_changed_last_stands_first(visitor):
    document = PolicyDocument.objects.get(slug="xiamen-future-industries-2019")
    document.note_en = "Looked at again"
    document.save()
    history.record(document, Action.EDITED)

    page = read_list(visitor, "documents", "sort=-changed")

    assert page.slugs("documents")[0] == document.slug
    day = document.changed_at.date() if document.changed_at else date.today()
    assert read_list(visitor, "documents", f"changed_after={day}").count > 0
    assert read_list(visitor, "documents", "changed_after=2200-01-01").count == 0


# Addresses


@pytest.mark.parametrize("name", LISTS)
def test_unknown_parameters_are_ignored(visitor, name):
    plain = read_list(visitor, name)
    page = read_list(visitor, name, "utm_source=letter&fbclid=1&%00=x")

    assert (page.status, page.count) == (200, plain.count)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("q=&field=&region=", ""),
        ("q=&region=beijing", "?region=beijing"),
        ("region=beijing&q=&field=future-health&page=1", "?field=future-health&region=beijing"),
        ("issued_after=&region=shanghai&region=beijing", "?region=beijing&region=shanghai"),
        ("q=&utm_source=x", ""),
        ("q=+++&page=2", "?page=2"),
    ],
)
def test_empty_parameters_lead_to_the_short_address(visitor, query, canonical):
    response = visitor.get(f"/en/documents/?{query}")

    assert response.status_code == 302
    assert response["Location"] == f"/en/documents/{canonical}"


@pytest.mark.parametrize("name", ["documents", "fields", "search"])
def test_an_empty_parameter_takes_no_other_with_it(visitor, name):
    response = visitor.get(f"/en/{name}/?q=&q=robots")

    assert (response.status_code, response["Location"]) == (302, f"/en/{name}/?q=robots")


def test_one_state_names_one_address_however_it_is_spelled(visitor):
    spellings = [
        "region=beijing&product=humanoid-robots",
        "product=humanoid-robots&region=beijing",
        "product=humanoid-robots&region=beijing&region=beijing&page=1&utm_source=x",
    ]

    links = {
        read_list(visitor, "documents", spelling)
        .html.split('rel="canonical" href="')[1]
        .split('"')[0]
        for spelling in spellings
    }

    [link] = links
    assert link.endswith("/en/documents/?product=humanoid-robots&amp;region=beijing")


def test_chips_remove_one_value_each(visitor):
    page = read_list(
        visitor,
        "documents",
        "field=future-health&region=beijing&region=shanghai&issued_after=2022-01-01&sort=issued",
    )

    rest = "/en/documents/?"
    assert page.chips == {
        "Field: Health": rest
        + "sort=issued&region=beijing&region=shanghai&issued_after=2022-01-01",
        "Region: Beijing": rest
        + "sort=issued&field=future-health&region=shanghai&issued_after=2022-01-01",
        "Region: Shanghai": rest
        + "sort=issued&field=future-health&region=beijing&issued_after=2022-01-01",
        "Dated on or after: 2022-01-01": rest
        + "sort=issued&field=future-health&region=beijing&region=shanghai",
    }
    for url in page.chips.values():
        assert len(read_list(visitor, "documents", url.partition("?")[2]).chips) == 3


def test_a_list_without_results_names_the_filters_to_drop(visitor):
    query = "product=deep-resource-equipment&region=tibet&q=quantum"
    page = read_list(visitor, "documents", query)

    assert (page.status, page.count) == (200, 0)
    assert "Nothing matches all of these filters." in page.html
    for label in ("Text: quantum", "Region: Tibet", "Product: Deep"):
        assert f"without {label}" in page.html


# Bad values

BAD = {
    "field": ("no-such-field", "Field: “no-such-field” is not one of the choices here."),
    "region": ("atlantis", "Region: “atlantis” is not one of the choices here."),
    "group": ("x", "Group of regions: “x” is not one of the choices here."),
    "product": ("x", "Product: “x” is not one of the choices here."),
    "technology": ("x", "Technology: “x” is not one of the choices here."),
    "issuer": ("x", "Issuing agency: “x” is not one of the choices here."),
    "type": ("x", "Document type: “x” is not one of the choices here."),
    "level": ("x", "Level: “x” is not one of the choices here."),
    "status": ("draft", "Legal status: “draft” is not one of the choices here."),
    "confidence": ("x", "Confidence: “x” is not one of the choices here."),
    "sort": ("nonsense", "Sort: A list cannot be sorted by “nonsense”. Choose one of: -issued"),
    "issued_after": ("yesterday", "Dated on or after: Enter a date as year-month-day"),
    "issued_before": ("2024-13-45", "Dated on or before: Enter a date as year-month-day"),
    "in_force_on": ("0000-00-00", "In force on: Enter a date as year-month-day"),
    "changed_after": ("2024-1-1", "Record changed on or after: Enter a date as year-month-day"),
    "q": ("x" * 201, "Text: Ensure this value has at most 200 characters"),
}


@pytest.mark.parametrize("parameter", BAD)
def test_a_bad_value_is_answered_with_400_that_names_the_field(visitor, parameter):
    value, message = BAD[parameter]

    page = read_list(visitor, "documents", {parameter: value})

    assert page.status == 400
    assert escape(message) in page.results.replace("&quot;", "“") or message in page.html
    assert page.slugs("documents") == []


@pytest.mark.parametrize(
    ("name", "parameter"),
    [*((n, p) for n, p in PAIRS if n != "documents"), *DATE_PAIRS],
)
def test_every_list_answers_a_bad_value_with_400(visitor, name, parameter):
    assert read_list(visitor, name, {parameter: "§ nothing"}).status == 400


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1.5", "٣", "99999999999999999999", "1e9"])
def test_a_page_that_is_no_number_from_1_is_400(visitor, page):
    answer = read_list(visitor, "documents", {"page": page})

    assert answer.status == 400
    assert "A page is a whole number from 1." in answer.html


def test_a_page_past_the_end_is_404_in_words(visitor):
    answer = read_list(visitor, "documents", "page=99999")

    assert answer.status == 404
    last = -(-len(loaded_rows("documents")) // 25)
    assert f"There is no page 99999: this list ends with page {last}." in answer.html


def test_the_last_page_holds_the_rest(visitor):
    number = len(loaded_rows("documents"))
    last = -(-number // 25)

    page = read_list(visitor, "documents", {"page": last})

    assert len(page.slugs("documents")) == number - 25 * (last - 1)


JUNK = [
    "%00", "%FF%FE", "%ED%A0%80", "a" * 10_000, "-1", "0", "99999999999999999999", "1e9", "NaN",
    "0001-01-01", "9999-12-31", "9999999999-01-01", "';--", "%22%3E%3Cscript%3E",
    "%27%20OR%201=1", "*", "%22", "NEAR(", "%E9%87%8F", "..%2F..%2Fetc", "%E2%80%AE",
    "%F0%9F%98%80", "a:b^2", "%25", "%5C", "_", "__class__", "%0d%0aX:1", "None", "%C4%B0",
]  # fmt: skip
PARAMETERS = all_parameters()
EVERYWHERE = [*LISTS, *VOCABULARIES, "search"]


@pytest.mark.parametrize("name", every(3, [*LISTS, *VOCABULARIES, "search"]))
def test_nothing_a_visitor_types_breaks_the_site(visitor, name):
    thrown = dice(f"junk for {name}")
    queries = [f"q={junk}" for junk in JUNK]
    for _round in range(12):
        some = thrown.sample(PARAMETERS, 4)
        queries.append("&".join(f"{parameter}={thrown.choice(JUNK)}" for parameter in some))

    for query in queries:
        status = visitor.get(f"/en/{name}/?{query}").status_code
        assert status in {200, 302, 400, 404}, query


@pytest.mark.parametrize("name", [*LISTS, "technologies", "search"])
def test_markup_that_a_visitor_types_is_shown_as_text(visitor, name):
    html = visitor.get(f"/en/{name}/?q=<script>alert(1)</script>&sort=<b>&x=<i>").content.decode()

    assert "<script>alert(1)" not in html
    assert "<b>" not in html


# Public only


def test_a_draft_of_the_vocabulary_is_no_choice(visitor):
    region = Region.objects.get(slug="tibet")
    workflow.withdraw(region, user=None, note="Entered twice.")

    assert "tibet" not in read_list(visitor, "documents").options["region"]
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
