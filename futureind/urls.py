"""The URL configuration of the whole site."""

from functools import partial

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from catalog import models as catalog_models
from catalog.facets import field_choices, region_choices
from catalog.tile_map import ShadeForm
from catalog.views import lists as catalog_lists
from catalog.views.search import search_subjects
from futureind import health, views
from futureind.browse.changes import ChangesView
from futureind.browse.search import SearchView
from futureind.browse.searching.suggesting import SuggestView
from futureind.core.output_forms import page_paths
from futureind.publishing.preview_links import preview
from futureind.sitemaps import BesideSitemap, PageSitemap, RecordSitemap, sitemap_urls
from regions import models as regions_models
from regions import views as regions_views
from regions.analysis.cascade import with_cascade


class DocumentSearch(catalog_lists.PolicyDocumentList):
    """Documents with their plans: the two are one result of a search."""

    found_with = [regions_views.RegionalPlanList()]


# In the order in which equally good results of different kinds stand.
SEARCHED = [
    catalog_lists.ProductList,
    catalog_lists.FieldList,
    catalog_lists.TechnologyList,
    regions_views.RegionList,
    catalog_lists.AgencyList,
    DocumentSearch,
    catalog_lists.TargetList,
    regions_views.TrackList,
    catalog_lists.MilestoneList,
    catalog_lists.IndicatorList,
    catalog_lists.GlossaryList,
]
# In the order of the menu.
TAKEN_AWAY = [
    catalog_lists.PolicyDocumentList,
    regions_views.RegionalPlanList,
    regions_views.TrackList,
    catalog_lists.TargetList,
    regions_views.RegionList,
    catalog_lists.FieldList,
    catalog_lists.ProductList,
    catalog_lists.TechnologyList,
    catalog_lists.MilestoneList,
    catalog_lists.IndicatorList,
    catalog_lists.AgencyList,
    catalog_lists.GlossaryList,
]
VOCABULARY = ["product", "field", "technology", "region", "agency"]
# Kinds whose names are offered while typing, and for near misses.
NAMED = [*VOCABULARY, "term"]
SEARCH = SearchView.as_view(
    lists=SEARCHED,
    number_list=catalog_lists.PolicyDocumentList,
    vocabulary=VOCABULARY,
    named=NAMED,
    subjects=search_subjects,
)
# In the order in which they are suggested.
SUGGESTED = [view for view in SEARCHED if view.model.index_kind in NAMED]
IN_FIELD = {"field": "field_mappings__field"}
# What has changes to tell, and how each is found by a field and by a region.
CHANGES = ChangesView.as_view(
    models={
        catalog_models.PolicyDocument: IN_FIELD | {"region": "region"},
        regions_models.RegionalPlan: {"field": "tracks__field_mappings__field", "region": "region"},
        catalog_models.Target: IN_FIELD | {"region": "document__region"},
        catalog_models.Milestone: IN_FIELD,
        catalog_models.Indicator: {"field": "fields"},
        catalog_models.Region: {"region": "pk"},
        catalog_models.IndustryField: {"field": "pk"},
        catalog_models.SymbolicProduct: IN_FIELD,
        catalog_models.Technology: IN_FIELD,
        catalog_models.Agency: {"region": "region"},
        catalog_models.GlossaryTerm: {},
    },
    subjects={"field": field_choices, "region": region_choices},
)
PAGES = [
    "home",
    "document-list",
    "plan-list",
    "track-list",
    "target-list",
    "milestone-list",
    "indicator-list",
    "region-list",
    "field-list",
    "product-list",
    "technology-list",
    "agency-list",
    "term-list",
    "analysis",
    "timeline",
    "matrix",
    "compare",
    "diffusion",
    "gaps",
    "data",
    "methodology",
    "coverage",
    "accessibility",
    "changes",
]
SITEMAPS = {
    "pages": PageSitemap(PAGES),
    "documents": RecordSitemap(catalog_models.PolicyDocument, held="plans"),
    "cascades": BesideSitemap(with_cascade, "cascade"),
    "tracks": RecordSitemap(regions_models.Track, related="plan"),
    "targets": RecordSitemap(catalog_models.Target),
    "milestones": RecordSitemap(catalog_models.Milestone),
    "indicators": RecordSitemap(catalog_models.Indicator),
    "regions": RecordSitemap(catalog_models.Region),
    "fields": RecordSitemap(catalog_models.IndustryField),
    "products": RecordSitemap(catalog_models.SymbolicProduct),
    "technologies": RecordSitemap(catalog_models.Technology),
    "agencies": RecordSitemap(catalog_models.Agency),
    "glossary": RecordSitemap(catalog_models.GlossaryTerm),
}

handler400 = "futureind.views.bad_request"
handler403 = "futureind.views.permission_denied"
handler404 = partial(views.not_found, lists=TAKEN_AWAY)
handler500 = "futureind.views.server_error"

urlpatterns = [
    path("", views.choose_language, name="root"),
    path("admin/", admin.site.urls),
    path("preview/<str:token>/", preview, name="preview"),
    path("preview/<str:token>/<slug:language>/", preview, name="preview"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    *sitemap_urls(SITEMAPS),
    *i18n_patterns(
        path("", views.Page.as_view(template_name="home.html", form_class=ShadeForm), name="home"),
        *page_paths("search", SEARCH, "search"),
        path("search/names.json", SuggestView.as_view(lists=SUGGESTED), name="search-names"),
        path("analysis/", views.Page.as_view(template_name="analysis.html"), name="analysis"),
        path("data/", views.DataPage.as_view(lists=[kind() for kind in TAKEN_AWAY]), name="data"),
        *page_paths("changes", CHANGES, "changes"),
        path(
            "methodology/",
            views.Page.as_view(template_name="methodology.html"),
            name="methodology",
        ),
        path(
            "accessibility/",
            views.Page.as_view(template_name="accessibility.html"),
            name="accessibility",
        ),
        path("", include("catalog.urls")),
        path("", include("regions.urls")),
        path("", include("regions.analysis.urls")),
    ),
]
