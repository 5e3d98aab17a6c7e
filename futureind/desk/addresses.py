"""The web addresses that records name: which still lead somewhere, and since when not."""

import hashlib
from collections import defaultdict

from django.apps import apps

from futureind.desk.models import LinkCheck
from futureind.publishing.models.records import Recorded, WebAddressField

# Unofficial mirrors are never shown to visitors.
NOT_SHOWN = {"evidence_url"}


def digest_of(address):
    return hashlib.sha256(address.encode()).hexdigest()


def enter(address):
    """Return the row of an address that a record names, made where it is new."""
    digest = digest_of(address)
    link, _created = LinkCheck.objects.get_or_create(digest=digest, defaults={"address": address})
    return link


def of_record(record):
    """Return pairs of the label of a column of a record, and the row of the address in it."""
    columns = [column for model, column in address_columns() if model is type(record)]
    named = {column: digest_of(getattr(record, column)) for column in columns}
    found = LinkCheck.objects.in_bulk(set(named.values()), field_name="digest")
    return [
        (record._meta.get_field(column).verbose_name, found[digest])
        for column, digest in named.items()
        if digest in found
    ]


def address_columns():
    """Yield ``(model, column)`` for all web addresses that visitors may be shown."""
    for model in apps.get_models():
        if issubclass(model, Recorded):
            for field in model._meta.fields:
                if isinstance(field, WebAddressField) and field.name not in NOT_SHOWN:
                    yield model, field.name


def enter_addresses():
    """Write a row for every address that records name, and remove those that none names."""
    named = set()
    for model, column in address_columns():
        named.update(model._base_manager.exclude(**{column: ""}).values_list(column, flat=True))
    wanted = {digest_of(address): address for address in named}
    known = set(LinkCheck.objects.values_list("digest", flat=True))
    LinkCheck.objects.bulk_create(
        [
            LinkCheck(digest=digest, address=wanted[digest])
            for digest in sorted(wanted.keys() - known)
        ],
        # Another run may have entered it meanwhile.
        ignore_conflicts=True,
    )
    gone = sorted(known - wanted.keys())
    for start in range(0, len(gone), 500):
        LinkCheck.objects.filter(digest__in=gone[start : start + 500]).delete()


def named_by(addresses):
    """Return which records name each address: ``{address: [(record, column label)]}``.

    One query for each column, however many addresses.
    """
    found = defaultdict(list)
    for model, column in address_columns():
        label = model._meta.get_field(column).verbose_name
        for record in model._base_manager.filter(**{f"{column}__in": addresses}):
            found[getattr(record, column)].append((record, label))
    return found
