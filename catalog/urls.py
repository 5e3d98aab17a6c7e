from django.urls import path

from catalog.views import lists, pages
from catalog.views.timeline import TimelineView
from futureind.core.output_forms import page_paths

urlpatterns = [
    *page_paths("documents", lists.PolicyDocumentList.as_view(), "document-list"),
    path("documents/<slug:slug>/", pages.PolicyDocumentPage.as_view(), name="document"),
    *page_paths("targets", lists.TargetList.as_view(), "target-list"),
    path("targets/<slug:slug>/", pages.TargetPage.as_view(), name="target"),
    *page_paths("milestones", lists.MilestoneList.as_view(), "milestone-list"),
    path("milestones/<slug:slug>/", pages.MilestonePage.as_view(), name="milestone"),
    *page_paths("timeline", TimelineView.as_view(), "timeline"),
    *page_paths("indicators", lists.IndicatorList.as_view(), "indicator-list"),
    path(
        "indicators/<slug:slug>/points.<form:form>",
        pages.PointsFile.as_view(),
        name="indicator-points-form",
    ),
    path("indicators/<slug:slug>/", pages.IndicatorPage.as_view(), name="indicator"),
    *page_paths("fields", lists.FieldList.as_view(), "field-list"),
    path("fields/<slug:slug>/", pages.FieldPage.as_view(), name="field"),
    *page_paths("products", lists.ProductList.as_view(), "product-list"),
    path("products/<slug:slug>/", pages.ProductPage.as_view(), name="product"),
    *page_paths("technologies", lists.TechnologyList.as_view(), "technology-list"),
    path("technologies/<slug:slug>/", pages.TechnologyPage.as_view(), name="technology"),
    *page_paths("agencies", lists.AgencyList.as_view(), "agency-list"),
    path("agencies/<slug:slug>/", pages.AgencyPage.as_view(), name="agency"),
    *page_paths("glossary", lists.GlossaryList.as_view(), "term-list"),
    path("glossary/<slug:slug>/", pages.TermPage.as_view(), name="term"),
]
