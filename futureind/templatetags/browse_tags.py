"""Tags of list pages."""

from django import template

register = template.Library()


@register.filter
def label_of(form, name):
    """Return the label of a form's field; the name where the form has no such field."""
    field = form.fields.get(name)
    return field.label if field is not None and field.label else name
