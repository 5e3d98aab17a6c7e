"""What is chosen of a policy document: its type, level, status, and its ties to others."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentType(models.TextChoices):
    """What an officer calls a text, from the broadest plan to the text of a single matter."""

    OUTLINE = "outline", _("outline")
    PROPOSALS = "proposals", pgettext_lazy("document type", "proposals")
    PLAN = "plan", _("plan")
    ACTION_PLAN = "action-plan", _("action plan")
    IMPLEMENTATION_PLAN = "implementation-plan", _("implementation plan")
    WORK_PLAN = "work-plan", _("work plan")
    PROGRAMME = "programme", _("programme")
    DECISION = "decision", _("decision")
    OPINIONS = "opinions", _("opinions")
    GUIDING_OPINIONS = "guiding-opinions", _("guiding opinions")
    IMPLEMENTATION_OPINIONS = "implementation-opinions", _("implementation opinions")
    MEASURES = "measures", _("measures")
    GUIDELINES = "guidelines", _("guidelines")
    NOTICE = "notice", _("notice")
    STANDARD_SYSTEM = "standard-system", _("standard system")
    CATALOGUE = "catalogue", _("catalogue")
    LIST = "list", pgettext_lazy("document type", "list")
    WORK_REPORT = "work-report", _("work report")
    LAW = "law", _("law")
    REGULATION = "regulation", _("administrative regulation")
    DEPARTMENT_RULE = "department-rule", _("departmental rule")
    # The functions of an agency: on record because other texts rest on them.
    MANDATE = "mandate", _("mandate of a body")


class DocumentLevel(models.TextChoices):
    NATIONAL = "national", _("national")
    PROVINCIAL = "provincial", _("provincial")
    CITY = "city", _("city")


class LegalStatus(models.TextChoices):
    """Status of the policy itself; the state of our record is another thing."""

    IN_FORCE = "in-force", _("in force")
    EXPIRED = "expired", _("ended")
    SUPERSEDED = "superseded", _("superseded")
    CONSULTATION = "consultation", _("for consultation")


class TitleOrigin(models.TextChoices):
    OURS = "ours", _("our translation")
    OFFICIAL = "official", _("official English title")


class RelationType(models.TextChoices):
    """How one document stands to another; each reads from the first to the second."""

    IMPLEMENTS = "implements", _("implements")
    SUPERSEDES = "supersedes", _("supersedes")
    AMENDS = "amends", _("amends")
    CITES = "cites", _("cites")
