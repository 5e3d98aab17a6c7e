"""The people who edit and review, and what happens to their accounts."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of

NAME_LENGTH = 150


class User(AbstractUser):
    """An account of the staff; visitors need none."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [("decide", "Can approve, publish and withdraw records")]

    @cached_property
    def has_second_factor(self):
        """True where an app that shows one-time codes was set up for the account."""
        return self.totpdevice_set.filter(confirmed=True).exists()


class SecurityAction(models.TextChoices):
    LOGGED_IN = "logged-in", _("logged in")
    LOGGED_OUT = "logged-out", _("logged out")
    FAILED = "failed", _("failed to log in")
    LOCKED_OUT = "locked-out", _("locked out")
    FACTOR_PASSED = "factor-passed", _("passed the second factor")
    FACTOR_SET_UP = "factor-set-up", _("set up the second factor")
    FACTOR_RESET = "factor-reset", _("reset the second factor")
    CODES_MADE = "codes-made", _("made recovery codes")
    CODE_USED = "code-used", _("used a recovery code")
    PASSWORD_CHANGED = "password-changed", _("changed a password")
    ACCOUNT_CREATED = "account-created", _("created an account")
    ROLE_CHANGED = "role-changed", _("changed what an account may do")
    ACCOUNT_DELETED = "account-deleted", _("deleted an account")


class SecurityEvent(models.Model):
    """Something that happened to an account; written by the site, read by administrators."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    action = models.CharField(_("action"), max_length=20, choices=SecurityAction)
    # Names, not accounts: what was typed may be nobody's name, and accounts may be removed.
    user_name = models.CharField(_("name of the user"), max_length=NAME_LENGTH, blank=True)
    account = models.CharField(_("account concerned"), max_length=NAME_LENGTH, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-id"]
        constraints = [one_of("action", SecurityAction, name="security_action_known")]
        indexes = [models.Index(fields=["account", "action", "at"], name="security_of_account")]

    def __str__(self):
        return f"{self.account} · {self.get_action_display()}"
