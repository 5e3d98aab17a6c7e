"""The state of a list as its query string: one state, one address."""

from urllib.parse import urlencode

from django.urls import reverse

# The parameter that names groups of options to show whole: it changes nothing of what is found.
ALL = "all"


def canonical_query(parameters, known):
    """Return the query string of a state in its one spelling.

    Parameters: ``parameters``, a QueryDict; ``known``, the parameter names in canonical order.
    Empty and unknown parameters and repeated values are left out; values of one parameter are
    sorted, and ``page=1`` is no parameter.
    """
    pairs = []
    for name in known:
        if name not in parameters:
            continue
        values = sorted({value for value in parameters.getlist(name) if value.strip()})
        if name == "page" and values == ["1"]:
            continue
        pairs += [(name, value) for value in values]
    return urlencode(pairs)


def with_query(path, query):
    return f"{path}?{query}" if query else path


def list_address(url_name, filterset_class, parameters):
    """Return the address of a list under filters; ``parameters`` is a QueryDict."""
    known = [name for name in filterset_class.base_filters if name != ALL]
    query = canonical_query(parameters, known)
    return with_query(reverse(url_name), query)


def has_empty_parameter(parameters, known):
    """True where a known parameter is there without a value, as browsers send empty inputs."""
    return any(
        not value.strip()
        for name in known
        if name in parameters
        for value in parameters.getlist(name)
    )


def without(parameters, name, value=None):
    """Return a copy without a parameter, or without one of its values, from page 1."""
    rest = parameters.copy()
    if value is None:
        rest.pop(name, None)
    else:
        rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    rest.pop("page", None)
    return rest


def echoed(value):
    """Return the beginning of what a visitor typed, fit to be shown: no control characters."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in value[:60])


def replaced(parameters, **values):
    """Return a copy of a QueryDict with parameters set; None removes one."""
    changed = parameters.copy()
    for name, value in values.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return changed
