"""Chains of documents: which text another one names as its basis, over several levels."""

from dataclasses import dataclass, field

from catalog.models import DocumentRelation, PolicyDocument
from catalog.models.documents import RelationType
from futureind.publishing.models.records import PublicationState

# Texts rarely stand on more than three others above each other; the bound keeps queries bounded.
MOST_LEVELS = 5


@dataclass
class Link:
    """A step of a chain: a relation, the document that it leads to, and the steps beyond it."""

    relation: DocumentRelation
    document: PolicyDocument
    level: int
    beyond: list = field(default_factory=list)

    @property
    def days(self):
        """Days between the two texts of the relation, None where one has no date."""
        return self.relation.days_between

    @property
    def is_older(self):
        """True where the lower text is dated before the upper one, so that it cannot answer it."""
        return self.days is not None and self.days < 0


def chain(document, *, downwards, bases=()):
    """Return the Links that start at a document, each with those beyond it.

    Parameters: ``downwards``, whether to follow relations to the texts that implement it or to
    those that it implements; ``bases``, the RelationBasis values that count, all where empty. A
    document stands in the chain once, where it is met first.
    """
    near, far = ("to_document", "from_document") if downwards else ("from_document", "to_document")
    relations = DocumentRelation.objects.filter(
        type=RelationType.IMPLEMENTS, **{f"{far}__publication_state": PublicationState.PUBLISHED}
    ).select_related("from_document__region", "to_document__region")
    if bases:
        relations = relations.filter(basis__in=bases)
    first = []
    beyond_of = {document.pk: first}
    seen = {document.pk}
    for level in range(1, MOST_LEVELS + 1):
        if not beyond_of:
            break
        found = list(relations.filter(**{f"{near}__in": beyond_of}))
        next_level = {}
        for relation in sorted(found, key=by_days):
            reached = getattr(relation, far)
            if reached.pk in seen:
                continue
            seen.add(reached.pk)
            link = Link(relation, reached, level)
            beyond_of[getattr(relation, f"{near}_id")].append(link)
            next_level[reached.pk] = link.beyond
        beyond_of = next_level
    return first


def by_days(relation):
    """Sort by the days between; relations without both dates last."""
    days = relation.days_between
    return (days is None, days or 0, relation.pk)


def flat(links):
    """Return the Links of a chain one after another, each before those beyond it."""
    return [one for link in links for one in (link, *flat(link.beyond))]


def bases_of(documents):
    """Return ``{document pk: [relation, …]}``: what each document names as its basis."""
    found = {}
    for relation in DocumentRelation.objects.filter(
        type=RelationType.IMPLEMENTS,
        from_document__in=documents,
        to_document__publication_state=PublicationState.PUBLISHED,
    ).select_related("to_document"):
        found.setdefault(relation.from_document_id, []).append(relation)
    return found
