"""Django looks for models here; they live beside the code that uses them."""

from futureind.accounts.models import SecurityEvent, User
from futureind.desk.models import (
    LinkCheck,
    MachineRendering,
    StaleTranslation,
    Verification,
    WorkNote,
)
from futureind.exchange.models import Import, ImportChange, ImportRow
from futureind.jobs.models import Job
from futureind.publishing.authorship import Authorship
from futureind.publishing.content_version import ContentVersion
from futureind.publishing.history import Revision
from futureind.publishing.merges import Merge
from futureind.publishing.open_forms import OpenForm
from futureind.publishing.preview_links import PreviewLink
from futureind.publishing.proposals import Proposal, ProposalStep
from futureind.publishing.scheduling import Schedule
from futureind.publishing.slugs import FormerSlug
from futureind.publishing.sources import Source
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
