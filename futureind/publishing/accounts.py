"""The people who edit and review."""

from django.contrib.auth.models import AbstractUser
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account of the editors' house; visitors need none."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [("decide", "Can approve, publish and withdraw records")]

    @cached_property
    def has_second_factor(self):
        """True where an app that shows one-time codes was set up for the account."""
        return self.totpdevice_set.filter(confirmed=True).exists()
