"""Form of a policy document: what is on record already is not entered a second time."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from catalog.models import PolicyDocument
from catalog.models.titles import TITLES
from futureind.editing.forms import RecordForm
from futureind.search.text import document_number

SHOWN = 5


class DocumentForm(RecordForm):
    """A number that is on record is refused; a title like another one has to be meant."""

    save_anyway = forms.BooleanField(
        label=_("Save anyway: it is another document"), required=False, label_suffix=""
    )

    def clean_document_number(self):
        """Keep a number in its printed form, whatever brackets were typed."""
        number = self.cleaned_data["document_number"]
        if "document_number" not in self.changed_data:
            return number
        return document_number(number) or number

    def clean(self):
        data = super().clean() or self.cleaned_data
        if set(TITLES) & set(self.changed_data) and (others := self.like_this(data)):
            self.similar = True
            if not data.get("save_anyway"):
                links = format_html_join(", ", "{}", ((link_to(other),) for other in others))
                text = _("On record is nearly the same title: {}. Is it another document?")
                self.add_error("title_zh", format_html(text, links))
        return data

    def like_this(self, data):
        """Return documents of the same region whose title is nearly that of the form."""
        titles = {name: data.get(name) or "" for name in TITLES}
        typed = PolicyDocument(pk=self.instance.pk, region=data.get("region"), **titles)
        return PolicyDocument.known_titles().like(typed)[:SHOWN]

    def add_error(self, field, error):
        for problem in getattr(error, "error_dict", {}).get("document_number", ()):
            if problem.code == "same_number":
                other = PolicyDocument.objects.get(pk=problem.params["pk"])
                problem.message = format_html(
                    _("This number is on record already: {}."), link_to(other)
                )
                problem.params = None
        super().add_error(field, error)


def link_to(document):
    url = reverse("admin:catalog_policydocument_change", args=[document.pk])
    return format_html('<a href="{}">{}</a>', url, document)
