from django.urls import path

from futureind.core.output_forms import page_paths
from regions import views

urlpatterns = [
    *page_paths("regions", views.RegionList.as_view(), "region-list"),
    path("regions/<slug:slug>/", views.RegionPage.as_view(), name="region"),
    *page_paths("plans", views.RegionalPlanList.as_view(), "plan-list"),
    path("plans/<slug:slug>/", views.plan_address, name="plan"),
    *page_paths("tracks", views.TrackList.as_view(), "track-list"),
    path("tracks/<slug:slug>/", views.TrackPage.as_view(), name="track"),
    path("coverage/", views.CoveragePage.as_view(), name="coverage"),
]
