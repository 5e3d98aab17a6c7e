"""The web addresses that records name: which still lead somewhere, and since when not."""

import hashlib
from collections import defaultdict
from datetime import timedelta

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.publishing.link_visits import Problem
from futureind.publishing.records import URL_LENGTH, Recorded, WebAddressField

# Broken is only what failed in so many visits over so many days.
FAILURES = 3
FAILING_DAYS = 3
# Unofficial mirrors are never shown to visitors.
NOT_SHOWN = {"evidence_url"}


class LinkState(models.TextChoices):
    """What is to be thought of an address."""

    WORKS = "works", _("works")
    AGAIN = "again", _("to be checked again")
    BROKEN = "broken", _("broken")
    BY_HAND = "by-hand", _("to be opened by hand")


# After how long an address is visited again.
VISIT_AGAIN = {
    LinkState.WORKS: timedelta(days=30),
    LinkState.AGAIN: timedelta(hours=20),
    LinkState.BROKEN: timedelta(days=7),
    LinkState.BY_HAND: timedelta(days=30),
}


class LinkCheckQuerySet(models.QuerySet):
    def due(self, now):
        """Return what is to be visited now, never visited addresses first, then the oldest."""
        waits = Q(checked_at__isnull=True)
        for state, wait in VISIT_AGAIN.items():
            waits |= Q(state=state, checked_at__lte=now - wait)
        return self.filter(waits).order_by(models.F("checked_at").asc(nulls_first=True), "id")

    def broken(self):
        return self.filter(state=LinkState.BROKEN)


class LinkCheck(models.Model):
    """What the last visits to an address found; one row for each address that records name."""

    open_to_staff = ("view",)

    # An address may be too long for an index of its own.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    address = models.URLField(_("address"), max_length=URL_LENGTH)
    state = models.CharField(
        _("state"), max_length=10, choices=LinkState, default=LinkState.AGAIN, db_index=True
    )
    problem = models.CharField(_("problem"), max_length=20, choices=Problem, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    final_address = models.TextField(_("leads to"), blank=True)
    checked_at = models.DateTimeField(_("last visited"), null=True, blank=True)
    first_failed_at = models.DateTimeField(_("failing since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["first_failed_at", "id"]
        constraints = [
            one_of("state", LinkState, name="link_state_known"),
            models.CheckConstraint(
                condition=Q(problem__in=["", *Problem.values]), name="link_problem_known"
            ),
        ]

    def __str__(self):
        return self.address

    def note(self, visit, now):
        """Take over what a visit found; the caller saves."""
        self.checked_at, self.status = now, visit.status
        self.problem = visit.problem
        self.final_address = "" if visit.final_address == self.address else visit.final_address
        if not visit.problem:
            self.state, self.failures, self.first_failed_at = LinkState.WORKS, 0, None
            return
        if visit.problem == Problem.NOT_TO_PROGRAMS:
            self.state = LinkState.BY_HAND
            return
        self.failures += 1
        self.first_failed_at = self.first_failed_at or now
        lasting = now - self.first_failed_at >= timedelta(days=FAILING_DAYS)
        is_broken = lasting and self.failures >= FAILURES
        self.state = LinkState.BROKEN if is_broken else LinkState.AGAIN

    @property
    def result(self):
        """What the last visit found, in words."""
        if self.checked_at is None:
            return str(_("waits for its visit"))
        day = timezone.localtime(self.checked_at)
        words = [_("checked on %(day)s") % {"day": f"{day:%Y-%m-%d %H:%M}"}]
        words.append(str(self.status or ""))
        words.append(self.get_problem_display() if self.problem else self.get_state_display())
        if self.final_address:
            words.append(_("leads to %(address)s") % {"address": self.final_address})
        return " · ".join(filter(None, map(str, words)))

    def settle(self, now):
        """Note that a person opened the address and found its page; the caller saves."""
        self.state, self.problem, self.checked_at = LinkState.WORKS, "", now
        self.failures, self.first_failed_at = 0, None


def digest_of(address):
    return hashlib.sha256(address.encode()).hexdigest()


def enter(address):
    """Return the row of an address that a record names, made where it is new."""
    digest = digest_of(address)
    link, _created = LinkCheck.objects.get_or_create(digest=digest, defaults={"address": address})
    return link


def of_record(record):
    """Return pairs of the label of a column of a record, and the row of the address in it."""
    columns = [column for model, column in address_columns() if model is type(record)]
    named = {column: digest_of(getattr(record, column)) for column in columns}
    found = LinkCheck.objects.in_bulk(set(named.values()), field_name="digest")
    return [
        (record._meta.get_field(column).verbose_name, found[digest])
        for column, digest in named.items()
        if digest in found
    ]


def address_columns():
    """Yield ``(model, column)`` for all web addresses that visitors may be shown."""
    for model in apps.get_models():
        if issubclass(model, Recorded):
            for field in model._meta.fields:
                if isinstance(field, WebAddressField) and field.name not in NOT_SHOWN:
                    yield model, field.name


def enter_addresses():
    """Write a row for every address that records name, and remove those that none names."""
    named = set()
    for model, column in address_columns():
        named.update(model._base_manager.exclude(**{column: ""}).values_list(column, flat=True))
    wanted = {digest_of(address): address for address in named}
    known = set(LinkCheck.objects.values_list("digest", flat=True))
    LinkCheck.objects.bulk_create(
        [
            LinkCheck(digest=digest, address=wanted[digest])
            for digest in sorted(wanted.keys() - known)
        ],
        # Another run may have entered it meanwhile.
        ignore_conflicts=True,
    )
    gone = sorted(known - wanted.keys())
    for start in range(0, len(gone), 500):
        LinkCheck.objects.filter(digest__in=gone[start : start + 500]).delete()


def named_by(addresses):
    """Return which records name each address: ``{address: [(record, column label)]}``.

    One query for each column, however many addresses.
    """
    found = defaultdict(list)
    for model, column in address_columns():
        label = model._meta.get_field(column).verbose_name
        for record in model._base_manager.filter(**{f"{column}__in": addresses}):
            found[getattr(record, column)].append((record, label))
    return found
