"""How near to the official text a claim was read: the evidence grade that readers see.

The column ``confidence`` is the word of an editor, and decides what may be published. Readers see
from which kind of source a claim was read: that in which its quoted words stand, else the best of
its sources. docs/decisions/0025-evidence-grade.md says why.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from futureind.publishing.models.records import Confidence
from futureind.publishing.models.sources import Source, SourceKind, SourceSeen
from futureind.publishing.workflow import has_column


class EvidenceGrade(models.TextChoices):
    """From the text itself down to what nobody has read yet."""

    OFFICIAL = "official", _("official text read")
    REPRINT = "reprint", _("reprint or law database read")
    REPORT = "report", _("press or research report")
    NOT_READ = "not-read", _("not yet read")


# What reading a source of a kind is worth.
GRADE_OF_KIND = {
    SourceKind.OFFICIAL: EvidenceGrade.OFFICIAL,
    SourceKind.REPRINT: EvidenceGrade.REPRINT,
    SourceKind.LAW_DATABASE: EvidenceGrade.REPRINT,
    SourceKind.EXPLANATION: EvidenceGrade.REPORT,
    SourceKind.MEDIA: EvidenceGrade.REPORT,
    SourceKind.RESEARCH: EvidenceGrade.REPORT,
    SourceKind.DATASET: EvidenceGrade.REPORT,
}
BEST_FIRST = list(EvidenceGrade)


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


def grade_of_source(source):
    """Return the EvidenceGrade of what is read in a source."""
    if source.seen != SourceSeen.READ:
        return EvidenceGrade.NOT_READ
    return GRADE_OF_KIND[source.kind]


def evidence_grade(claim):
    """Return the EvidenceGrade of a record or part: here alone it is decided.

    A quotation has the grade of the source that it was read in; without one the best source
    counts. What is still to be verified counts as not read, whatever its sources are.
    """
    if getattr(claim, "confidence", None) == Confidence.RECALLED:
        return EvidenceGrade.NOT_READ
    if getattr(claim, "quotation", ""):
        return grade_of_source(claim.quotation_source)
    return best(grade_of_source(source) for source in sources_of(claim))


def best(grades):
    """Return the best of some grades, NOT_READ where there is none."""
    return min(grades, key=BEST_FIRST.index, default=EvidenceGrade.NOT_READ)


def is_weaker(grade, other):
    """Tell whether a grade stands below another one."""
    return BEST_FIRST.index(grade) > BEST_FIRST.index(other)


def sureness(claim):
    """Return the Sureness of a record or part with a confidence."""
    if claim.confidence != Confidence.VERIFIED:
        return Sureness.RECALLED
    if evidence_grade(claim) == EvidenceGrade.NOT_READ:
        return Sureness.NOT_READ
    return Sureness.VERIFIED


# The same as conditions of a database


def of_grade(model, grades):
    """Return the condition on rows of a model that have one of these grades."""
    condition = Q(pk__in=())
    for grade in grades:
        condition |= has_grade(model, EvidenceGrade(grade))
    return condition


def has_grade(model, grade):
    condition = best_source_gives(model, grade)
    if has_column(model, "quotation"):
        quoted = Q(pk__in=model._base_manager.filter(quoted_from(grade)).values("pk"))
        condition = (Q(quotation="") & condition) | (~Q(quotation="") & quoted)
    if not has_column(model, "confidence"):
        return condition
    recalled = Q(confidence=Confidence.RECALLED)
    return recalled | condition if grade == EvidenceGrade.NOT_READ else ~recalled & condition


def quoted_from(grade):
    read = Q(quotation_source__seen=SourceSeen.READ)
    if grade == EvidenceGrade.NOT_READ:
        return ~read
    return read & Q(quotation_source__kind__in=kinds_of(grade))


def best_source_gives(model, grade):
    better = [kind for kind, of in GRADE_OF_KIND.items() if is_weaker(grade, of)]
    condition = ~was_read(model, better)
    return (
        condition
        if grade == EvidenceGrade.NOT_READ
        else condition & was_read(model, kinds_of(grade))
    )


def kinds_of(grade):
    return [kind for kind, of in GRADE_OF_KIND.items() if of == grade]


def was_read(model, kinds):
    """Return the condition that one of the sources is of these kinds and was read."""
    if has_column(model, "source"):
        return Q(source__seen=SourceSeen.READ, source__kind__in=kinds)
    has_own = any(field.name == "sources" for field in model._meta.many_to_many)
    holder = model if has_own else model._meta.get_field(sources_stand_in(model)).related_model
    here = OuterRef("pk" if has_own else f"{sources_stand_in(model)}_id")
    through = holder.sources.through
    of = next(f.name for f in through._meta.fields if f.related_model is holder)
    read = Source.objects.filter(seen=SourceSeen.READ, kind__in=kinds)
    return Q(Exists(through.objects.filter(**{of: here, "source__in": read})))


def of_sureness(model, values):
    """Return the condition on records of a model that have one of these values of Sureness."""
    unread = of_grade(model, [EvidenceGrade.NOT_READ])
    verified = Q(confidence=Confidence.VERIFIED)
    conditions = {
        Sureness.RECALLED: Q(confidence=Confidence.RECALLED),
        Sureness.NOT_READ: verified & unread,
        Sureness.VERIFIED: verified & ~unread,
    }
    condition = Q(pk__in=())
    for value in values:
        condition |= conditions[Sureness(value)]
    return condition
