from django.urls import path

from catalog import views

urlpatterns = [
    path("documents/", views.PolicyDocumentList.as_view(), name="document-list"),
    path("documents/<slug:slug>/", views.PolicyDocumentPage.as_view(), name="document"),
    path("targets/", views.TargetList.as_view(), name="target-list"),
    path("targets/<slug:slug>/", views.TargetPage.as_view(), name="target"),
    path("milestones/", views.MilestoneList.as_view(), name="milestone-list"),
    path("milestones/<slug:slug>/", views.MilestonePage.as_view(), name="milestone"),
    path("indicators/", views.IndicatorList.as_view(), name="indicator-list"),
    path("indicators/<slug:slug>/", views.IndicatorPage.as_view(), name="indicator"),
    path("fields/", views.FieldList.as_view(), name="field-list"),
    path("fields/<slug:slug>/", views.FieldPage.as_view(), name="field"),
    path("products/", views.ProductList.as_view(), name="product-list"),
    path("products/<slug:slug>/", views.ProductPage.as_view(), name="product"),
    path("technologies/", views.TechnologyList.as_view(), name="technology-list"),
    path("technologies/<slug:slug>/", views.TechnologyPage.as_view(), name="technology"),
    path("agencies/", views.AgencyList.as_view(), name="agency-list"),
    path("agencies/<slug:slug>/", views.AgencyPage.as_view(), name="agency"),
    path("glossary/", views.GlossaryList.as_view(), name="term-list"),
    path("glossary/<slug:slug>/", views.TermPage.as_view(), name="term"),
]
