"""Tags of list pages."""

from django import template

from futureind.browse.fragments import kept

register = template.Library()


@register.filter
def label_of(form, name):
    """Return the label of a form's field; the name where the form has no such field."""
    field = form.fields.get(name)
    return field.label if field is not None and field.label else name


@register.simple_tag
def filter_field(field):
    """A box of a list's filters, for a text or a date, with its label."""
    return kept(
        "browse/_field.html",
        name=field.html_name,
        label=str(field.label),
        value=str(field.value() or ""),
        is_wrong=bool(field.errors),
        type=field.field.widget.input_type,
        attributes=tuple(field.field.widget.attrs.items()),
    )


@register.simple_tag
def always(template_name):
    """A part of the page that is the same on every page of a language."""
    return kept(template_name)
