"""Where in a text a claim stands, and in which words."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from futureind.core.bilingual import Bilingual
from futureind.core.texts import to_simplified

QUOTATION_LENGTH = 40
# The condition that a claim does not say where it stands.
NOT_LOCATED = Q(locator_en="", locator_zh="")


def validate_simplified(text):
    """Raise ValidationError where quoted words hold traditional characters."""
    simplified = to_simplified(text)
    if simplified != text:
        message = _("Quote in simplified characters, as printed there: %(text)s")
        raise ValidationError(message, code="traditional", params={"text": simplified})


class Located(models.Model):
    """Mixin of what stands at a place in a text, named in both languages."""

    locator_en = models.CharField(
        _("locator (English)"),
        max_length=200,
        blank=True,
        help_text=_("Part, article, paragraph, in our words."),
    )
    locator_zh = models.CharField(
        _("locator (Chinese)"),
        max_length=200,
        blank=True,
        help_text=_("Part, article, paragraph, headings as printed."),
    )

    locator = Bilingual()

    class Meta:
        abstract = True


class Quoted(Located):
    """Mixin of claims whose words are quoted: which, from which source, read on which day."""

    quotation = models.CharField(
        _("quoted words"),
        max_length=QUOTATION_LENGTH,
        blank=True,
        validators=[validate_simplified],
        help_text=_("As printed, at most 40 characters."),
    )
    quotation_source = models.ForeignKey(
        "publishing.Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quoted_%(model_name)ss",
        verbose_name=_("quoted from"),
        help_text=_("The source in which the words, or their place, were read."),
    )
    read_on = models.DateField(_("read on"), null=True, blank=True)

    class Meta:
        abstract = True


def quoted_from_a_source(model):
    """Return the constraint of a :class:`Quoted` model of that name: words have a source."""
    return models.CheckConstraint(
        condition=Q(quotation="") | Q(quotation_source__isnull=False),
        name=f"{model}_quoted_from_a_source",
        violation_error_message=_("Quoted words need the source in which they were read."),
    )
