from django.urls import path

from catalog import views
from futureind.browse.views import list_paths

urlpatterns = [
    *list_paths("documents", views.PolicyDocumentList, "document-list"),
    path("documents/<slug:slug>/", views.PolicyDocumentPage.as_view(), name="document"),
    *list_paths("targets", views.TargetList, "target-list"),
    path("targets/<slug:slug>/", views.TargetPage.as_view(), name="target"),
    *list_paths("milestones", views.MilestoneList, "milestone-list"),
    path("milestones/<slug:slug>/", views.MilestonePage.as_view(), name="milestone"),
    *list_paths("indicators", views.IndicatorList, "indicator-list"),
    path("indicators/<slug:slug>/", views.IndicatorPage.as_view(), name="indicator"),
    *list_paths("fields", views.FieldList, "field-list"),
    path("fields/<slug:slug>/", views.FieldPage.as_view(), name="field"),
    *list_paths("products", views.ProductList, "product-list"),
    path("products/<slug:slug>/", views.ProductPage.as_view(), name="product"),
    *list_paths("technologies", views.TechnologyList, "technology-list"),
    path("technologies/<slug:slug>/", views.TechnologyPage.as_view(), name="technology"),
    *list_paths("agencies", views.AgencyList, "agency-list"),
    path("agencies/<slug:slug>/", views.AgencyPage.as_view(), name="agency"),
    *list_paths("glossary", views.GlossaryList, "term-list"),
    path("glossary/<slug:slug>/", views.TermPage.as_view(), name="term"),
]
