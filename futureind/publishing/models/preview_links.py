"""Addresses at which people without an account see a draft or a proposal, for a while."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.pointers import AboutRecord, AboutRecordQuerySet

SALT = "futureind.preview"


class PreviewLinkQuerySet(AboutRecordQuerySet):
    """Links to records or proposals, newest first."""

    def valid(self):
        """Return the links that lead somewhere now."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class PreviewLink(AboutRecord):
    """A signed address of the preview of a record or proposal; expires, and can be revoked."""

    open_to_staff = ("view",)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="preview_links",
        verbose_name=_("user"),
    )
    note = models.CharField(_("for whom"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="preview_link_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="preview_link_expires_later"
            )
        ]

    def __str__(self):
        return f"{self.record} · {self.expires_at:%Y-%m-%d %H:%M}"

    @property
    def token(self):
        """What stands in the address: the number of the link, signed with the site's key."""
        return signing.dumps(self.pk, salt=SALT)

    @property
    def address(self):
        return settings.SITE_URL + reverse("preview", args=[self.token])

    @property
    def is_valid(self):
        return self.revoked_at is None and self.expires_at > timezone.now()

    def revoke(self):
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
