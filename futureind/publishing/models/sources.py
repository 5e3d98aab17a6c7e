"""Where facts were read."""

import hashlib
import re

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.publishing.models.records import PlainlyMigrated, WebAddressField
from futureind.publishing.models.slugged import Slugged

HAN = re.compile("[一-鿿]")


class SourceKind(models.TextChoices):
    OFFICIAL = "official", _("official")
    # The authority's own reading of its text, a press release, a press conference: not the text.
    EXPLANATION = "explanation", _("official explanation")
    REPRINT = "reprint", _("reprint")
    MEDIA = "media", _("media")
    RESEARCH = "research", _("research")
    LAW_DATABASE = "law-database", _("law database")
    DATASET = "dataset", _("dataset")


class SourceSeen(models.TextChoices):
    READ = "read", _("read")
    CITED = "cited", _("named in another text")
    RECALLED = "recalled", _("to be verified")


class SourceLanguage(models.TextChoices):
    CHINESE = "zh", _("Chinese")
    ENGLISH = "en", _("English")


class Source(Slugged):
    """A text, page or data set in which a fact was read, or which another text names."""

    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind)
    language = models.CharField(_("language"), max_length=2, choices=SourceLanguage)
    seen = models.CharField(
        _("how it is known"), max_length=10, choices=SourceSeen, default=SourceSeen.READ
    )
    url = WebAddressField(_("public address"))
    archived_url = WebAddressField(_("archived address"))
    retrieved_on = models.DateField(_("retrieved on"), null=True, blank=True)
    evidence_url = WebAddressField(
        _("address for editors only"),
        help_text=_("An unofficial mirror; never shown to visitors."),
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "id"]
        constraints = [
            one_of("kind", SourceKind, name="source_kind_known"),
            one_of("seen", SourceSeen, name="source_seen_known"),
            one_of("language", SourceLanguage, name="source_language_known"),
            models.CheckConstraint(
                condition=Q(archived_url="") | ~Q(url=""),
                name="source_archive_has_address",
                violation_error_message=_("An archived copy needs the address it was made from."),
            ),
        ]

    def __str__(self):
        return f"{self.title} · {self.publisher}"

    @classmethod
    def slug_for(cls, columns):
        """Return a slug that nobody reads, the same for the same text."""
        said = "\n".join(columns.get(name, "") for name in ("title", "publisher", "url"))
        return f"s-{hashlib.sha256(said.encode()).hexdigest()[:10]}" if said.strip() else ""

    @property
    def lang(self):
        """Language of the title, as a BCP 47 tag."""
        return "zh-Hans" if self.language == SourceLanguage.CHINESE else "en"

    @property
    def publisher_lang(self):
        """Language of the publisher's name: "en" also for the Latin name of a Chinese text's."""
        return self.lang if HAN.search(self.publisher) else "en"


class SourcesField(PlainlyMigrated, models.ManyToManyField):
    """The sources of a claim."""

    def __init__(self, to="publishing.Source", **options):
        options.setdefault("verbose_name", _("sources"))
        options.setdefault("blank", True)
        super().__init__(to, **options)
