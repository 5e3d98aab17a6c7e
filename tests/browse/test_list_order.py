"""Lists in their order: by date, region or change, and what has no date comes last."""

from datetime import date

import pytest

from catalog.models import Milestone, PolicyDocument, Target
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.models import RegionalPlan, Track
from tests.browse.list_page import all_slugs, read_list
from tests.browse.list_parameters import SIZES
from tests.chance import every

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


def days_of(slugs):
    dates = dict(PolicyDocument.objects.values_list("slug", "date"))
    return [dates[slug] for slug in slugs]


@pytest.mark.parametrize(("sort", "reverse"), [("-issued", True), ("issued", False), ("", True)])
def test_documents_stand_by_date_and_undated_ones_last(visitor, sort, reverse):
    state = {"sort": sort} if sort else {}
    dates = days_of(all_slugs(visitor, "documents", state, size=25))
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
