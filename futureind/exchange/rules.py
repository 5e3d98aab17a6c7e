"""What speaks against a row of an import: permissions, the model, the constraints of the database.

Everything is asked of instances in memory; what is new has a primary key below zero.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from futureind.exchange import conditions, values
from futureind.loading.fixtures import columns_of
from futureind.publishing.models.records import PublicationState

SHOWN = 5


class Rules:
    """The rules for the rows of one user's import; ``names``, what its cells refer to."""

    def __init__(self, user, names):
        self.user = user
        self.names = names
        self.instances = {}
        self.seen = {}
        self.titles = {}
        self.allowed = {}

    def refuse_marked(self, row):
        """Refuse the cells that a spreadsheet shows as something else than they hold."""
        messages = {
            "formulas": _("It holds a formula. Put the value in its place."),
            "errors": _("It holds an error of a spreadsheet. Put the value in its place."),
            "merged": _("The cell is merged with others. Split them and fill each."),
            "scaled": _("Its format shows another number than it holds. Give it a plain format."),
        }
        for mark, message in messages.items():
            for name in row.marks.get(mark, ()):
                row.refuse(message, name)

    def refuse_wordless(self, row):
        """Refuse a number, TRUE or FALSE where words are wanted, unless it stands there already."""
        for name, text in row.values.items():
            field = row.kind.columns[name].field
            wordless = isinstance(text, str) and text and values.is_no_text(field, text)
            if wordless and not self.stands_there(row, name, text):
                message = _("This is no text in words. If it is meant, enter it on the form.")
                row.refuse(message, name)

    def refuse_forbidden(self, row, root):
        verb = "add" if row.is_new else "change"
        owner_is_closed = row.kind.is_part and not self.may(row.kind.owner_model, "change")
        if owner_is_closed or not self.may(row.model, verb):
            row.refuse(_("You may not change records of this kind."))
        if root.state == PublicationState.WITHDRAWN:
            row.refuse(_("It was withdrawn. Change it on its own form."))
        if root.pk is not None and root.base is None:
            row.refuse(_("It has no version yet. Save it once on its own form."))

    def may(self, model, verb):
        name = f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
        if name not in self.allowed:
            self.allowed[name] = self.user.has_perm(name)
        return self.allowed[name]

    def validate(self, row):
        """Ask the model and the database's constraints, with what is new in memory only."""
        for name, column in row.kind.columns.items():
            required = column.field is not None and column.field.many_to_one
            if required and not column.field.null and not row.after["fields"].get(name):
                row.refuse(_("This field is required."), name)
        if row.problems:
            return
        before = self.instances.get((row.model, row.key))
        row.instance = instance = self.build(row)
        self.refuse_another(row, before)
        self.refuse_percentages(row)
        if row.problems:
            return
        self.instances[row.model, row.key] = instance
        relations = [f.name for f in row.model._meta.get_fields() if f.is_relation and f.concrete]
        try:
            instance.clean_fields(exclude=relations)
            instance.clean()
        except ValidationError as error:
            self.refuse_all(row, error)
            return
        for constraint in row.model._meta.constraints:
            if conditions.is_known_to_be_met(constraint, instance):
                continue
            try:
                constraint.validate(row.model, instance)
            except ValidationError as error:
                self.refuse_all(row, error)
        self.refuse_same_title(row, before)

    def refuse_another(self, row, before):
        """Refuse to write over a record that the row names by its number and does not mean."""
        if row.is_named_by_number and before is not None and before.is_another(row.instance):
            message = _(
                "This number is that of “%(name)s” (%(slug)s), which has another title or region. "
                "Mend the number, or give that slug to change the record."
            )
            row.refuse(message % {"name": before, "slug": before.slug}, row.model_number)

    def refuse_percentages(self, row):
        """Refuse a number with a percent sign whose unit is another one."""
        for name in row.percentages:
            owner = getattr(row.instance, getattr(row.model, "owner_field", "unit"), None)
            unit = getattr(row.instance, "unit", None) or getattr(owner, "unit", None)
            if "%" not in str(unit):
                row.refuse(_("It is a percentage, but its unit is not. Name the unit."), name)

    def refuse_same_title(self, row, before):
        """Refuse nearly the title of another record, as the form asks whether it is meant."""
        if row.problems or not hasattr(row.model, "known_titles"):
            return
        if row.model not in self.titles:
            self.titles[row.model] = row.model.known_titles()
        titles = self.titles[row.model]
        if titles is None:
            return
        is_meant = row.is_new and row.cells.get("slug", "").strip()
        if not is_meant and (before is None or before.is_another(row.instance)):
            for other in titles.like(row.instance)[:SHOWN]:
                message = _(
                    "On record, or in this file, is nearly the same title: “%(name)s” (%(slug)s). "
                    "Give that slug to change it, or a new slug if it is another one."
                )
                row.refuse(message % {"name": other, "slug": other.slug}, "title_zh")
        if row.is_new and not row.problems:
            titles.add(row.instance)

    def refuse_all(self, row, error):
        by_column = getattr(error, "message_dict", None) if hasattr(error, "error_dict") else None
        for name, messages in (by_column or {NON_FIELD_ERRORS: error.messages}).items():
            for message in messages:
                row.refuse(message, "" if name == NON_FIELD_ERRORS else name)

    def build(self, row):
        """Return an instance that holds what the row says; what is new gets a key below zero."""
        instance = row.model()
        for column in columns_of(row.model):
            value = row.after["fields"].get(column.name)
            if column.many_to_many:
                continue
            if column.many_to_one:
                related = self.instance_of(column.related_model, tuple(value)) if value else None
                setattr(instance, column.name, related)
            else:
                setattr(instance, column.attname, column.to_python(value))
        pk = self.names.pk(row.model, row.key)
        instance.pk = pk if pk is not None else -len(self.instances) - 1
        instance._state.adding = pk is None
        return instance

    def instance_of(self, model, key):
        if (model, key) not in self.instances:
            self.instances[model, key] = model._base_manager.get(
                **dict(zip(model.natural_key_fields, key, strict=True))
            )
        return self.instances[model, key]

    def refuse_repetition(self, row):
        """Refuse what another row of the file says already, by the constraints of the model."""
        for constraint in row.model._meta.constraints:
            if not isinstance(constraint, UniqueConstraint) or constraint.condition:
                continue
            said = tuple(str(row.after["fields"].get(name)) for name in constraint.fields)
            if "None" in said:
                # No value is like no other, as the databases see it.
                continue
            other = self.seen.setdefault((row.model, constraint.name, said), row)
            if other is not row:
                place = ", ".join(constraint.fields)
                row.refuse(
                    _("Row %(number)d says the same in: %(columns)s.")
                    % {"number": other.number, "columns": place}
                )
