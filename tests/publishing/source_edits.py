"""Edit a source as its form would, with a word that stands nowhere else."""

from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.sources import Source

CANARY = "Qzxcanary"


def edit(record, user, **columns):
    """Change columns of a record as its form would."""
    for name, value in columns.items():
        setattr(record, name, value)
    record.save()
    history.record(record, Action.EDITED, user=user)


def title_of(source):
    return Source.objects.get(pk=source.pk).title
