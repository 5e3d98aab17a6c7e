"""How sure a claim is to a reader: what is called verified was read in one of its sources.

The column ``confidence`` is the word of an editor. A record may be verified on the word of a text
that quotes another one; while nobody has read what it rests on, pages and exports say so.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from futureind.publishing.models.records import Confidence
from futureind.publishing.models.sources import Source, SourceSeen


class Sureness(models.TextChoices):
    """A claim was read in a source, rests on sources that nobody read, or is to be verified."""

    VERIFIED = Confidence.VERIFIED.value, _("verified")
    NOT_READ = "source-not-read", _("source not read")
    RECALLED = Confidence.RECALLED.value, _("to be verified")


def sources_of(claim):
    """Return the sources of a claim; what has none of its own stands on those of another record."""
    if hasattr(claim, "sources"):
        return claim.sources.all()
    if hasattr(claim, "source"):
        return [claim.source]
    return sources_of(getattr(claim, sources_stand_in(type(claim))))


def sources_stand_in(model):
    """Return the name of the record whose sources are those of a model without any."""
    return getattr(model, "sources_stand_in", None) or model.owner_field


def sureness(claim):
    """Return the Sureness of a record or part with a confidence."""
    if claim.confidence != Confidence.VERIFIED:
        return Sureness.RECALLED
    sources = sources_of(claim)
    if sources and all(source.seen != SourceSeen.READ for source in sources):
        return Sureness.NOT_READ
    return Sureness.VERIFIED


def not_read(model):
    """Return the condition on records of a model that :func:`sureness` calls not read."""
    has_own = any(field.name == "sources" for field in model._meta.many_to_many)
    holder = model if has_own else model._meta.get_field(sources_stand_in(model)).related_model
    here = OuterRef("pk" if has_own else f"{sources_stand_in(model)}_id")
    through = holder.sources.through
    of = next(f.name for f in through._meta.fields if f.related_model is holder)
    rows = through.objects.filter(**{of: here})
    read = Source.objects.filter(pk=OuterRef("source_id"), seen=SourceSeen.READ)
    return Q(Exists(rows), ~Exists(rows.filter(Exists(read))), confidence=Confidence.VERIFIED)


def of_sureness(model, values):
    """Return the condition on records of a model that have one of these values of Sureness."""
    condition = Q(pk__in=())
    if Sureness.RECALLED in values:
        condition |= Q(confidence=Confidence.RECALLED)
    if Sureness.NOT_READ in values:
        condition |= not_read(model)
    if Sureness.VERIFIED in values:
        condition |= Q(confidence=Confidence.VERIFIED) & ~not_read(model)
    return condition
