from django.urls import path

from futureind.browse.views import list_paths
from regions import views
from regions.pages.cascade import CascadePage
from regions.pages.compare import CompareView
from regions.pages.diffusion import DiffusionView
from regions.pages.gaps import GapsView
from regions.pages.matrix import MatrixView

urlpatterns = [
    *list_paths("regions", views.RegionList, "region-list"),
    path("regions/<slug:slug>/", views.RegionPage.as_view(), name="region"),
    *list_paths("plans", views.RegionalPlanList, "plan-list"),
    path("plans/<slug:slug>/", views.RegionalPlanPage.as_view(), name="plan"),
    *list_paths("tracks", views.TrackList, "track-list"),
    path("tracks/<slug:slug>/", views.TrackPage.as_view(), name="track"),
    path("documents/<slug:slug>/cascade/", CascadePage.as_view(), name="cascade"),
    *(
        path(
            f"documents/<slug:slug>/cascade{suffix}",
            CascadePage.as_view(),
            {"form": form},
            name=f"cascade-{form}",
        )
        for suffix, form in [
            (".csv", "csv"),
            ("-uptake.csv", "uptake.csv"),
            (".json", "json"),
        ]
    ),
    *list_paths("matrix", MatrixView, "matrix"),
    *list_paths("compare", CompareView, "compare"),
    *list_paths("diffusion", DiffusionView, "diffusion"),
    *list_paths("gaps", GapsView, "gaps"),
    path("coverage/", views.coverage, name="coverage"),
]
