"""The search page: one text asked of every list, its results grouped by kind."""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import View

from futureind.browse.addresses import canonical_query
from futureind.browse.cache import mark_cacheable
from futureind.browse.headings import heading

SHOWN_PER_KIND = 5


class SearchView(View):
    """Results of ``q`` in each of ``lists`` (list views, in the order shown)."""

    lists = ()

    def get(self, request):
        if "q" in request.GET and not request.GET["q"].strip():
            return HttpResponseRedirect(request.path)
        filtersets = [
            (view, view.filterset_class({"q": request.GET.get("q", "")}, view().public_records()))
            for view in self.lists
        ]
        form = filtersets[0][1].form
        query = form.cleaned_data["q"] if form.is_valid() else ""
        groups = [self.group(*pair) for pair in filtersets] if query else []
        context = {
            "form": form,
            "query": query,
            "groups": [group for group in groups if group["count"]],
            "total": sum(group["count"] for group in groups),
        }
        mark_cacheable(request, canonical_query(request.GET, ["q"]))
        return render(request, "search.html", context, status=400 if form.errors else 200)

    def group(self, view, filterset):
        filterset.is_valid()
        found = filterset.filter_queryset(filterset.queryset)
        count = found.count()
        shown = view().rows(found[:SHOWN_PER_KIND]) if count else []
        return {
            "title": view().title(),
            "list_name": view.list_name,
            "query": urlencode({"q": filterset.form.cleaned_data["q"]}),
            "count": count,
            "results": [(record, heading(record)) for record in shown],
        }
