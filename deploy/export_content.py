"""Prints the records of a database of the former layout, as fixtures of today.

Usage, with the code of the former layout: manage.py shell < export_content.py > content/all.json
"""

import json

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder

from futureind.loading.fixtures import columns_of
from futureind.publishing.models.records import Part, Recorded

entries = []
for model in apps.get_models():
    if issubclass(model, (Recorded, Part)):
        rows = model._base_manager.all()
        if hasattr(model.objects, "edited"):
            rows = model.objects.edited()
        natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
        names = [field.name for field in columns_of(model)]
        for row in serializers.serialize("python", rows, fields=names, **natural):
            label = row["model"].replace("futureind.", "publishing.")
            entries.append({"model": label, "fields": row["fields"]})
print(json.dumps(entries, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
