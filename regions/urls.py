from django.urls import path

from futureind.core.output_forms import page_paths
from regions import views
from regions.pages.cascade import CascadePage, UptakeFile
from regions.pages.compare import CompareView
from regions.pages.diffusion import DiffusionView
from regions.pages.gaps import GapsView
from regions.pages.matrix import MatrixView

urlpatterns = [
    *page_paths("regions", views.RegionList.as_view(), "region-list"),
    path("regions/<slug:slug>/", views.RegionPage.as_view(), name="region"),
    *page_paths("plans", views.RegionalPlanList.as_view(), "plan-list"),
    path("plans/<slug:slug>/", views.RegionalPlanPage.as_view(), name="plan"),
    *page_paths("tracks", views.TrackList.as_view(), "track-list"),
    path("tracks/<slug:slug>/", views.TrackPage.as_view(), name="track"),
    *page_paths("documents/<slug:slug>/cascade", CascadePage.as_view(), "cascade"),
    path(
        "documents/<slug:slug>/cascade-uptake.<form:form>",
        UptakeFile.as_view(),
        name="cascade-uptake-form",
    ),
    *page_paths("matrix", MatrixView.as_view(), "matrix"),
    *page_paths("compare", CompareView.as_view(), "compare"),
    *page_paths("diffusion", DiffusionView.as_view(), "diffusion"),
    *page_paths("gaps", GapsView.as_view(), "gaps"),
    path("coverage/", views.CoveragePage.as_view(), name="coverage"),
]
