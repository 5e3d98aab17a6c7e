"""What the pages of the admin are tried on: records, and what is about them, by one author."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from catalog.models import PolicyDocument
from futureind.desk.models import LinkCheck, MachineRendering, StaleTranslation, Verification
from futureind.publishing import history, merges, preview_links, proposals, scheduling, workflow
from futureind.publishing.models.merges import Merge
from futureind.publishing.models.preview_links import PreviewLink
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import Reviewed
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.schedules import Move, Schedule
from futureind.publishing.models.sources import Source
from futureind.publishing.snapshots import snapshot
from tests.editing.form_robot import CANARY
from tests.factories import make_document, make_import, make_source


def user_of(role):
    return get_user_model().objects.filter(username=role).first()


def public_record(model):
    """Return a record that visitors see, with sources of its own where it names some."""
    if model is Source:
        source = make_source()
        make_document(published=True, sources=[source])
        return source
    records = model._default_manager
    public = records.public() if hasattr(records.all(), "public") else records.all()
    return public.first() or records.first()


def subjects(model, role):
    """Return what the pages of a model are tried on, by what it is; ``role`` is its only author."""
    user = user_of(role)
    if model is Proposal:
        return {"proposal": proposal_by(user)}
    if model is Schedule:
        later = timezone.now() + timedelta(days=1)
        return {"schedule": scheduling.schedule(make_document(), Move.PUBLISH, later, user=None)}
    if model is Merge:
        return {"merge": merges.merge(make_source(), make_source(), user=None)}
    if model is PreviewLink:
        return {"link": preview_links.share(make_document(), user=None, days=1)}
    if model is LinkCheck:
        return {"link": LinkCheck.objects.create(digest="0", address="https://example.org/")}
    if model in (MachineRendering, StaleTranslation):
        return {
            "note": model.objects.create(
                record=PolicyDocument.objects.public().first(), path="title"
            )
        }
    if model is Verification:
        read = {"source": make_source(), "read_on": "2026-01-05"}
        return {
            "note": Verification.objects.create(
                record=PolicyDocument.objects.public().first(), **read
            )
        }
    if model._meta.model_name == "import":
        return {"import": make_import(role if user else "contributor")}
    record = public_record(model)
    if record is None:
        return {}
    found = {"public": record}
    if issubclass(model, Reviewed):
        found["draft"] = draft_by(user, record)
        found["withdrawn"] = withdrawn(record)
    return found


def proposal_by(user):
    document = PolicyDocument.objects.public().first()
    held = snapshot(document)
    wanted = {**held, "fields": held["fields"] | {"title_en": CANARY}}
    return proposals.propose(document, wanted, user or user_of("contributor"))


def draft_by(user, like):
    """Turn another record of a kind into a draft that somebody just wrote."""
    others = type(like)._base_manager.exclude(pk=like.pk).filter(publication_state="published")
    record = others.last() or like
    type(like)._base_manager.filter(pk=record.pk).update(publication_state="draft")
    record.refresh_from_db()
    history.record(record, Action.EDITED, user=user)
    return record


def withdrawn(like):
    others = type(like)._base_manager.exclude(pk=like.pk)
    record = others.filter(publication_state="published").first()
    if record is None:
        return like
    workflow.withdraw(record, user=None, note="Wrong")
    return record
