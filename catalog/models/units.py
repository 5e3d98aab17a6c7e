"""Units of targets and indicators."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from futureind.core.bilingual import Bilingual
from futureind.publishing.models.records import not_itself, refuse_parent_cycle
from futureind.publishing.models.slugged import Slugged


class Unit(Slugged):
    """The unit of a target or an indicator, as the texts write it."""

    is_taxonomy = True

    name_en = models.CharField(_("name or symbol (English)"), max_length=50)
    name_zh = models.CharField(_("name or symbol (Chinese)"), max_length=20)
    one_en = models.CharField(
        _("name for one (English)"),
        max_length=50,
        blank=True,
        db_default="",
        default="",
        help_text=_("“zone” for “zones”; empty where the name stays as it is"),
    )
    base_unit = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived_units",
        verbose_name=_("base unit"),
    )
    factor = models.DecimalField(
        _("factor to the base unit"),
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    name = Bilingual()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["slug"]
        constraints = [
            not_itself(name="unit_base_not_itself", field="base_unit"),
            models.CheckConstraint(
                condition=Q(base_unit__isnull=True, factor__isnull=True)
                | Q(base_unit__isnull=False, factor__isnull=False, factor__gt=0),
                name="unit_factor_with_base",
                violation_error_message=_("A base unit and its factor belong together."),
            ),
        ]

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"

    def clean(self):
        super().clean()
        refuse_parent_cycle(self, "base_unit")

    def is_comparable(self, other):
        """True where the two are the same unit, or multiples of the same."""
        return (self.base_unit_id or self.pk) == (other.base_unit_id or other.pk)

    def in_base_unit(self, value):
        return value * (self.factor or 1)
