from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who may do what: users, roles, log-in, second factor, what happened to accounts."""

    name = "futureind.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from futureind.accounts import security
        from futureind.jobs import chores

        security.connect()
        chores.register(security.forget_old_events, every=security.FORGET_EVERY)
