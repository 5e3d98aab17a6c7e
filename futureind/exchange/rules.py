"""What speaks against a row of an import: permissions, the model, the constraints of the database.

Everything is asked of instances in memory; what is new has a primary key below zero.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from futureind.exchange import conditions
from futureind.publishing.fixtures import columns_of
from futureind.publishing.records import PublicationState


class Rules:
    """The rules for the rows of one user's import; ``names``, what its cells refer to."""

    def __init__(self, user, names):
        self.user = user
        self.names = names
        self.instances = {}
        self.seen = {}
        self.allowed = {}

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
        row.instance = instance = self.build(row)
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
