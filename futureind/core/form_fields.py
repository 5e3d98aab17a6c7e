"""Form fields and widgets that look at what was sent before the database is asked for it."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

from futureind.core.asked import number_in


class KnownChoices:
    """Mixin of search boxes: what can be no record's key is shown as no choice.

    Django's own ask the database for whatever was sent.
    """

    def optgroups(self, name, value, attr=None):
        keys = [key for key in value if number_in(key) is not None]
        return super().optgroups(name, keys, attr)


class OneOfMany(KnownChoices, AutocompleteSelect):
    """Search box for one choice."""


class KnownMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Several records, of which each key is looked at before the database is asked for them."""

    def _check_values(self, value):
        for key in value if isinstance(value, list | tuple) else ():
            if number_in(key) is None:
                code = "invalid_pk_value"
                raise ValidationError(self.error_messages[code], code=code, params={"pk": key})
        return super()._check_values(value)
