"""What the catalogue adds to pages of the project: home and methods."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.filters import PolicyDocumentFilter, TargetFilter, query_of, targets_under
from catalog.models import Agency, GlossaryTerm, PolicyDocument, Target
from catalog.models.commitments import TargetKind
from catalog.numbers import target_amount
from catalog.promises import due_groups
from futureind.browse import additions
from futureind.browse.addresses import list_address
from futureind.browse.results import in_order
from futureind.browse.templatetags.tracker import by_precision
from futureind.core.bilingual import CHINESE, BilingualText, active_language
from futureind.publishing.evidence import EvidenceGrade, kinds_of
from futureind.search.index import number_of_public

NEWEST, DUE_SHOWN = 6, 6
# Targets read at a time, to find the first of each of a few documents.
LOOKED_AT = 25


def register():
    additions.register("home.html", on_home)
    additions.register("methodology.html", on_methodology)
    additions.register("search.html", on_search)


def on_search(context):
    """Facts about the document, target, agency or term that a query means, and ways on."""
    best = context["best"]
    about = best and ABOUT.get(type(best["record"]))
    return {"best": best | about(best["record"])} if about else {}


def about_document(document):
    facts = [
        (_("Document number"), BilingualText(document.document_number, CHINESE, active_language())),
        (_("Date"), document.date),
        (_("Legal status"), document.get_legal_status_display()),
    ]
    targets = document.targets.public().count()
    words = ngettext("%(n)s target", "%(n)s targets", targets) % {"n": targets}
    address = f"{reverse('target-list')}?{urlencode({'document': document.slug})}"
    return {
        "facts": [(label, value) for label, value in facts if value],
        "sentence": document.summary,
        "ways": [(words, address)] if targets else [],
    }


def about_target(target):
    due = target.due_date and by_precision(target.due_date, target.due_precision)
    facts = [
        (_("Amount"), target_amount(target)),
        (_("Due"), due or _("no date stated")),
        (_("Region"), target.document.region.name if target.document.region else _("National")),
    ]
    document = (target.document.title.plain, target.document.get_absolute_url())
    return {"facts": [(label, value) for label, value in facts if value], "ways": [document]}


def about_agency(agency):
    documents = agency.documents.public().count()
    words = ngettext("%(n)s document", "%(n)s documents", documents) % {"n": documents}
    address = f"{reverse('document-list')}?{urlencode({'issuer': agency.slug})}"
    return {"sentence": agency.role, "ways": [(words, address)] if documents else []}


def about_term(term):
    return {"sentence": term.definition}


ABOUT = {
    PolicyDocument: about_document,
    Target: about_target,
    Agency: about_agency,
    GlossaryTerm: about_term,
}


def on_home(context):
    today = timezone.localdate()
    return {
        "document_count": number_of_public(PolicyDocument),
        "newest_documents": newest_documents(NEWEST, today),
        "due": due_this_year(today),
    }


def on_methodology(context):
    return {"grades": [(grade, kinds_of(grade)) for grade in EvidenceGrade]}


def newest_documents(number, today):
    """Return the public documents of the latest dates up to a day, with their sources."""
    asked = QueryDict(f"issued_before={today}")
    results = PolicyDocumentFilter(asked, PolicyDocument.objects.public()).results
    records = PolicyDocument.objects.select_related("region").prefetch_related("sources")
    return in_order(records, results.pks(0, number))


@dataclass(frozen=True)
class DueThisYear:
    """What falls due from today to the last day of the year.

    ``targets`` are the first measurable ones of some documents, out of the ``number`` that the
    list holds at ``address``; of ``passed`` targets the day has passed, and nobody checked them.
    """

    last_day: date
    targets: list
    number: int
    address: str
    passed: int
    passed_address: str


def due_this_year(today):
    last_day = date(today.year, 12, 31)
    within = {"due_after": [str(today)], "due_before": [str(last_day)]}
    passed = next(g.parameters for g in due_groups(today) if g.key == "passed")
    return DueThisYear(
        last_day,
        first_of_each_document({**within, "kind": [TargetKind.QUANTITATIVE.value]}, DUE_SHOWN),
        targets_under(within).count(),
        list_address("target-list", TargetFilter, query_of(within)),
        targets_under(passed).count(),
        list_address("target-list", TargetFilter, query_of(passed)),
    )


def first_of_each_document(asked, number):
    """Return the target that falls due first of each of the first documents in a list."""
    results = targets_under(asked)
    targets = Target.objects.select_related("unit__base_unit", "document__region")
    first_of = {}
    for start in range(0, results.count(), LOOKED_AT):
        for target in in_order(targets, results.pks(start, start + LOOKED_AT)):
            first_of.setdefault(target.document_id, target)
        if len(first_of) >= number:
            break
    return list(first_of.values())[:number]
