"""What rooms add to the pages of the rooms beneath them, which know nothing of them."""

_added = {}


def register(template_name, add):
    """Let a page be shown with more than its own room knows.

    Parameters: ``template_name``, of the page; ``add``, which is given the page's context and
    returns what its template shows beside, both dictionaries.
    """
    _added.setdefault(template_name, []).append(add)


def with_additions(template_name, context):
    """Return the context of a page with what was registered for its template."""
    found = dict(context)
    for add in _added.get(template_name, ()):
        found |= add(context)
    return found
