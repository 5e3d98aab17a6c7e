"""Who may do what: the one table of roles and their permissions.

A contributor drafts and proposes, a reviewer also decides about the work of others, an
administrator (an account with superuser status) also keeps accounts, taxonomy and settings.
"""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from futureind.accounts.models import User

CONTRIBUTORS = "contributors"
REVIEWERS = "reviewers"
# To approve, publish and withdraw; held by reviewers and administrators.
DECIDE = "accounts.decide"


def decides(user):
    """Tell whether a user may decide what visitors see."""
    return user.has_perm(DECIDE)


def permissions_of(role):
    """Return what a role may do, as a set of ``(model, codename)`` pairs.

    Each model says what it is open to: ``open_to_staff`` and ``open_to_reviewers`` name the verbs
    of Django's permissions ("view", "add", "change", "delete").
    """
    wanted = {(User, DECIDE.partition(".")[2])} if role == REVIEWERS else set()
    for model in apps.get_models():
        verbs = {*getattr(model, "open_to_staff", ())}
        if role == REVIEWERS:
            verbs.update(getattr(model, "open_to_reviewers", ()))
        wanted.update((model, f"{verb}_{model._meta.model_name}") for verb in verbs)
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
