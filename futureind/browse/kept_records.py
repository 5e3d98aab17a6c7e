"""A cache of all public records of small models, in the process, until the content changes."""

from futureind.browse.fragments import RowStore
from futureind.core.bilingual import active_language
from futureind.core.name_order import ByName
from futureind.publishing.models.content_version import ContentVersion

_store = RowStore()


def public_records(model):
    """Return ``{primary key: record}`` of all public records of a model, in the model's order.

    Where that is by name, it is by the name in the reader's language. For kinds of some hundred
    records: agencies, technologies, milestones. All requests share the objects, so nobody changes
    them.
    """
    kept, by_name = _store.of(ContentVersion.stamp()), ByName.of(model)
    key = model, active_language() if by_name else None
    found = kept.get(key)
    if found is None:
        records = model.objects.public()
        ordered = by_name.records(records) if by_name else records
        found = kept[key] = {record.pk: record for record in ordered}
    return found
