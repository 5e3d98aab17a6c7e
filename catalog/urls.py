from django.urls import path

from catalog.views import lists, pages
from catalog.views.timeline import TimelineView
from futureind.browse.views import list_paths

urlpatterns = [
    *list_paths("documents", lists.PolicyDocumentList, "document-list"),
    path("documents/<slug:slug>/", pages.PolicyDocumentPage.as_view(), name="document"),
    *list_paths("targets", lists.TargetList, "target-list"),
    path("targets/<slug:slug>/", pages.TargetPage.as_view(), name="target"),
    *list_paths("milestones", lists.MilestoneList, "milestone-list"),
    path("milestones/<slug:slug>/", pages.MilestonePage.as_view(), name="milestone"),
    *list_paths("timeline", TimelineView, "timeline"),
    *list_paths("indicators", lists.IndicatorList, "indicator-list"),
    path("indicators/<slug:slug>/points.csv", pages.indicator_points, name="indicator-points"),
    path("indicators/<slug:slug>/", pages.IndicatorPage.as_view(), name="indicator"),
    *list_paths("fields", lists.FieldList, "field-list"),
    path("fields/<slug:slug>/", pages.FieldPage.as_view(), name="field"),
    *list_paths("products", lists.ProductList, "product-list"),
    path("products/<slug:slug>/", pages.ProductPage.as_view(), name="product"),
    *list_paths("technologies", lists.TechnologyList, "technology-list"),
    path("technologies/<slug:slug>/", pages.TechnologyPage.as_view(), name="technology"),
    *list_paths("agencies", lists.AgencyList, "agency-list"),
    path("agencies/<slug:slug>/", pages.AgencyPage.as_view(), name="agency"),
    *list_paths("glossary", lists.GlossaryList, "term-list"),
    path("glossary/<slug:slug>/", pages.TermPage.as_view(), name="term"),
]
