"""Records, and what is kept about their changes."""

from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.merges import Merge
from futureind.publishing.models.preview_links import PreviewLink
from futureind.publishing.models.proposals import Proposal, ProposalStep
from futureind.publishing.models.revisions import Revision
from futureind.publishing.models.schedules import Schedule
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.models.sources import Source

__all__ = [
    "Authorship",
    "ContentVersion",
    "FormerSlug",
    "Merge",
    "PreviewLink",
    "Proposal",
    "ProposalStep",
    "Revision",
    "Schedule",
    "Source",
]
