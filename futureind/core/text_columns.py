"""Columns that hold texts: cleaned whenever a record is checked."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from futureind.core.texts import one_line, plain_text

# What a cell of a spreadsheet holds, less the room for what an export has to escape.
LONGEST_TEXT = 30_000


def as_kept(column, text):
    """Return a text as a column (a field of a model) keeps it."""
    return plain_text(text) if isinstance(column, models.TextField) else one_line(text)


def is_text(column):
    """Tell whether a column holds a text that people write."""
    return isinstance(column, models.CharField | models.TextField)


class PlainTexts(models.Model):
    """Mixin of models: their texts are cleaned whenever they are checked."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        """Clean the texts; raises ValidationError as Django does, and for one that is too long."""
        errors, excluded = {}, exclude or ()
        for column in self._meta.concrete_fields:
            text = self.__dict__.get(column.attname)
            if column.name in excluded or not is_text(column) or not isinstance(text, str):
                continue
            text = as_kept(column, text)
            setattr(self, column.attname, text)
            if len(text) > LONGEST_TEXT:
                message = _("It has more than %(count)d characters.")
                error = ValidationError(message, params={"count": LONGEST_TEXT})
                errors[column.name] = [error]
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
