"""Synthetic documents with plans, tracks and targets, for benchmarks and load tests.

What is made here has the shape of real records, but every word of it is invented: it must never
come near fixtures or a public site. One seed always gives the same records.
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from benchmarks.corpus.text import Named, Skewed, towns, write_text
from catalog.models import (
    Agency,
    Basis,
    DocumentFieldMapping,
    DocumentIssuer,
    DocumentProductMapping,
    DocumentTechnologyMapping,
    IndustryField,
    Match,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    TargetFieldMapping,
    TargetTechnologyMapping,
    Technology,
    Unit,
)
from catalog.models.documents import DocumentType, LegalStatus
from catalog.models.mappings import COUNTED_MATCHES
from futureind.publishing.models.records import PublicationState
from futureind.publishing.models.sources import Source, SourceKind, SourceLanguage
from regions.models import (
    RegionalPlan,
    Tier,
    Track,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)

PREFIX = "synthetic-"
AGENCIES = 300
SOURCES = 40
# Of regional documents that hold a plan; of documents that hold targets. With these a hundred
# thousand documents have nearly as many tracks.
PLANS = 0.2
TARGETS = 0.1
# Documents beyond so many hold plans and targets this much more rarely: no country has millions
# of tracks, and making them would take longer than all that is measured on them.
MANY = 100_000
RARER = 0.1
LAST_DAY = date(2026, 6, 30)
NATION = Named("China", "国家")
PUBLIC = {"publication_state": PublicationState.PUBLISHED}

BUREAUS = [
    ("Department of Industry and Information Technology", "工业和信息化厅"),
    ("Development and Reform Commission", "发展和改革委员会"),
    ("Department of Science and Technology", "科学技术厅"),
    ("Finance Bureau", "财政局"),
    ("Market Supervision Administration", "市场监督管理局"),
    ("Data Administration", "数据管理局"),
]
# How a track words a technology, the common ways first.
WORDINGS = [
    (Match.EXACT, "{}", "{}"),
    (Match.BROADER, "{} and related industries", "{}及相关产业"),
    (Match.NARROWER, "New-type {}", "新型{}"),
    (Match.RELATED, "Services on {}", "{}应用服务"),
]
# Rows that name others stand after what they name.
STORED = [
    PolicyDocument,
    DocumentIssuer,
    DocumentFieldMapping,
    DocumentTechnologyMapping,
    DocumentProductMapping,
    PolicyDocument.sources.through,
    RegionalPlan,
    Track,
    TrackFieldMapping,
    TrackTechnologyMapping,
    TrackProductMapping,
    Track.sources.through,
    Target,
    TargetFieldMapping,
    TargetTechnologyMapping,
    Target.sources.through,
]


def repeatable(seed):
    """Return random numbers that are the same for the same seed."""
    return random.Random(seed)


def prepare():
    """Make the synthetic sources and as many agencies as are missing to ``AGENCIES``.

    Returns the new agencies.
    """
    if not Source.objects.filter(slug__startswith=PREFIX).exists():
        Source.objects.bulk_create(make_source(number) for number in range(1, SOURCES + 1))
    regions = list(Region.objects.public().order_by("slug"))
    pairs = [(region, bureau) for bureau in BUREAUS for region in regions]
    missing = max(0, AGENCIES - Agency.objects.count())
    return Agency.objects.bulk_create(
        make_agency(number, region, bureau)
        for number, (region, bureau) in enumerate(pairs[:missing], 1)
    )


def make_source(number):
    return Source(
        slug=f"{PREFIX}source-{number}",
        title=f"合成来源 {number}",
        publisher="合成出版社",
        kind=SourceKind.OFFICIAL,
        language=SourceLanguage.CHINESE,
        url=f"https://example.org/source/{number}",
    )


def make_agency(number, region, bureau):
    name_en, name_zh = bureau
    return Agency(
        slug=f"{PREFIX}agency-{number}",
        name_en=f"{name_en} of {region.name_en}",
        name_zh=f"{region.name_zh}{name_zh}",
        level="city" if region.level == "city" else "provincial",
        region=region,
        **PUBLIC,
    )


class Corpus:
    """Makes synthetic records from the vocabulary in the database, the same for the same seed."""

    def __init__(self, seed):
        self.seed = seed
        shuffled = repeatable(f"{seed} vocabulary")

        def skewed(records):
            # By slug, not by key: keys may differ from one database to the next.
            found = list(records.order_by("slug"))
            shuffled.shuffle(found)
            return Skewed(found)

        self.regions = skewed(Region.objects.public())
        self.fields = skewed(IndustryField.objects.public())
        self.products = skewed(SymbolicProduct.objects.public())
        self.technologies = skewed(Technology.objects.public().prefetch_related("field_mappings"))
        self.units = skewed(Unit.objects.all())
        self.sources = skewed(Source.objects.filter(slug__startswith=PREFIX))
        agencies = Agency.objects.public()
        self.national_agencies = skewed(agencies.filter(region__isnull=True))
        self.agencies_of = {
            region.pk: skewed(agencies.filter(region=region))
            for region in self.regions.items
            if agencies.filter(region=region).exists()
        }
        self.types = Skewed(DocumentType.values)
        self.statuses = Skewed(LegalStatus.values)
        self.tiers = Skewed(Tier.values)
        self.wordings = Skewed(WORDINGS)
        self.towns = towns()
        named = [*self.technologies.items, *self.products.items, *self.fields.items]
        shuffled.shuffle(named)
        self.things = Skewed([Named(record.name_en, record.name_zh) for record in named])

    def chunk(self, first, count):
        """Return new records ``{model: rows}``, not saved: documents from number ``first`` on."""
        rng = repeatable(f"{self.seed} {first}")
        rows = defaultdict(list)
        for number in range(first, first + count):
            Maker(self, rng, rows, number).make()
        return {model: rows[model] for model in STORED}


@transaction.atomic
def store(rows):
    """Save what :meth:`Corpus.chunk` returned."""
    for model, records in rows.items():
        model._base_manager.bulk_create(records, batch_size=2000)


class Maker:
    """Makes one document with all that hangs on it, into ``rows``."""

    def __init__(self, corpus, rng, rows, number):
        self.corpus = corpus
        self.rng = rng
        self.rows = rows
        self.number = number
        self.share = 1 if number <= MANY else RARER
        self.region = None if self.chance(0.08) else corpus.regions.one(rng)
        self.issued = LAST_DAY - timedelta(days=min(int(rng.expovariate(1 / 1100)), 7000))

    def chance(self, share):
        return self.rng.random() < share

    def add(self, model, **columns):
        record = model(**columns)
        self.rows[model].append(record)
        return record

    def make(self):
        self.agencies = self.issuing_agencies()
        document = self.make_document()
        for order, agency in enumerate(self.agencies):
            self.add(DocumentIssuer, document=document, agency=agency, order=order)
        entered = self.map_document(document)
        if self.region is not None and self.chance(PLANS * self.share):
            document.horizon_year = self.issued.year + self.rng.randint(4, 14)
            self.map_derived(document, self.make_plan(document), entered)
        if self.chance(TARGETS * self.share):
            for order in range(1, self.rng.randint(1, 3) + 1):
                self.make_target(document, order)

    def issuing_agencies(self):
        agencies = self.corpus.national_agencies
        if self.region is not None:
            agencies = self.corpus.agencies_of.get(self.region.pk, agencies)
        return agencies.some(self.rng, self.rng.choice([1, 1, 1, 2, 3]))

    def make_document(self):
        document_type = self.corpus.types.one(self.rng)
        text = write_text(
            self.rng,
            document_type=document_type,
            place=NATION
            if self.region is None
            else Named(self.region.name_en, self.region.name_zh),
            agency=Named(self.agencies[0].name_en, self.agencies[0].name_zh),
            things=self.corpus.things,
            towns=self.corpus.towns,
            year=self.issued.year,
        )
        document = self.add(
            PolicyDocument,
            slug=f"{PREFIX}document-{self.number}",
            title_en=text.title_en[:300],
            title_zh=text.title_zh[:150],
            summary_en=text.summary_en,
            summary_zh=text.summary_zh,
            document_number=self.document_number() if self.chance(0.9) else "",
            document_type=document_type,
            level=self.level(),
            region=self.region,
            legal_status=self.corpus.statuses.one(self.rng),
            changed_at=self.changed_at(),
            first_published_at=self.changed_at(),
            **self.dates(),
            **PUBLIC,
        )
        self.add_source(document, policydocument=document)
        return document

    def level(self):
        if self.region is None:
            return "national"
        return "city" if self.region.level == "city" else "provincial"

    def document_number(self):
        word = "国" if self.region is None else self.region.name_zh[0]
        return f"{word}政发〔{self.issued.year}〕{self.number}号"

    def changed_at(self):
        return datetime.combine(self.issued, time(9), UTC) + timedelta(minutes=self.number % 600)

    def dates(self):
        """Return the dates of the document; one in a hundred has none."""
        if self.chance(0.01):
            return {}
        found = {"issued_date": self.issued}
        if self.chance(0.8):
            found["published_date"] = self.issued + timedelta(days=self.rng.randint(0, 20))
        if self.chance(0.3):
            found["effective_date"] = self.issued + timedelta(days=self.rng.randint(0, 40))
            if self.chance(0.5):
                years = self.rng.randint(2, 6)
                found["expiry_date"] = found["effective_date"] + timedelta(days=365 * years)
        if self.chance(0.7):
            found["period_start"] = self.issued.year
            found["period_end"] = self.issued.year + self.rng.randint(2, 9)
        return found

    def add_source(self, record, **owner):
        through = type(record).sources.through
        self.add(through, **owner, source=self.corpus.sources.one(self.rng))

    def map_document(self, document):
        """Map the document as an editor would; return the pks that were entered, by kind."""
        entered = {}
        for kind, model, choices, most in (
            ("field", DocumentFieldMapping, self.corpus.fields, 2),
            ("technology", DocumentTechnologyMapping, self.corpus.technologies, 3),
            ("product", DocumentProductMapping, self.corpus.products, 2),
        ):
            chosen = choices.some(self.rng, self.rng.randint(0, most))
            for order, record in enumerate(chosen):
                basis = Basis.STATED if self.chance(0.6) else Basis.ANALYST
                self.add(model, document=document, **{kind: record}, order=order, basis=basis)
            entered[kind] = {record.pk for record in chosen}
        return entered

    def map_derived(self, document, named, entered):
        """Map the document to what its tracks name, as ``regions.derived`` does."""
        for kind, model in (
            ("field", DocumentFieldMapping),
            ("technology", DocumentTechnologyMapping),
            ("product", DocumentProductMapping),
        ):
            for pk in sorted(named[kind] - entered[kind]):
                self.add(model, document=document, **{f"{kind}_id": pk}, basis=Basis.DERIVED)

    def make_plan(self, document):
        """Make the plan of a document with its tracks; return the pks they name, by kind."""
        number = self.rng.randint(0, 12)
        plan = self.add(
            RegionalPlan,
            slug=f"{PREFIX}plan-{self.number}",
            region=self.region,
            document=document,
            horizon_year=document.horizon_year,
            structure_en=f"{number} + X",
            structure_zh=f"“{number} + X”",
            changed_at=document.changed_at,
            first_published_at=document.changed_at,
            **PUBLIC,
        )
        named = defaultdict(set)
        for order, technology in enumerate(self.corpus.technologies.some(self.rng, number), 1):
            self.make_track(plan, technology, order, named)
        return named

    def make_track(self, plan, technology, order, named):
        match, wording_en, wording_zh = self.corpus.wordings.one(self.rng)
        track = self.add(
            Track,
            slug=f"{plan.slug}--{order}",
            plan=plan,
            tier=self.corpus.tiers.one(self.rng),
            order=order,
            name_en=wording_en.format(technology.name_en),
            name_zh=wording_zh.format(technology.name_zh),
            locator_zh=f"第{self.rng.randint(1, 5)}部分",
        )
        self.add_source(track, track=track)
        self.add(TrackTechnologyMapping, track=track, technology=technology, match=match)
        if technology.product_id:
            product = technology.product_id
            self.add(TrackProductMapping, track=track, product_id=product, match=match)
        if match in COUNTED_MATCHES:
            named["technology"].add(technology.pk)
            named["product"] |= {technology.product_id} - {None}
        for row in technology.field_mappings.all():
            self.add(TrackFieldMapping, track=track, field_id=row.field_id)
            named["field"].add(row.field_id)

    def make_target(self, document, order):
        technology = self.corpus.technologies.one(self.rng)
        due = self.issued.year + self.rng.randint(1, 10)
        amount = {"kind": "qualitative"}
        promise_en, promise_zh = "reach the front rank", "进入前列"
        if self.chance(0.7):
            value, unit = self.rng.randint(2, 900) * 10, self.corpus.units.one(self.rng)
            amount = {"kind": "quantitative", "comparator": "ge", "value": value, "unit": unit}
            promise_en, promise_zh = f"reach {value} {unit.name_en}", f"达到{value}{unit.name_zh}"
        target = self.add(
            Target,
            slug=f"{PREFIX}target-{self.number}-{order}",
            document=document,
            order=order,
            statement_en=f"By {due}, {technology.name_en} will {promise_en}.",
            statement_zh=f"到{due}年，{technology.name_zh}{promise_zh}。",
            due_date=date(due, 12, 31),
            locator_zh=f"第{order}部分",
            changed_at=document.changed_at,
            first_published_at=document.changed_at,
            **amount,
            **PUBLIC,
        )
        self.add_source(target, target=target)
        self.add(TargetTechnologyMapping, target=target, technology=technology)
        for row in technology.field_mappings.all()[:1]:
            self.add(TargetFieldMapping, target=target, field_id=row.field_id)
