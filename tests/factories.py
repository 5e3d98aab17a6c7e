"""Records for tests, each valid and as small as it may be.

Every function takes the columns that a test cares about; ``published=True`` gives the record (and
what it stands on) a source and makes it public through the workflow.
"""

from datetime import date
from itertools import count

from django.contrib.auth import get_user_model

from catalog.models import Agency, PolicyDocument, Region, Target, TargetAssessment, Technology
from futureind.exchange.models import Import
from futureind.publishing import history, proposals, workflow
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.sources import Source
from futureind.publishing.snapshots import snapshot
from regions.models import RegionalPlan, Track

numbers = count(1)


def stored(record, *, published=False, sources=()):
    """Save a record with its sources and its first version; make it public where asked."""
    record.full_clean()
    record.save()
    if sources:
        record.sources.set(sources)
    # As the database keeps it: numbers get their decimals there.
    record.refresh_from_db()
    history.record(record, Action.CREATED)
    if published:
        workflow.publish(record, user=None)
    return record


def make_source(**columns):
    number = next(numbers)
    columns = {
        "slug": f"test-source-{number}",
        "title": f"测试来源 {number}",
        "publisher": "测试出版社",
        "kind": "official",
        "language": "zh",
        "url": f"https://example.org/source/{number}",
        **columns,
    }
    return stored(Source(**columns))


def make_region(*, published=False, **columns):
    number = next(numbers)
    columns = {
        "slug": f"test-region-{number}",
        "code": f"{990000 + number}",
        "name_en": f"Test Province {number}",
        "name_zh": f"测试省 {number}",
        "level": "province",
        **columns,
    }
    return stored(Region(**columns), published=published)


def make_agency(*, published=False, **columns):
    number = next(numbers)
    columns = {
        "slug": f"test-agency-{number}",
        "name_en": f"Test Ministry {number}",
        "name_zh": f"测试部 {number}",
        "level": "ministry",
        **columns,
    }
    return stored(Agency(**columns), published=published)


def make_technology(*, published=False, **columns):
    number = next(numbers)
    columns = {
        "slug": f"test-technology-{number}",
        "name_en": f"Test technology {number}",
        "name_zh": f"测试技术 {number}",
        **columns,
    }
    return stored(Technology(**columns), published=published)


def make_document(*, published=False, sources=None, **columns):
    number = next(numbers)
    columns = {
        "slug": f"test-document-{number}",
        "title_en": f"Test Opinions {number}",
        "title_zh": f"测试意见 {number}",
        "document_type": "opinions",
        "level": "provincial" if columns.get("region") else "national",
        "issued_date": date(2025, 1, 15),
        **columns,
    }
    sources = [make_source()] if sources is None else sources
    return stored(PolicyDocument(**columns), published=published, sources=sources)


def make_target(*, published=False, document=None, sources=None, **columns):
    number = next(numbers)
    columns = {
        "document": document or make_document(published=published),
        "slug": f"test-target-{number}",
        "kind": "qualitative",
        "statement_en": f"Reach the front rank {number}",
        "statement_zh": f"进入前列 {number}",
        **columns,
    }
    sources = [make_source()] if sources is None else sources
    return stored(Target(**columns), published=published, sources=sources)


def make_assessment():
    """Make an assessment that a target of its own was met."""
    return TargetAssessment.objects.create(
        target=make_target(), assessed_on=date(2026, 1, 1), verdict="met", source=make_source()
    )


def make_plan(*, published=False, tracks=0, **columns):
    """Make a plan with its region and document, and with so many tracks."""
    number = next(numbers)
    region = columns.pop("region", None) or make_region(published=published)
    document = columns.pop("document", None) or make_document(published=published, region=region)
    columns = {
        "slug": f"test-plan-{number}",
        "region": region,
        "document": document,
        "horizon_year": 2030,
        **columns,
    }
    plan = stored(RegionalPlan(**columns))
    for _number in range(tracks):
        make_track(plan=plan)
    if published:
        workflow.publish(plan, user=None)
    return plan


def make_track(*, plan=None, sources=None, **columns):
    """Make a track, read where its document was; it is public when its plan is."""
    number = next(numbers)
    plan = plan or make_plan()
    columns = {
        "plan": plan,
        "slug": f"{plan.slug}--track-{number}",
        "tier": "area",
        "order": number % 1000,
        "name_en": f"Test track {number}",
        "name_zh": f"测试赛道 {number}",
        **columns,
    }
    track = Track(**columns)
    track.full_clean()
    track.save()
    track.sources.set(plan.document.sources.all() if sources is None else sources)
    history.record(plan, Action.EDITED)
    return track


def make_proposal(record=None, user=None, **columns):
    """Make a proposal to change columns of a published record, by default the English title."""
    record = record or make_document(published=True)
    held = snapshot(record)
    columns = columns or {"title_en": f"Proposed title {next(numbers)}"}
    return proposals.propose(record, {**held, "fields": held["fields"] | columns}, user)


def make_import(username="contributor"):
    """Make an import of an empty file, uploaded and not checked yet."""
    user = get_user_model().objects.get(username=username)
    return Import.objects.create(name="plans.xlsx", user=user)
