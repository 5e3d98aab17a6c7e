"""What the home page shows of regions: who names what, and where to begin."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import IndustryField, SymbolicProduct
from futureind.browse.kept_records import public_records
from regions.counts import last_checked_on, numbers_read, standings
from regions.evidence import evidence_of_record
from regions.findings.home import finding_of_home
from regions.naming import namings


def on_home(context):
    found = standings(with_cities=False)
    return {
        "finding": finding_of_home(found),
        "questions": example_questions({standing.region.slug for standing in found}),
        "regions_read": sum(1 for standing in found if standing.tracks),
        "field_rows": rows_by_naming("field", IndustryField),
        "product_rows": rows_by_naming("product", SymbolicProduct),
        "readings": numbers_read(found),
        "region_count": len(found),
        "last_checked_on": last_checked_on(),
        "documents": evidence_of_record()[0],
    }


def rows_by_naming(kind, model):
    """Return ``(record, its Naming, regions in no plan in force, its colour)``, most first."""
    counts = namings(kind)
    rows = [(record, counts[pk]) for pk, record in public_records(model).items() if pk in counts]
    rows.sort(key=lambda row: -row[1].regions)
    return [
        (record, naming, naming.regions - naming.in_force, getattr(record, "code", "").lower())
        for record, naming in rows
    ]


def example_questions(regions):
    """Return ``(address, question)`` of what a newcomer may ask, of records that there are."""
    today = timezone.localdate()
    last_day = date(today.year, 12, 31)
    questions = []
    product = "brain-computer-interfaces"
    if any(record.slug == product for record in public_records(SymbolicProduct).values()):
        questions.append(
            (reverse("product", args=[product]), _("Who bets on brain-computer interfaces?"))
        )
    questions.append(
        (
            f"{reverse('target-list')}?due_after={today}&due_before={last_day}",
            _("What falls due by the end of %(year)s?") % {"year": today.year},
        )
    )
    if {"shanghai", "beijing"} <= regions:
        compared = f"{reverse('compare')}?region=beijing&region=shanghai"
        questions.append((compared, _("How do Shanghai and Beijing differ?")))
    return questions
