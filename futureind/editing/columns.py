"""List columns that the admin pages of several records share."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from futureind.editing.forms import public_address
from futureind.publishing import visibility


def pair(name):
    """Return the two columns of a bilingual text, which share a line of the form."""
    return (f"{name}_en", f"{name}_zh")


# Where a claim stands and in which words: the lines of a form.
PASSAGE = (pair("locator"), "quotation", ("quotation_source", "read_on"))


def bilingual_column(name, label, owner=""):
    """Return a list column that shows a text in both languages.

    ``owner`` is the lookup of the record that holds the text, where the row does not.
    """
    english, chinese = pair(name)
    order = f"{owner}__{english}" if owner else english

    @admin.display(description=label, ordering=order)
    def column(record):
        holder = getattr(record, owner) if owner else record
        return format_html(
            '<span lang="en">{}</span> <span class="second" lang="zh-Hans">{}</span>',
            getattr(holder, english),
            getattr(holder, chinese),
        )

    column.__name__ = name
    return column


@admin.display(description=_("state"), ordering="publication_state")
def state_badge(record):
    """List column: the publication state as visitors find it, in words on a coloured ground."""
    hiding = visibility.obstacles(record)
    if hiding and hiding[0] != record:
        return format_html(
            '<span class="state state-hidden">{}</span> {}',
            visibility.state_in_words(record),
            visibility.form_link(hiding[0]),
        )
    return format_html(
        '<span class="state state-{}">{}</span>',
        record.publication_state,
        visibility.state_in_words(record),
    )


@admin.display(description=_("public page"))
def public_page(record):
    """List column: a link to the page that visitors see, empty where there is none."""
    address = public_address(record)
    if address is None:
        return ""
    return format_html(
        '<a href="{}">{}<span class="visually-hidden"> {}</span></a>', address, _("Open"), record
    )
