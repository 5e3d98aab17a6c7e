"""A pair of columns, one English and one Chinese, read as one text in the reader's language."""

from django.utils.html import format_html
from django.utils.translation import get_language

ENGLISH = "en"
CHINESE = "zh-Hans"
SUFFIX = {ENGLISH: "en", CHINESE: "zh"}


def active_language():
    """Return the language of the page being made, as a BCP 47 tag: ``en`` or ``zh-Hans``."""
    return CHINESE if (get_language() or ENGLISH).startswith("zh") else ENGLISH


def other_language(language):
    """Return the other one of the two languages (BCP 47 tag)."""
    return ENGLISH if language == CHINESE else CHINESE


class BilingualText(str):
    """A text that knows its language.

    Rendered in a template it is wrapped in an element with its ``lang`` when that is not the
    language of the page; in attributes and plain text use :attr:`plain`.
    """

    lang: str
    wanted: str
    _other: str

    def __new__(cls, value, lang, wanted, other=""):
        text = super().__new__(cls, value)
        text.lang, text.wanted, text._other = lang, wanted, other
        return text

    @property
    def plain(self):
        """The text without any mark of its language."""
        return str.__str__(self)

    @property
    def is_fallback(self):
        """True where the wanted language has no text and the other one stands in."""
        return bool(self) and self.lang != self.wanted

    @property
    def other(self):
        """The text in the other language, empty where only one exists."""
        if self.is_fallback:
            return BilingualText("", self.wanted, self.wanted)
        language = other_language(self.lang)
        return BilingualText(self._other, language, self.wanted)

    def __html__(self):
        if not self or self.lang == self.wanted:
            return format_html("{}", self.plain)
        return format_html('<span lang="{}">{}</span>', self.lang, self.plain)


def bilingual_text(english, chinese):
    """Return the pair as one :class:`BilingualText` in the active language.

    A missing translation falls back to the other language and says so by its ``lang``.
    """
    wanted = active_language()
    texts = {ENGLISH: english or "", CHINESE: chinese or ""}
    other = other_language(wanted)
    if texts[wanted]:
        return BilingualText(texts[wanted], wanted, wanted, texts[other])
    return BilingualText(texts[other], other if texts[other] else wanted, wanted)


class Bilingual:
    """Descriptor that reads ``<name>_en`` and ``<name>_zh`` of a model as one text."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return bilingual_text(
            getattr(instance, f"{self.name}_en"), getattr(instance, f"{self.name}_zh")
        )
