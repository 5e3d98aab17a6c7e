"""The only place that changes a publication state.

Every move is one transaction on the locked row, with who, when and why in the history; nobody
approves their own work.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.publishing import history, named
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.passages import NOT_LOCATED
from futureind.publishing.models.records import Confidence, PublicationState
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.slugs import FormerSlug

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


# What is in the way, and what is worth a second look


def publication_problems(record):
    """Return what keeps a record from being published, as a list of sentences (empty: nothing)."""
    problems = []
    if getattr(record, "confidence", None) == Confidence.RECALLED and record.requires_source:
        problems.append(_("It is still to be verified: nobody has read it in a source."))
    if record.requires_source and not record.sources.exists():
        problems.append(_("It names no source."))
    problems += [
        _("“%(name)s” is said to be verified and names no source.") % {"name": part}
        for part in parts_without_source(record)
    ]
    try:
        record.full_clean()
    except ValidationError as error:
        problems.extend(error.messages)
    return problems


def parts_without_source(record):
    """Yield the parts with sources of their own that claim to be verified and name none."""
    for name in record.parts:
        part_model = record._meta.get_field(name).related_model
        if has_column(part_model, "sources") and has_column(part_model, "confidence"):
            yield from getattr(record, name).filter(confidence=Confidence.VERIFIED, sources=None)


def publication_warnings(record):
    """Return what a reviewer should know before publishing, as a list of sentences."""
    warnings = []
    if has_column(type(record), "locator_zh") and not record.locator:
        warnings.append(_("It does not say where in the text it stands (locator)."))
    for name in record.parts:
        part_model = record._meta.get_field(name).related_model
        if has_column(part_model, "locator_zh"):
            count = getattr(record, name).filter(NOT_LOCATED).count()
            if count:
                warnings.append(
                    ngettext(
                        "%(kind)s: %(count)d row does not say where in the text it stands.",
                        "%(kind)s: %(count)d rows do not say where in the text they stand.",
                        count,
                    )
                    % {"kind": part_model._meta.verbose_name_plural, "count": count}
                )
    return warnings


def has_column(model, name):
    return any(field.name == name for field in (*model._meta.fields, *model._meta.many_to_many))


def is_author(user, target):
    """Tell whether somebody worked on a record or proposal since it was last approved."""
    return Authorship.objects.of(target).waiting().filter(author=user).exists()


def refuse_own_work(target, user):
    """Raise TransitionError where the user would approve their own work."""
    if user is not None and is_author(user, target):
        raise TransitionError([_("You worked on it yourself, so somebody else has to approve it.")])


def refuse_transition(record, state):
    """Raise TransitionError where a record cannot go from its state to another."""
    if state not in TRANSITIONS[State(record.publication_state)]:
        raise TransitionError(
            [
                _("A record that is %(now)s cannot become %(then)s.")
                % {"now": record.get_publication_state_display(), "then": State(state).label}
            ]
        )


def refuse_publishing(record, user, named_seen=None):
    """Raise TransitionError where a record is not to be published, or not by this user.

    Parameter: ``named_seen``, the versions of what it names that the user was shown, None where
    they were shown none. Returns the :class:`futureind.publishing.named.Decision` about these.
    """
    refuse_transition(record, State.PUBLISHED)
    refuse_own_work(record, user)
    decision = named.decision_about(record)
    if problems := publication_problems(record) + decision.problems(user, named_seen):
        raise TransitionError(problems)
    return decision


def refuse_unseen(record, seen):
    """Raise TransitionError where the record has changed since its revision ``seen`` was shown."""
    last = Revision.objects.of(record).defer("snapshot").first()
    if seen is not None and last is not None and last.pk != seen:
        raise TransitionError(
            [
                _("%(name)s changed it after you opened it. Look at it again.")
                % {"name": last.user_name or last.get_origin_display()}
            ]
        )


# Moves


def submit(record, *, user, note=""):
    """Hand a draft to the reviewers."""
    return change_state(record, State.IN_REVIEW, Action.SUBMITTED, user=user, note=note)


def send_back(record, *, user, note):
    """Return a record under review to its authors; ``note`` tells them what to mend."""
    require(note, _("Say what is to be mended."))
    return change_state(record, State.DRAFT, Action.RETURNED, user=user, note=note)


def publish(record, *, user, note="", seen=None, named_seen=None):
    """Make a record public, which approves all work on it.

    Parameters: ``user``, None for a command; ``seen``, the primary key of the last revision that
    the user was shown; ``named_seen``, those of what the record names. Raises TransitionError where
    the rules are against it, where the user is one of the authors, also of a source that becomes
    public, and where something has changed since it was seen.
    """
    return change_state(
        record,
        State.PUBLISHED,
        Action.PUBLISHED,
        user=user,
        note=note,
        seen=seen,
        named_seen=named_seen,
    )


def withdraw(record, *, user, note):
    """Take a record off the public pages; it keeps its slug and history. A reason is required."""
    require(note, _("Give the reason for withdrawing it."))
    return change_state(record, State.WITHDRAWN, Action.WITHDRAWN, user=user, note=note)


def require(note, message):
    if not note.strip():
        raise TransitionError([message])


@history.in_turn()
def change_state(record, state, action, *, user, note, seen=None, named_seen=None):
    """Move the locked row to a state and write its history.

    Returns the Revision. Raises TransitionError where the move is not in TRANSITIONS or, on the
    way to the public, where :func:`publication_problems` finds something or the work is one's own.
    """
    locked = type(record).objects.select_for_update().get(pk=record.pk)
    refuse_transition(locked, state)
    refuse_unseen(locked, seen)
    rests_on = None
    if state == State.PUBLISHED:
        decision = refuse_publishing(locked, user, named_seen)
        Authorship.objects.approve(locked, user)
        decision.approve(user)
        rests_on = decision.versions
    locked.publication_state = state
    locked.save(update_fields=["publication_state"])
    record.publication_state = state
    revision = history.record(locked, action, user=user, note=note, rests_on=rests_on)
    record.first_published_at = locked.first_published_at
    return revision


def pretend_published(record):
    """Make a record and its owners public, for a preview: the caller rolls it back."""
    for shown in record.decided_by:
        type(shown)._base_manager.filter(pk=shown.pk).update(publication_state=State.PUBLISHED)


@history.in_turn()
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
