"""What the catalogue adds to pages of the project: home and methods."""

from django.http import QueryDict
from django.utils import timezone

from catalog.filters import PolicyDocumentFilter, TargetFilter
from catalog.models import IndustryField, PolicyDocument, SymbolicProduct, Target
from catalog.models.commitments import TargetKind
from futureind.browse import additions
from futureind.browse.results import in_order
from futureind.publishing.evidence import EvidenceGrade, kinds_of
from futureind.search.index import number_of_public

NEWEST, DUE_NEXT = 6, 5
# Targets read at a time, to find the first of each of a few documents.
LOOKED_AT = 25


def register():
    additions.register("home.html", on_home)
    additions.register("methodology.html", on_methodology)


def on_home(context):
    return {
        "document_count": number_of_public(PolicyDocument),
        "target_count": number_of_public(Target),
        "fields": IndustryField.objects.public(),
        "products": SymbolicProduct.objects.public(),
        "newest_documents": newest_documents(NEWEST),
        "due_next": targets_due_next(DUE_NEXT),
    }


def on_methodology(context):
    return {"grades": [(grade, kinds_of(grade)) for grade in EvidenceGrade]}


def newest_documents(number):
    """Return the public documents of the latest dates up to today."""
    asked = QueryDict(f"issued_before={timezone.localdate()}")
    results = PolicyDocumentFilter(asked, PolicyDocument.objects.public()).results
    return in_order(PolicyDocument.objects.select_related("region"), results.pks(0, number))


def targets_due_next(number):
    """Return the measurable public targets that fall due next, the first of each document."""
    asked = QueryDict(f"kind={TargetKind.QUANTITATIVE}&due_after={timezone.localdate()}")
    results = TargetFilter(asked, Target.objects.public()).results
    targets = Target.objects.select_related("unit__base_unit", "document__region")
    first_of = {}
    for start in range(0, results.count(), LOOKED_AT):
        for target in in_order(targets, results.pks(start, start + LOOKED_AT)):
            first_of.setdefault(target.document_id, target)
        if len(first_of) >= number:
            break
    return list(first_of.values())[:number]
