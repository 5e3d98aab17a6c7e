"""What rooms add to the pages of the rooms beneath them, which know nothing of them."""

_added = {}
_held = {}


def register(template_name, add):
    """Let a page be shown with more than its own room knows.

    Parameters: ``template_name``, of the page; ``add``, which is given the page's context and
    returns what its template shows beside, both dictionaries.
    """
    _added.setdefault(template_name, []).append(add)


def register_held(model, find):
    """Let the pages of a model's records hold other records whole, which have none of their own.

    Parameter: ``find``, which is given a record and returns those that its page holds. The page
    tells their history and what is doubtful in their texts beside its own.
    """
    _held.setdefault(model, []).append(find)


def held_by(record):
    """Return the records that the page of a record holds."""
    return [other for find in _held.get(type(record), ()) for other in find(record)]


def with_additions(template_name, context):
    """Return the context of a page with what was registered for its template."""
    found = dict(context)
    for add in _added.get(template_name, ()):
        found |= add(context)
    return found
