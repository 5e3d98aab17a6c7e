"""Django looks for models here; they live beside the code that uses them."""

from futureind.accounts.models import SecurityEvent, User
from futureind.desk.models import (
    LinkCheck,
    MachineRendering,
    StaleTranslation,
    Verification,
    WorkNote,
)
from futureind.editing.models import OpenForm
from futureind.exchange.models import Import, ImportChange, ImportRow
from futureind.jobs.models import Job
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.merges import Merge
from futureind.publishing.models.preview_links import PreviewLink
from futureind.publishing.models.proposals import Proposal, ProposalStep
from futureind.publishing.models.revisions import Revision
from futureind.publishing.models.schedules import Schedule
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.models.sources import Source
from futureind.search.entries import SearchEntry
from futureind.search.snapshots import SearchPosting, SearchSnapshot

__all__ = [
    "Authorship",
    "ContentVersion",
    "FormerSlug",
    "Import",
    "ImportChange",
    "ImportRow",
    "Job",
    "LinkCheck",
    "MachineRendering",
    "Merge",
    "OpenForm",
    "PreviewLink",
    "Proposal",
    "ProposalStep",
    "Revision",
    "Schedule",
    "SearchEntry",
    "SearchPosting",
    "SearchSnapshot",
    "SecurityEvent",
    "Source",
    "StaleTranslation",
    "User",
    "Verification",
    "WorkNote",
]
