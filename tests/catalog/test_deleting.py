"""What can be deleted, and what others stand on or was once published cannot."""

import pytest
from django.apps import apps
from django.db.models import ProtectedError, RestrictedError

from catalog.models import GlossaryTerm, Unit
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.slugged import Publishable
from futureind.publishing.models.sources import Source
from regions.models import RegionalPlan, Track
from tests.factories import (
    make_agency,
    make_assessment,
    make_plan,
    make_target,
    make_technology,
    make_track,
)

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

PUBLISHED = [model for model in apps.get_models() if issubclass(model, Publishable)]


@pytest.mark.parametrize("model", PUBLISHED)
def test_what_was_once_published_is_never_deleted(model):
    record = model.objects.public().first()

    with pytest.raises(ProtectedError):
        record.delete()
    with pytest.raises(ProtectedError):
        model.objects.filter(pk=record.pk).delete()
    workflow.withdraw(record, user=None, note="Entered twice.")
    with pytest.raises(ProtectedError):
        record.delete()
    assert model.objects.filter(pk=record.pk).exists()


def test_a_draft_is_deleted_with_its_parts():
    plan = make_plan(tracks=2)

    plan.delete()

    assert not RegionalPlan.objects.filter(pk=plan.pk).exists()
    assert not Track.objects.filter(slug__startswith=plan.slug).exists()


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_plan().document,
        lambda: make_plan().region,
        lambda: make_target().document,
        lambda: make_technology(parent=make_technology()).parent,
        lambda: make_agency(parent=make_agency()).parent,
        lambda: make_assessment().source,
        lambda: (
            make_track(parent=None, plan=make_plan())
            .children.model.objects.exclude(parent=None)[0]
            .parent
        ),
        lambda: Source.objects.filter(indicator_points__isnull=False).first(),
        lambda: Unit.objects.filter(targets__isnull=False).first(),
    ],
)
def test_what_others_stand_on_is_not_deleted(make):
    record = make()

    with pytest.raises((ProtectedError, RestrictedError)):
        record.delete()
    assert type(record)._base_manager.filter(pk=record.pk).exists()


def test_history_needs_no_record_to_be_read():
    term = GlossaryTerm(slug="t", term_en="t", term_zh="t", category="concept")
    term.full_clean()
    term.save()
    history.record(term, Action.CREATED)
    [pk] = [term.pk]
    history.record(term, Action.DELETED)
    term.delete()

    kept = Revision.objects.filter(object_id=pk, record_name__startswith="t")
    assert [revision.action for revision in kept] == ["deleted", "created"]
