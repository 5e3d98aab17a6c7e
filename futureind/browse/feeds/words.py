"""What changed, in words: before and after, of what readers may see."""

from dataclasses import replace

from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from futureind.publishing.differences import part_name
from futureind.publishing.models.records import owner_of
from futureind.publishing.snapshots import key_columns

# Letters of a value; the page of the record has the whole one.
LONGEST = 1000


def differences_of(record, change):
    """Return what a PublicChange says of a record: all, or of a part what changed within it."""
    if owner_of(record) is record:
        return change.differences
    model = type(record)
    named = {"fields": {name: getattr(record, name) for name in key_columns(model)}}
    here = part_name(named, model)
    deep = len(here)
    return [
        replace(one, path=one.path[deep:] or here)
        for one in change.differences
        if one.path[:deep] == here
    ]


def in_words(record, kind, differences):
    """Return as HTML what happened to a record.

    Parameters: ``kind``, a ChangeKind; ``differences``, as :func:`differences_of` returns them.
    """
    head = format_html("<p>{} · {}</p>", capfirst(str(record._meta.verbose_name)), kind.label)
    rows = format_html_join(
        "", "<dt>{}</dt><dd>{}</dd>", ((" · ".join(d.path), both_sides(d)) for d in differences)
    )
    return head + format_html("<dl>{}</dl>", rows) if rows else head


def both_sides(difference):
    """Return as HTML what a Difference says: before → after, or what came or went as a whole."""
    if difference.before or difference.after:
        before, after = (
            Truncator(text).chars(LONGEST) or _("nothing")
            for text in (difference.before, difference.after)
        )
        return format_html("<del>{}</del> → <ins>{}</ins>", before, after)
    held = "; ".join(_(": ").join(pair) for pair in difference.holds)
    return _(": ").join(filter(None, [str(difference.kind.label), Truncator(held).chars(LONGEST)]))
