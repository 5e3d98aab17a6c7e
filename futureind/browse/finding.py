"""What a page found, said in a sentence before everything else."""

from dataclasses import dataclass

from futureind.core.bilingual import ENGLISH, active_language


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
