"""How one page shows what it shows: few options of its own, kept in its address."""

from futureind.browse.addresses import canonical_query, has_empty_parameter


def known_options(form_class):
    """Return the parameters of a page in canonical order; ``form_class`` is a Form or None."""
    return list(form_class.base_fields) if form_class else []


def plain_address(request, form_class):
    """Return the address to be sent to where options stand there without a value, else None."""
    known = known_options(form_class)
    if not has_empty_parameter(request.GET, known):
        return None
    query = canonical_query(request.GET, known)
    return f"{request.path}?{query}" if query else request.path


def options_of(request, form_class):
    """Return ``(bound form, canonical query, HTTP status)``; None for a page without options."""
    query = canonical_query(request.GET, known_options(form_class))
    if form_class is None:
        return None, query, 200
    form = form_class(request.GET)
    return form, query, 200 if form.is_valid() else 400
