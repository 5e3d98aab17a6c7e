"""A registry by which apps add to the pages of apps below them, which may not import them."""

_added = {}
_held = {}


def register(template_name, add):
    """Add to the context of another app's page.

    Parameters: ``template_name``, of the page; ``add``, which is given the page's context and
    returns a dictionary that is merged into it.
    """
    _added.setdefault(template_name, []).append(add)


def register_held(model, find):
    """Let the pages of a model's records show others in full, which have no page of their own.

    Parameter: ``find``, which is given a record and returns those that its page shows. The page
    lists their history and their unverified facts beside its own.
    """
    _held.setdefault(model, []).append(find)


def held_by(record):
    """Return the other records that the page of a record shows in full."""
    return [other for find in _held.get(type(record), ()) for other in find(record)]


def with_additions(template_name, context):
    """Return the context of a page with what was registered for its template."""
    found = dict(context)
    for add in _added.get(template_name, ()):
        found |= add(context)
    return found
