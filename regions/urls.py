from django.urls import path

from regions import views

urlpatterns = [
    path("regions/", views.RegionList.as_view(), name="region-list"),
    path("regions/<slug:slug>/", views.RegionPage.as_view(), name="region"),
    path("plans/", views.RegionalPlanList.as_view(), name="plan-list"),
    path("plans/<slug:slug>/", views.RegionalPlanPage.as_view(), name="plan"),
    path("tracks/", views.TrackList.as_view(), name="track-list"),
    path("tracks/<slug:slug>/", views.TrackPage.as_view(), name="track"),
    path("coverage/", views.coverage, name="coverage"),
]
