"""The table in which all tracks of a plan are edited on one page: its rows and what they hold."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from catalog.models import IndustryField, Match, Technology
from catalog.models.mappings import MATCH_SIGNS
from futureind.core.asked import number_in
from futureind.core.bilingual import CHINESE, ENGLISH
from futureind.core.texts import one_line
from regions.models import Tier, TrackFieldMapping, TrackTechnologyMapping
from regions.models.tiers import read_tier
from regions.tracks.lines import (
    Names,
    read_matches,
    read_names,
    write_matches,
    write_names,
)

MOST_ROWS = 300
EMPTY_ROWS = 3
ROWS = "tracks"


@dataclass
class Vocabulary:
    """What the fields and technologies are called, and their primary keys by slug."""

    fields: Names
    technologies: Names
    field_pks: dict
    technology_pks: dict

    @classmethod
    def read(cls):
        fields = list(IndustryField.objects.order_by("order"))
        technologies = list(Technology.objects.order_by("name_en"))
        return cls(
            Names((field.slug, [*names_of(field), *field.code.split()]) for field in fields),
            Names((technology.slug, names_of(technology)) for technology in technologies),
            {field.slug: field.pk for field in fields},
            {technology.slug: technology.pk for technology in technologies},
        )


def names_of(entry):
    """Return all names of an entry of the vocabulary, that of the active language first."""
    short = [getattr(entry, name, "") for name in ("short_name_en", "short_name_zh")]
    aliases = [*entry.aliases_en.splitlines(), *entry.aliases_zh.splitlines()]
    return [entry.name.plain, entry.name_en, entry.name_zh, *short, *aliases]


class LineField(forms.CharField):
    """A text in one line, as it is kept."""

    def to_python(self, value):
        return one_line(super().to_python(value))


class TrackRow(forms.Form):
    """A track as one row of text cells; a cell keeps what was typed until it is understood."""

    track = forms.IntegerField(widget=forms.HiddenInput, required=False)
    order = forms.IntegerField(
        label=pgettext_lazy("place of a track", "Order"),
        min_value=0,
        max_value=32767,
        required=False,
        widget=forms.NumberInput(attrs={"class": "order"}),
    )
    tier = LineField(label=_("Role in plan"), max_length=50, required=False)
    name_zh = LineField(label=_("Name (Chinese)"), max_length=100)
    name_en = LineField(label=_("Name (English)"), max_length=200)
    fields_typed = LineField(label=_("Fields"), max_length=500, required=False)
    technologies_typed = LineField(label=_("Technologies"), max_length=1000, required=False)
    locator_zh = LineField(label=_("Locator"), max_length=200, required=False)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args, vocabulary, **kwargs):
        super().__init__(*args, **kwargs)
        self.vocabulary = vocabulary
        # What was understood of a cell in other words than were typed, shown beneath it.
        self.understood = {}
        self.fields["tier"].widget.attrs |= {"list": "tiers", "class": "tier"}
        self.fields["name_zh"].widget.attrs["lang"] = CHINESE
        self.fields["name_en"].widget.attrs["lang"] = ENGLISH

    @property
    def removed(self):
        return self.cleaned_data.get("remove", False)

    def clean_tier(self):
        typed = self.cleaned_data["tier"]
        if not typed:
            raise ValidationError(_("Say which role the plan gives it."))
        tier = read_tier(typed) or tier_labelled(typed)
        if tier is None:
            raise ValidationError(
                _("“%(word)s” is no role in a plan. Known are: %(tiers)s."),
                params={"word": typed, "tiers": ", ".join(str(t.label) for t in Tier)},
            )
        if typed != tier.label:
            self.understood["tier"] = tier.label
        return tier

    def clean_fields_typed(self):
        slugs, unread = read_names(self.cleaned_data["fields_typed"], self.vocabulary.fields)
        refuse_unread(unread)
        if self.cleaned_data["fields_typed"] != write_names(slugs, self.vocabulary.fields):
            shown = self.vocabulary.fields.shown
            self.understood["fields_typed"] = ", ".join(shown[slug] for slug in slugs)
        return slugs

    def clean_technologies_typed(self):
        names = self.vocabulary.technologies
        pairs, unread = read_matches(self.cleaned_data["technologies_typed"], names)
        refuse_unread(unread)
        if self.cleaned_data["technologies_typed"] != write_matches(pairs, names):
            self.understood["technologies_typed"] = ", ".join(
                f"{MATCH_SIGNS[match]} {names.shown[slug]} ({Match(match).label})"
                for slug, match in pairs
            )
        return pairs

    def cells(self):
        """Yield each visible cell with what was understood of it."""
        for bound in self.visible_fields():
            yield bound, self.understood.get(bound.name, "")


def tier_labelled(text):
    """Return the tier whose label in the active language is the text, None for other words."""
    wanted = text.strip().casefold()
    return next((tier for tier in Tier if str(tier.label).casefold() == wanted), None)


def refuse_unread(unread):
    """Raise ValidationError with a sentence for every name that leads to no or several entries."""
    errors = []
    for name in unread:
        candidates = ", ".join(name.candidates)
        if name.ambiguous:
            message = _("“%(name)s” may be: %(candidates)s. Type the one that is meant.")
        elif candidates:
            message = _("“%(name)s” is not in the vocabulary. Did you mean: %(candidates)s?")
        else:
            message = _("“%(name)s” is not in the vocabulary.")
        params = {"name": name.text, "candidates": candidates}
        errors.append(ValidationError(message, params=params))
    if errors:
        raise ValidationError(errors)


class TrackRows(forms.BaseFormSet):
    """The rows of a plan."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if name != "track" and index is not None:
                # A cell has no label of its own, only the head of its column.
                place = {"column": field.label, "number": index + 1}
                field.widget.attrs["aria-label"] = _("%(column)s, row %(number)d") % place

    def clean(self):
        """Refuse a name that stands twice in a tier, and tracks that others stand below."""
        super().clean()
        seen = {}
        for row in self.kept_rows():
            data = row.cleaned_data
            key = data.get("tier"), data.get("name_zh")
            if None not in key and seen.setdefault(key, row) is not row:
                row.add_error("name_zh", _("The plan already has a track of this name and role."))

    def filled_rows(self):
        """Return the rows in which something stands."""
        return [row for row in self.forms if row.has_changed()]

    def kept_rows(self):
        return [
            row for row in self.filled_rows() if hasattr(row, "cleaned_data") and not row.removed
        ]

    def full_clean(self):
        super().full_clean()
        for number, row in enumerate(self.forms):
            # What is taken out needs no mending first.
            if row.is_bound and row.data.get(row.add_prefix("remove")):
                row.errors.clear()
                self._errors[number] = row.errors


