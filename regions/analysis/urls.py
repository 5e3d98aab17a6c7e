from django.urls import path

from futureind.core.output_forms import page_paths
from regions.analysis.pages.cascade import CascadePage, UptakeFile
from regions.analysis.pages.compare import CompareView
from regions.analysis.pages.diffusion import DiffusionView
from regions.analysis.pages.gaps import GapsView
from regions.analysis.pages.matrix import MatrixView

urlpatterns = [
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
]
