"""The only place that changes a publication state."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from futureind.publishing import history
from futureind.publishing.history import Action
from futureind.publishing.records import Confidence, PublicationState
from futureind.publishing.slugs import FormerSlug

State = PublicationState

TRANSITIONS = {
    State.DRAFT: {State.IN_REVIEW, State.PUBLISHED},
    State.IN_REVIEW: {State.DRAFT, State.PUBLISHED},
    State.PUBLISHED: {State.WITHDRAWN},
    State.WITHDRAWN: {State.PUBLISHED},
}


class TransitionError(Exception):
    """A change of state that is not allowed; ``problems`` says why, in words."""

    def __init__(self, problems):
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


def publication_problems(record):
    """Return what keeps a record from being published, as a list of sentences (empty: nothing)."""
    problems = []
    if getattr(record, "confidence", None) == Confidence.RECALLED and record.requires_source:
        problems.append(_("It is still to be verified: nobody has read it in a source."))
    if record.requires_source and not record.sources.exists():
        problems.append(_("It names no source."))
    try:
        record.full_clean()
    except ValidationError as error:
        problems.extend(error.messages)
    return problems


def publish(record, *, user, note=""):
    """Make a record public. Raises TransitionError where the rules are against it."""
    return change_state(record, State.PUBLISHED, Action.PUBLISHED, user=user, note=note)


def withdraw(record, *, user, note=""):
    """Take a record off the public pages; it keeps its slug and history."""
    return change_state(record, State.WITHDRAWN, Action.WITHDRAWN, user=user, note=note)


@transaction.atomic
def change_state(record, state, action, *, user, note):
    """Move the locked row to a state and write its history.

    Returns the Revision. Raises TransitionError where the move is not in TRANSITIONS or, on the
    way to the public, where :func:`publication_problems` finds something.
    """
    locked = type(record).objects.select_for_update().get(pk=record.pk)
    if state not in TRANSITIONS[State(locked.publication_state)]:
        raise TransitionError(
            [
                _("A record that is %(now)s cannot become %(then)s.")
                % {"now": locked.get_publication_state_display(), "then": State(state).label}
            ]
        )
    if state == State.PUBLISHED and (problems := publication_problems(locked)):
        raise TransitionError(problems)
    locked.publication_state = state
    locked.save(update_fields=["publication_state"])
    record.publication_state = state
    return history.record(locked, action, user=user, note=note)


@transaction.atomic
def rename(record, slug, *, user, note=""):
    """Give a record a new slug; the old one, once public, redirects for good.

    Returns the Revision. Raises ValidationError where the new slug is taken or not a slug.
    """
    locked = type(record).objects.select_for_update().get(pk=record.pk)
    former = locked.slug
    locked.slug = slug
    locked.full_clean()
    locked.save(update_fields=["slug"])
    FormerSlug.objects.filter(
        content_type__app_label=locked._meta.app_label,
        content_type__model=locked._meta.model_name,
        object_id=locked.pk,
        slug=slug,
    ).delete()
    if locked.was_published and former != slug:
        FormerSlug.objects.create(record=locked, slug=former)
    record.slug = slug
    return history.record(locked, Action.RENAMED, user=user, note=note)