TrackFormSet = forms.formset_factory(
    TrackRow,
    formset=TrackRows,
    extra=0,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
    validate_max=True,
)


def tracks_to_edit(plan):
    """Return the tracks of a plan as the plan prints them, with their mappings."""
    return plan.tracks.in_plan_order().prefetch_related(
        Prefetch("field_mappings", TrackFieldMapping.objects.select_related("field")),
        Prefetch(
            "technology_mappings", TrackTechnologyMapping.objects.select_related("technology")
        ),
    )


def row_of(track, vocabulary):
    """Return the cells of a track, by name."""
    fields = [row.field.slug for row in track.field_mappings.all()]
    pairs = [(row.technology.slug, row.match) for row in track.technology_mappings.all()]
    return {
        "track": track.pk,
        "order": track.order,
        "tier": Tier(track.tier).label,
        "name_zh": track.name_zh,
        "name_en": track.name_en,
        "fields_typed": write_names(fields, vocabulary.fields),
        "technologies_typed": write_matches(pairs, vocabulary.technologies),
        "locator_zh": track.locator_zh,
    }


def row_of_line(line, order):
    """Return the cells of a pasted line, by name."""
    return {
        "order": order,
        "tier": line.tier,
        "name_zh": line.name_zh,
        "name_en": line.name_en,
        "fields_typed": line.fields,
        "technologies_typed": line.technologies,
        "locator_zh": line.locator,
    }


def typed_rows(data):
    """Return the rows of a form that was sent, as they were typed, without empty ones."""
    count = number_in(data.get(f"{ROWS}-TOTAL_FORMS", "")) or 0
    rows = []
    for number in range(min(count, MOST_ROWS)):
        row = {name: data.get(f"{ROWS}-{number}-{name}", "") for name in TrackRow.base_fields}
        if any(row.values()):
            rows.append(row)
    return rows


def form_data(rows, empty=EMPTY_ROWS):
    """Return the data of a form with these rows and some empty ones below them."""
    total = min(len(rows) + empty, MOST_ROWS)
    data = {f"{ROWS}-TOTAL_FORMS": total, f"{ROWS}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {
            f"{ROWS}-{number}-{name}": value
            for name, value in row.items()
            if value not in (None, "", False)
        }
    return data


def how_many_lack_locators(rows):
    """Return a sentence about kept rows without a locator, "" where all have one."""
    count = sum(1 for row in rows if not row.cleaned_data["locator_zh"])
    if not count:
        return ""
    return ngettext(
        "%d track has no locator yet: once it is public, visitors see that it is missing.",
        "%d tracks have no locator yet: once they are public, visitors see that it is missing.",
        count,
    ) % (count,)
