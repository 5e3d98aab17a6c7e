from django.urls import path

from futureind.core.output_forms import page_paths
from regions import views

urlpatterns = [
    *page_paths("regions", views.RegionList.as_view(), "region-list"),
    *page_paths("regions/<slug:slug>", views.RegionPage.as_view(), "region"),
    *page_paths("plans", views.RegionalPlanList.as_view(), "plan-list"),
    path("plans/<slug:slug>/", views.plan_address, name="plan"),
    *page_paths("tracks", views.TrackList.as_view(), "track-list"),
    *page_paths("tracks/<slug:slug>", views.TrackPage.as_view(), "track"),
    path("coverage/", views.CoveragePage.as_view(), name="coverage"),
]
