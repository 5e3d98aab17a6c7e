"""Create the first accounts."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from futureind.accounts.roles import CONTRIBUTORS, REVIEWERS, write_groups

# Name of the account and its group; the one without a group may do everything.
ACCOUNTS = {"administrator": None, "contributor": CONTRIBUTORS, "reviewer": REVIEWERS}


class Command(BaseCommand):
    """Create what is missing of the accounts administrator, contributor and reviewer.

    The generated passwords are printed once, when the accounts are made; only their hashes are
    kept. The groups of contributors and reviewers get their permissions anew at every run. Needs a
    migrated database; changes nothing else and may be run again at any time.
    """

    help = "Create the first accounts and print their passwords once."

    @transaction.atomic
    def handle(self, *args, **options):
        groups = write_groups()
        created = {}
        for name, group in ACCOUNTS.items():
            password = self.account(name, groups.get(group))
            if password:
                created[name] = password
        if created:
            self.stdout.write(_("Accounts were created. The passwords are shown only this once:"))
            for name, password in created.items():
                self.stdout.write(f"  {name:<15}{password}")
        kept = [name for name in ACCOUNTS if name not in created]
        if kept:
            self.stdout.write(
                _("Accounts that exist already: %(names)s. To set a new password: %(command)s")
                % {"names": ", ".join(kept), "command": "python manage.py changepassword NAME"}
            )

    def account(self, name, group):
        """Create the account where it is missing; return its password, None where it exists."""
        users = get_user_model().objects
        if users.filter(username=name).exists():
            return None
        password = secrets.token_urlsafe(15)
        if group is None:
            users.create_superuser(name, password=password)
        else:
            user = users.create_user(name, password=password, is_staff=True)
            user.groups.add(group)
        return password
