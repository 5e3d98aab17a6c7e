"""A name that changes shows on the next request, wherever it stands."""

import pytest
from django.db.models import Count

from catalog.models import Agency, IndustryField, PolicyDocument, Region, Technology
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.models import RegionalPlan, Track
from tests.chance import every

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LISTS = ["documents", "plans", "tracks", "targets", "milestones", "indicators"]
RECORDS = {
    "agency": lambda: Agency.objects.public().get(slug="miit"),
    "field": lambda: IndustryField.objects.public().get(slug="future-health"),
    "region": lambda: Region.objects.public().get(slug="jiangsu"),
    "technology": lambda: technology_that_no_track_is_called(),
}


def technology_that_no_track_is_called():
    """Return a technology whose name stands on pages as its own alone.

    The most often named one, since forms of lists show the options with most results.
    """
    named = Technology.objects.public().filter(track_mappings__match="exact")
    own = named.exclude(name_en__in=Track.objects.values("name_en"))
    return own.annotate(number=Count("track_mappings")).order_by("-number", "pk").first()


def pages(client, record, name):
    """Return the addresses of lists, of the start page and the record's own that show a name."""
    addresses = [f"/en/{name}/" for name in LISTS] + [record.get_absolute_url(), "/en/"]
    return [a for a in addresses if f">{name}<" in client.get(a).content.decode()]


@pytest.mark.parametrize("kind", every(2, RECORDS))
def test_a_name_changes_on_every_list_with_the_next_request(client, kind):
    record = RECORDS[kind]()
    column = "short_name_en" if kind == "field" else "name_en"
    former = getattr(record, column)
    before = pages(client, record, former)

    setattr(record, column, "Zanzibar Works")
    record.save()
    history.record(record, Action.EDITED)

    assert len(before) >= 2
    assert pages(client, record, former) == []
    assert pages(client, record, "Zanzibar Works") == before


def test_a_renamed_region_is_found_under_its_new_name_in_every_kind(client):
    region = RECORDS["region"]()
    region.name_en = "Zanzibar"
    region.save()
    history.record(region, Action.EDITED)

    for name, records in {
        "documents": PolicyDocument.objects.public().filter(region=region),
        "plans": RegionalPlan.objects.public().filter(region=region),
        "tracks": Track.objects.public().filter(plan__region=region),
    }.items():
        found = client.get(f"/en/{name}.json?q=zanzibar").json()
        assert found["count"] == records.count() > 0
