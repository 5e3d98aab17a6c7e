from django.urls import path

from catalog.views import lists, pages
from catalog.views.timeline import TimelineView
from futureind.core.output_forms import page_paths

urlpatterns = [
    *page_paths("documents", lists.PolicyDocumentList.as_view(), "document-list"),
    *page_paths("documents/<slug:slug>", pages.PolicyDocumentPage.as_view(), "document"),
    *page_paths("targets", lists.TargetList.as_view(), "target-list"),
    *page_paths("targets/<slug:slug>", pages.TargetPage.as_view(), "target"),
    *page_paths("milestones", lists.MilestoneList.as_view(), "milestone-list"),
    *page_paths("milestones/<slug:slug>", pages.MilestonePage.as_view(), "milestone"),
    *page_paths("timeline", TimelineView.as_view(), "timeline"),
    *page_paths("indicators", lists.IndicatorList.as_view(), "indicator-list"),
    path(
        "indicators/<slug:slug>/points.<form:form>",
        pages.PointsFile.as_view(),
        name="indicator-points-form",
    ),
    *page_paths("indicators/<slug:slug>", pages.IndicatorPage.as_view(), "indicator"),
    *page_paths("fields", lists.FieldList.as_view(), "field-list"),
    *page_paths("fields/<slug:slug>", pages.FieldPage.as_view(), "field"),
    *page_paths("products", lists.ProductList.as_view(), "product-list"),
    *page_paths("products/<slug:slug>", pages.ProductPage.as_view(), "product"),
    *page_paths("technologies", lists.TechnologyList.as_view(), "technology-list"),
    *page_paths("technologies/<slug:slug>", pages.TechnologyPage.as_view(), "technology"),
    *page_paths("agencies", lists.AgencyList.as_view(), "agency-list"),
    *page_paths("agencies/<slug:slug>", pages.AgencyPage.as_view(), "agency"),
    *page_paths("glossary", lists.GlossaryList.as_view(), "term-list"),
    *page_paths("glossary/<slug:slug>", pages.TermPage.as_view(), "term"),
]
