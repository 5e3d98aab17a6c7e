"""The sources and units that a record refers to, and the revisions in which a reviewer saw them.

They have no publication state of their own and become public with what names them. Whoever
publishes a record, or approves a change of it, approves them as well: in their last revision, which
has to be the one that was shown (an optimistic lock).
"""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils.translation import gettext as _

from futureind.core.asked import number_in
from futureind.publishing.differences import differences
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.records import Recorded, Reviewed
from futureind.publishing.models.revisions import Revision
from futureind.publishing.snapshots import parts_of, read_ahead, snapshot
from futureind.publishing.usage import named_in_public


@dataclass(frozen=True)
class Named:
    """A source or unit that a record refers to, as a reviewer is shown it.

    ``version`` is its last revision, None where it has none; ``becomes_public``, that visitors see
    it from this decision on, and ``holds`` what they will see, as pairs of a label and a text.
    """

    record: Recorded
    version: Revision | None
    becomes_public: bool
    holds: tuple[tuple[str, str], ...]


def named_by(record):
    """Return the records without a state that a record and its parts refer to, each once."""
    found = {}
    for row in rows_of(read_ahead(type(record)._base_manager).get(pk=record.pk)):
        for field in (*row._meta.concrete_fields, *row._meta.many_to_many):
            if has_no_state(field.related_model):
                names = getattr(row, field.name)
                for other in names.all() if field.many_to_many else filter(None, [names]):
                    found.setdefault((type(other), other.pk), other)
    for other in [one for one in found.values() if names_such(type(one))]:
        # A unit refers to its base unit.
        found |= {(type(below), below.pk): below for below in named_by(other)}
    return list(found.values())


def names_such(model):
    return any(
        has_no_state(f.related_model) for f in (*model._meta.fields, *model._meta.many_to_many)
    )


def has_no_state(model):
    return model is not None and issubclass(model, Recorded) and not issubclass(model, Reviewed)


def rows_of(record):
    """Yield a record and its parts, those of parts as well."""
    yield record
    for name in getattr(record, "parts", ()):
        for part in parts_of(record, name):
            yield from rows_of(part)


def by_model(records):
    """Return ``{model: keys}`` of records."""
    found = {}
    for record in records:
        found.setdefault(type(record), []).append(record.pk)
    return found


def versions_of(records):
    """Return ``{(model, key): key of the last revision}`` of records that have one."""
    found = {}
    for model, pks in by_model(records).items():
        kind = ContentType.objects.get_for_model(model)
        rows = Revision.objects.filter(content_type=kind, object_id__in=pks).order_by()
        last = rows.values_list("object_id").annotate(last=Max("pk"))
        found |= {(model, pk): version for pk, version in last}
    return found


def becoming_public(named, record, before=()):
    """Return which of the named records visitors will see only through this record.

    ``before`` is what the record named so far, where it is public.
    """
    public = {
        (model, pk)
        for model, pks in by_model(named).items()
        for pk in named_in_public(model, pks, besides=record)
    }
    return [one for one in named if (type(one), one.pk) not in public and one not in before]


def shown(record, before=()):
    """Return all that a record names as a list of :class:`Named`.

    The versions are read first, so that what is shown may be newer, and is then out of date.
    """
    named = named_by(record)
    versions = versions_of(named)
    fresh = {model: model._base_manager.in_bulk(pks) for model, pks in by_model(named).items()}
    revisions = Revision.objects.defer("snapshot").in_bulk(versions.values())
    new = becoming_public(named, record, before)
    return [
        Named(
            fresh[type(one)][one.pk],
            revisions.get(versions.get((type(one), one.pk))),
            one in new,
            held(fresh[type(one)][one.pk]) if one in new else (),
        )
        for one in named
        if one.pk in fresh[type(one)]
    ]


def held(record):
    """Return what a record holds, as pairs of a label and a text."""
    found = differences(None, snapshot(record), type(record))
    return tuple((" › ".join(difference.path), difference.after) for difference in found)


def token(versions):
    """Return keys of revisions as the value of a hidden form field."""
    return "-".join(map(str, versions))


def read_token(text):
    """Return the keys of revisions in a hidden form field, None where there was no field.

    A value that was tampered with gives no keys: then no revision counts as seen.
    """
    if text is None:
        return None
    keys = [number_in(key) for key in text.split("-")] if text else []
    return [] if None in keys else keys


# Deciding


@dataclass(frozen=True)
class Decision:
    """What is decided together with a record: what it refers to, and what becomes public.

    To be computed in the transaction of the decision, with the record as it will be.
    """

    named: list
    new: list
    versions: list[int]

    def problems(self, user, seen):
        """Return the reasons against the decision, as a list of sentences.

        Parameters: ``user``, who decides, None for a command; ``seen``, the keys of the revisions
        that they were shown, None where they were shown none.
        """
        found = []
        if seen is not None and (unseen := set(self.versions) - set(seen)):
            for revision in Revision.objects.defer("snapshot").filter(pk__in=unseen):
                who = revision.user_name or revision.get_origin_display()
                text = _("“%(record)s” was changed by %(name)s after you looked. Look at it again.")
                found.append(text % {"record": revision.record_name, "name": who})
        for record in self.new:
            if user is not None and Authorship.objects.of(record).waiting().filter(author=user):
                text = _(
                    "You worked on “%(name)s”, which becomes public with it, so somebody else has "
                    "to approve it."
                )
                found.append(text % {"name": record})
        return found

    def approve(self, user):
        """Record that ``user`` approved what becomes public."""
        for record in self.new:
            Authorship.objects.approve(record, user)


def decision_about(record, before=()):
    """Return the :class:`Decision` about a record; ``before`` as in :func:`becoming_public`."""
    named = named_by(record)
    versions = sorted(versions_of(named).values())
    return Decision(named, becoming_public(named, record, before), versions)
