"""Who may do what: the one table of roles and their permissions.

A contributor drafts and proposes, a reviewer also decides about the work of others, an
administrator (an account with superuser status) also keeps accounts, taxonomy and settings.
"""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from futureind.publishing.accounts import User
from futureind.publishing.history import Revision
from futureind.publishing.links import LinkCheck
from futureind.publishing.preview_links import PreviewLink
from futureind.publishing.proposals import Proposal
from futureind.publishing.records import Part, Recorded, Reviewed
from futureind.publishing.scheduling import Schedule
from futureind.publishing.translations import MachineRendering, StaleTranslation
from futureind.publishing.verification import Verification

CONTRIBUTORS = "contributors"
REVIEWERS = "reviewers"
# To approve, publish and withdraw; held by reviewers and administrators.
DECIDE = "futureind.decide"


def decides(user):
    """Tell whether a user may decide what visitors see."""
    return user.has_perm(DECIDE)


def is_taxonomy(model):
    """Tell whether only administrators change a model: itself or the owner of a part."""
    while issubclass(model, Part) and not issubclass(model, Recorded):
        model = model._meta.get_field(model.owner_field).related_model
    return model.is_taxonomy


def permissions_of(role):
    """Return what a role may do, as a set of ``(model, codename)`` pairs."""
    wanted = {
        (Revision, "view_revision"),
        (LinkCheck, "view_linkcheck"),
        (MachineRendering, "view_machinerendering"),
        (PreviewLink, "view_previewlink"),
        (Proposal, "view_proposal"),
        (Schedule, "view_schedule"),
        (StaleTranslation, "view_staletranslation"),
        (Verification, "view_verification"),
    }
    if role == REVIEWERS:
        wanted.add((User, DECIDE.partition(".")[2]))
    for model in apps.get_models():
        # What stands beside the records, such as imports, says itself what all editors may do.
        for verb in getattr(model, "open_to_staff", ()):
            wanted.add((model, f"{verb}_{model._meta.model_name}"))
        if not issubclass(model, Recorded | Part):
            continue
        verbs = {"view"}
        if not is_taxonomy(model):
            verbs |= {"add", "change"}
            # Only drafts: a record that was once published refuses by itself.
            if role == REVIEWERS and issubclass(model, Reviewed | Part):
                verbs.add("delete")
        wanted |= {(model, f"{verb}_{model._meta.model_name}") for verb in verbs}
    return wanted


def write_groups():
    """Write the groups of contributors and reviewers with exactly their permissions.

    Returns the groups by name. May be run at any time; needs the permissions of a migrated
    database.
    """
    groups = {}
    for role in (CONTRIBUTORS, REVIEWERS):
        groups[role], _created = Group.objects.get_or_create(name=role)
        groups[role].permissions.set(
            Permission.objects.get(
                content_type=ContentType.objects.get_for_model(model), codename=codename
            )
            for model, codename in permissions_of(role)
        )
    return groups
