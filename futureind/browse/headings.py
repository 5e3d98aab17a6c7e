"""What a record is called on a page."""


def heading(record):
    """Return the title, name, term or statement of a record, as BilingualText."""
    for attribute in ("title", "name", "term", "statement"):
        if hasattr(record, attribute):
            return getattr(record, attribute)
    raise TypeError(f"{record!r} has neither title nor name, term or statement.")
