"""Records that are suggested while a text is typed."""

from django.http import JsonResponse
from django.utils.text import capfirst
from django.views import View

from futureind.browse.headings import heading
from futureind.browse.kept_records import public_records
from futureind.search import suggestions


class SuggestView(View):
    """Records that a text may become while it is typed, as JSON: ``{"names": [{…}, …]}``.

    ``lists`` are the list views of their kinds. Of each record it says its ``name`` and in which
    ``lang`` that is, its ``kind`` in words and its ``url``.
    """

    lists = ()

    def get(self, request):
        models = {view.model.index_kind: view.model for view in self.lists}
        found = completing(request.GET.get("q", "")[:100], models)
        names = [suggestion(model, record) for model, record in found]
        return JsonResponse({"names": names}, json_dumps_params={"ensure_ascii": False})


def completing(text, models):
    """Return ``(model, record)`` of the public records whose names a text may become.

    Parameter: ``models``, ``{kind: model}`` of those that are suggested, the first first.
    """
    found = [
        (models[kind], public_records(models[kind]).get(pk))
        for kind, pk in suggestions.completing(text, models)
    ]
    return [(model, record) for model, record in found if record]


def suggestion(model, record):
    name = heading(record)
    return {
        "name": name.plain,
        "lang": name.lang,
        "kind": capfirst(model._meta.verbose_name),
        "url": record.get_absolute_url(),
    }
