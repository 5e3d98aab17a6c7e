"""What stands on top of a page: what a record is called, and what the page found."""

from dataclasses import dataclass

from futureind.core.bilingual import ENGLISH, active_language


def heading(record):
    """Return the title, name, term or statement of a record, as BilingualText."""
    for attribute in ("title", "name", "term", "statement"):
        if hasattr(record, attribute):
            return getattr(record, attribute)
    raise TypeError(f"{record!r} has neither title nor name, term or statement.")


@dataclass(frozen=True)
class Finding:
    """The finding of a page: at most 45 English words, in the language of the page.

    ``lead`` is what was found; ``rest`` says more, and what is unknown, or is empty. ``rule`` is
    the anchor under which the page on methods says how the sentence is computed.
    """

    lead: str
    rule: str
    rest: str = ""

    @property
    def gap(self):
        """What stands between two sentences."""
        return " " if active_language() == ENGLISH else ""

    @property
    def plain(self):
        """The finding without any mark, as search engines describe the page."""
        return self.gap.join(filter(None, [self.lead, self.rest]))
