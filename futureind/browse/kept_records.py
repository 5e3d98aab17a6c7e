"""A cache of all public records of small models, in the process, until the content changes."""

from futureind.browse.fragments import RowStore
from futureind.publishing.models.content_version import ContentVersion

_store = RowStore()


def public_records(model):
    """Return ``{primary key: record}`` of all public records of a model, in the model's order.

    For kinds of some hundred records: agencies, technologies, milestones. All requests share the
    objects, so nobody changes them.
    """
    kept = _store.of(ContentVersion.stamp())
    found = kept.get(model)
    if found is None:
        found = kept[model] = {record.pk: record for record in model.objects.public()}
    return found
