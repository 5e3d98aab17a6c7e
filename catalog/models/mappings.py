"""Mappings of records to fields, technologies and products, with their basis."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.publishing.models.records import Part, RecordQuerySet


class Basis(models.TextChoices):
    """The basis of a mapping: the text states it, an analyst judged so, or it is derived."""

    STATED = "stated", _("stated by the text")
    ANALYST = "analyst", _("judged by an analyst")
    DERIVED = "derived", _("taken from the plan's tracks")


class Match(models.TextChoices):
    """How the wording of a track relates to the technology or product that it is mapped to."""

    EXACT = "exact", _("exact")
    BROADER = "broader", _("broader")
    NARROWER = "narrower", _("narrower")
    RELATED = "related", _("related")


MATCH_SIGNS = {Match.EXACT: "=", Match.BROADER: "⊃", Match.NARROWER: "⊂", Match.RELATED: "~"}

# What a filter by technology or product counts unless other matches are asked for.
COUNTED_MATCHES = (Match.EXACT, Match.BROADER, Match.NARROWER)


class MappingQuerySet(RecordQuerySet):
    def edited(self):
        """Return the rows that people entered, without those derived from tracks."""
        return self.exclude(basis=Basis.DERIVED)


class Mapping(Part):
    """A row that ties a record to an entry of the vocabulary."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.ANALYST)

    objects = MappingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "id"]

    def __str__(self):
        return " → ".join(str(part) for part in self.natural_key())


class MatchedMapping(Mapping):
    """A mapping that also says how the wordings relate."""

    match = models.CharField(_("match"), max_length=10, choices=Match, default=Match.EXACT)

    class Meta(Mapping.Meta):
        abstract = True


def mapping_constraints(model, owner, target):
    """Return the constraints of a mapping table: known basis, each pair once.

    Parameters: ``model``, a short name that starts the names of the constraints; ``owner`` and
    ``target``, the two foreign keys.
    """
    return [
        one_of("basis", Basis, name=f"{model}_basis_known"),
        models.UniqueConstraint(fields=[owner, target], name=f"{model}_unique"),
    ]
