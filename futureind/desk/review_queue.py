"""The list of what is public and has not been looked at by anybody for six months, with owners."""

from dataclasses import replace

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.desk.models import Verification
from futureind.desk.queues import SIX_MONTHS, Queue, entry_of, named, reviewed_models
from futureind.publishing.models.records import is_taxonomy, public_condition
from futureind.publishing.models.revisions import Revision


def looked_after():
    """Return the models that analysts look after; the taxonomy changes by decision alone."""
    return [model for model in reviewed_models() if not is_taxonomy(model)]


def by_people(revisions):
    """Return the versions that a person made or decided; the name outlives the account."""
    return revisions.exclude(user_name="")


def not_looked_at(user):
    """Return public records of which nothing says that a person saw them within six months.

    Seen means changed, approved or published by a person, or verified. What has been on record for
    less than six months waits for nobody yet.
    """
    return [
        model._base_manager.filter(
            not_seen_since(model, timezone.now() - SIX_MONTHS), public_condition(model)
        )
        for model in looked_after()
    ]


def not_seen_since(model, since):
    kind = ContentType.objects.get_for_model(model)
    revisions = Revision.objects.filter(content_type=kind)
    known = revisions.filter(created_at__lt=since)
    seen = by_people(revisions.filter(created_at__gte=since))
    verified = Verification.objects.filter(content_type=kind, at__gte=since)
    return (
        Q(pk__in=known.order_by().values("object_id"))
        & ~Q(pk__in=seen.order_by().values("object_id"))
        & ~Q(pk__in=verified.order_by().values("object_id"))
    )


def with_last_look(model):
    """Return the rows of a model with who saw a record last, and when."""
    kind = ContentType.objects.get_for_model(model)
    of_record = {"content_type": kind, "object_id": OuterRef("pk")}
    last = by_people(Revision.objects.filter(**of_record)).order_by("-id")
    read = Verification.objects.filter(**of_record).order_by("-at")
    return named(model).annotate(
        revised_by=Subquery(last.values("user_name")[:1]),
        revised_at=Subquery(last.values("created_at")[:1]),
        verified_by=Subquery(read.values("user_name")[:1]),
        verified_at=Subquery(read.values("at")[:1]),
    )


def entry_of_unseen(record, changed_at):
    looks = [(record.revised_at, record.revised_by), (record.verified_at, record.verified_by)]
    looks = [(at, who) for at, who in looks if at is not None]
    entry = entry_of(record, max(looks)[0] if looks else None)
    seen = _("last seen by %(name)s") % {"name": max(looks)[1]} if looks else _("seen by nobody")
    return replace(entry, detail=f"{entry.detail} · {seen}")


REVIEW_QUEUES = [
    Queue(
        "review-due",
        gettext_lazy("Public, and seen by nobody for six months"),
        not_looked_at,
        entry_of_unseen,
        columns=("changed_at",),
        # What stands unchanged for longest comes first.
        order=("changed_at", "label", "key"),
        read=with_last_look,
    )
]
