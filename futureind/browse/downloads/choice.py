"""Which columns the file of a list has: all, or those that its parameter ``columns`` names."""

from django.utils.translation import gettext as _

from futureind.browse.addresses import echoed

COLUMNS = "columns"


def names_asked(parameters):
    """Return the names in a QueryDict, as ``columns=slug,title_en`` or each by itself."""
    values = parameters.getlist(COLUMNS)
    return [name for value in values for name in value.split(",") if name]


def chosen(columns, asked):
    """Return those of a list's columns that are asked for, in their order; all where none are."""
    return [column for column in columns if column.name in asked] or columns


def errors_of(columns, asked):
    """Return ``{parameter: [sentence, …]}`` for names that no column has."""
    known = [column.name for column in columns]
    message = _("There is no column “%(name)s”. There are: %(names)s.")
    told = [
        message % {"name": echoed(name), "names": ", ".join(known)}
        for name in asked
        if name not in known
    ]
    return {COLUMNS: told} if told else {}
