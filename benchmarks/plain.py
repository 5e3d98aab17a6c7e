"""The same pages as a plain Django project has them: the baseline of all ratios.

Generic views, django-filter as it comes, one ``GROUP BY`` for each facet, ``icontains`` for text
and ``OFFSET`` for pages. It stands under the same addresses and takes the same parameters. Its
templates are its own, so that the baseline stays where it is when the site's templates change.
"""

import django_filters
from django.conf.urls.i18n import i18n_patterns
from django.db.models import Count, Q
from django.urls import path
from django.views.generic import DetailView
from django_filters.views import FilterView

from catalog.models import (
    Agency,
    IndustryField,
    PolicyDocument,
    Region,
    RegionGroup,
    SymbolicProduct,
    Technology,
)
from catalog.models.documents import DocumentLevel, DocumentType, LegalStatus
from futureind.publishing.models.records import Confidence
from futureind.urls import urlpatterns as urls_of_the_site
from regions.models import RegionalPlan

SEARCHED = (
    "title_en",
    "title_zh",
    "aliases_en",
    "aliases_zh",
    "document_number",
    "summary_en",
    "summary_zh",
    "region__name_en",
    "region__name_zh",
)


class SlugFilter(django_filters.ModelMultipleChoiceFilter):
    """Several records of a vocabulary by their slugs."""

    def __init__(self, model, field_name, **options):
        super().__init__(
            queryset=model.objects.all(),
            field_name=field_name,
            to_field_name="slug",
            **options,
        )


class PlainFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    field = SlugFilter(IndustryField, "fields__slug")
    product = SlugFilter(SymbolicProduct, "products__slug")
    region = SlugFilter(Region, "region", method="within_region")
    group = SlugFilter(RegionGroup, "region__groups__slug")
    type = django_filters.MultipleChoiceFilter("document_type", choices=DocumentType.choices)
    level = django_filters.MultipleChoiceFilter("level", choices=DocumentLevel.choices)
    status = django_filters.MultipleChoiceFilter("legal_status", choices=LegalStatus.choices)
    technology = SlugFilter(Technology, "technologies", method="within_technology")
    issuer = SlugFilter(Agency, "issuers__slug")
    confidence = django_filters.MultipleChoiceFilter(choices=Confidence.choices)

    class Meta:
        model = PolicyDocument
        fields = []

    def search(self, queryset, name, value):
        for word in value.split():
            condition = Q()
            for column in SEARCHED:
                condition |= Q(**{f"{column}__icontains": word})
            queryset = queryset.filter(condition)
        return queryset

    def within_region(self, queryset, name, regions):
        if not regions:
            return queryset
        return queryset.filter(Q(region__in=regions) | Q(region__parent__in=regions))

    def within_technology(self, queryset, name, technologies):
        if not technologies:
            return queryset
        condition = Q(technologies__in=technologies) | Q(technologies__parent__in=technologies)
        return queryset.filter(condition).distinct()


# Of each facet its label, the column that is counted and the vocabulary that its options come from.
FACETS = {
    "field": ("Field", "fields__slug", IndustryField),
    "product": ("Product", "products__slug", SymbolicProduct),
    "region": ("Region", "region__slug", Region),
    "group": ("Group of regions", "region__groups__slug", RegionGroup),
    "type": ("Document type", "document_type", DocumentType),
    "level": ("Level", "level", DocumentLevel),
    "status": ("Legal status", "legal_status", LegalStatus),
    "technology": ("Technology", "technologies__slug", Technology),
    "issuer": ("Issuing agency", "issuers__slug", Agency),
    "confidence": ("Confidence", "confidence", Confidence),
}


def choices_of(vocabulary):
    if hasattr(vocabulary, "choices"):
        return vocabulary.choices
    return [(record.slug, record.name) for record in vocabulary.objects.all()]


class PlainList(FilterView):
    model = PolicyDocument
    filterset_class = PlainFilter
    paginate_by = 25
    template_name = "plain/list.html"

    def get_queryset(self):
        return (
            PolicyDocument.objects.public()
            .select_related("region")
            .prefetch_related("issuer_rows__agency")
        )

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        page = context["page_obj"]
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            "facets": [self.facet(name) for name in FACETS],
            "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2),
            "query": query.urlencode(),
        }

    def facet(self, name):
        """Return a facet's options, each with the number of results under all other facets."""
        label, column, vocabulary = FACETS[name]
        others = self.request.GET.copy()
        others.pop(name, None)
        found = PlainFilter(others, PolicyDocument.objects.public()).qs
        counts = dict(
            found.order_by().values_list(column).annotate(number=Count("pk", distinct=True))
        )
        ticked = self.request.GET.getlist(name)
        options = [
            {"value": v, "label": text, "count": counts.get(v, 0), "ticked": v in ticked}
            for v, text in choices_of(vocabulary)
        ]
        return {"name": name, "label": label, "options": options}


class PlainDetail(DetailView):
    template_name = "plain/detail.html"

    def get_queryset(self):
        return (
            PolicyDocument.objects.public()
            .select_related("region")
            .prefetch_related(
                "issuers",
                "sources",
                "field_mappings__field",
                "technology_mappings__technology",
                "product_mappings__product",
                "relations_from__to_document",
                "relations_to__from_document",
                "milestones",
                "terms",
            )
        )

    def get_context_data(self, **context):
        document = self.object
        around = PolicyDocument.objects.public().filter(region=document.region)
        return super().get_context_data(**context) | {
            "plans": RegionalPlan.objects.public()
            .filter(document=document)
            .select_related("region")
            .prefetch_related("tracks"),
            "targets": document.targets.public().with_verdict().select_related("unit"),
            "before": around.filter(date__lt=document.date).order_by("-date").first()
            if document.date
            else None,
            "after": around.filter(date__gt=document.date).order_by("date").first()
            if document.date
            else None,
        }


urlpatterns = [
    *i18n_patterns(
        path("documents/", PlainList.as_view()),
        path("documents/<slug:slug>/", PlainDetail.as_view()),
    ),
    *urls_of_the_site,
]
