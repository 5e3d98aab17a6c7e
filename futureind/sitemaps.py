"""The sitemap: every public page in both languages, in sections of a few thousand."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.urls import path, reverse
from django.views.decorators.cache import cache_control

from futureind.publishing.models.records import PublicationState

# Search engines ask often, and hardly anything of it changes.
kept_an_hour = cache_control(public=True, max_age=3600)


def sitemap_urls(sitemaps):
    """Return the addresses of the index and of its sections, Sitemaps by name."""
    return [
        path("sitemap.xml", kept_an_hour(views.index), {"sitemaps": sitemaps}),
        path(
            "sitemap-<slug:section>.xml",
            kept_an_hour(views.sitemap),
            {"sitemaps": sitemaps},
            # The index looks for it by this name.
            name="django.contrib.sitemaps.views.sitemap",
        ),
    ]


class InLanguages:
    """Each item once in each language, as Sitemap has them; only those of a page are read."""

    def __init__(self, items):
        self.items = items
        self.languages = [code for code, _name in settings.LANGUAGES]

    def count(self):
        items = self.items
        return len(self.languages) * (len(items) if isinstance(items, list) else items.count())

    def __getitem__(self, part):
        many = len(self.languages)
        items = self.items[part.start // many : -(-part.stop // many)]
        return [(item, language) for item in items for language in self.languages]


class BilingualSitemap(Sitemap):
    i18n = True
    alternates = True
    # Far fewer than may stand in one file: somebody waits for it. A multiple of the languages.
    limit = 10_000

    @property
    def paginator(self):
        return Paginator(InLanguages(self.items()), self.limit)


class PageSitemap(BilingualSitemap):
    """Pages without a record, by URL name."""

    def __init__(self, names):
        self.names = names

    def items(self):
        return self.names

    def location(self, item):
        return reverse(item)


class RecordSitemap(BilingualSitemap):
    """The public records of one model.

    Parameters: ``related`` names the owner whose date they bear; ``held``, the records that stand
    whole on their pages, which then change with them.
    """

    def __init__(self, model, related=None, held=None):
        self.model, self.related, self.held = model, related, held

    def items(self):
        records = self.model.objects.public().order_by("pk")
        if self.held:
            return records.annotate(held_changed_at=self.last_of_held())
        return records.select_related(self.related) if self.related else records

    def lastmod(self, record):
        return latest(record.changed_at, getattr(record, "held_changed_at", None))

    def get_latest_lastmod(self):
        changed_at = f"{self.related}__changed_at" if self.related else "changed_at"
        last = {"last": Max(changed_at)} | ({"held": self.last_of_held()} if self.held else {})
        return latest(*self.model.objects.public().aggregate(**last).values())

    def last_of_held(self):
        is_public = Q(**{f"{self.held}__publication_state": PublicationState.PUBLISHED})
        return Max(f"{self.held}__changed_at", filter=is_public)


def latest(*times):
    return max(filter(None, times), default=None)


class BesideSitemap(BilingualSitemap):
    """Pages beside the pages of records.

    Parameters: ``records``, a callable that returns the queryset of those that have one;
    ``url_name`` of the page, which takes the record's slug.
    """

    def __init__(self, records, url_name):
        self.records, self.url_name = records, url_name

    def items(self):
        return self.records().order_by("pk")

    def location(self, record):
        return reverse(self.url_name, args=[record.slug])
