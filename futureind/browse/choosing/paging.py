"""Which page of a sequence is asked for, and the links to the others."""

from django.core.paginator import EmptyPage, Paginator
from django.utils.translation import gettext as _

from futureind.browse.answers import Problem


def read_page(request, paginator):
    """Return ``(page or None, error in words or "", HTTP status)`` for the parameter ``page``."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 9 and int(text) > 0):
        return paginator.page(1), _("A page is a whole number from 1."), 400
    try:
        return paginator.page(int(text)), "", 200
    except EmptyPage:
        message = _("There is no page %(number)s: this list ends with page %(last)s.")
        return None, message % {"number": text, "last": paginator.num_pages}, 404


def page_of_file(request, found, size):
    """Return the page that is asked for of a sequence; raises Problem where there is none."""
    page, error, status = read_page(request, Paginator(found, size))
    if error:
        raise Problem(status, {"page": [error]})
    return page


def page_links(view, page):
    """Return ``(number or None for a gap, address, is current)`` for the pages to offer."""
    if page is None or page.paginator.num_pages == 1:
        return []
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    first = "?" + view.query(page=None)
    others = "?page=" if first == "?" else f"{first}&page="
    return [
        (
            number if isinstance(number, int) else None,
            first if number == 1 else f"{others}{number}",
            number == page.number,
        )
        for number in numbers
    ]
