"""Addresses at which people without an account see a draft or a proposal, for a while."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from futureind.publishing.history import Action, Revision
from futureind.publishing.previews import never_kept, render_preview
from futureind.publishing.proposals import Proposal

SALT = "futureind.preview"
# For how many days a link may hold.
DAYS = (1, 7, 30)


class PreviewLinkQuerySet(models.QuerySet):
    def of(self, target):
        """Return the links to a record or proposal, newest first."""
        kind = ContentType.objects.get_for_model(target)
        return self.filter(content_type=kind, object_id=target.pk).order_by("-id")

    def valid(self):
        """Return the links that lead somewhere now."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class PreviewLink(models.Model):
    """A signed address of the preview of a record or proposal; expires, and can be revoked."""

    open_to_staff = ("view",)

    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("record"))
    target = GenericForeignKey("content_type", "object_id")
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
        return f"{self.target} · {self.expires_at:%Y-%m-%d %H:%M}"

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


def share(target, *, user, days, note=""):
    """Return a new PreviewLink to a record or proposal that holds for so many days."""
    return PreviewLink.objects.create(
        target=target, user=user, note=note, expires_at=timezone.now() + timedelta(days=days)
    )


def preview(request, token, language=None):
    """Show what a preview link leads to; 410 where there is nothing to show any more."""
    if request.method not in ("GET", "HEAD"):
        return never_kept(HttpResponseNotAllowed(["GET", "HEAD"]))
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    spoken = [code for code, _name in settings.LANGUAGES]
    if language is None:
        language = get_language_from_request(request)
        return never_kept(HttpResponseRedirect(reverse("preview", args=[token, language])))
    if language not in spoken:
        raise Http404
    link = PreviewLink.objects.filter(pk=pk).first()
    record, snapshot = shown_by(link) if link is not None and link.is_valid else (None, None)
    if record is None:
        with override(language):
            return never_kept(render(request, "preview_gone.html", status=410))
    return render_preview(request, record, language, snapshot)


def shown_by(link):
    """Return the record of a link and the snapshot to show, Nones where there is none any more."""
    record, snapshot = link.target, None
    if isinstance(record, Proposal):
        if not record.is_open:
            return None, None
        record, snapshot = record.record, record.snapshot
    if record is None or was_withdrawn_after(record, link.created_at):
        return None, None
    return record, snapshot


def was_withdrawn_after(record, moment):
    """Tell whether a record, or one that it stands on, was withdrawn after a moment."""
    return any(
        Revision.objects.of(shown).filter(action=Action.WITHDRAWN, created_at__gt=moment).exists()
        for shown in record.decided_by
    )
