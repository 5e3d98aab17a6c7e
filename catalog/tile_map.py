"""What the map of the regions can be shaded by; the map itself is drawn by ``regions``."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from futureind.browse.filters import OptionField


class Shade(models.TextChoices):
    # Of technologies where the map is of all, of tracks where it is about one thing.
    TRACKS = "tracks", pgettext_lazy("what a map is shaded by", "number")
    TIER = "tier", _("role in plan")
    FIRST = "first", _("date of the first plan")


class ShadeForm(forms.Form):
    """The parameter of pages with a map."""

    shade = OptionField(label=_("Shade"), choices=Shade.choices, required=False)

    @property
    def chosen(self):
        """The shade asked for; the number of tracks where none is, or an unknown one."""
        return getattr(self, "cleaned_data", {}).get("shade") or Shade.TRACKS

    @property
    def links(self):
        """``(label, query string, is current)`` of each shade."""
        return [
            (
                shade.label,
                "?" if shade == Shade.TRACKS else f"?shade={shade.value}",
                shade == self.chosen,
            )
            for shade in Shade
        ]
