"""The sitemap: every public page in both languages."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class BilingualSitemap(Sitemap):
    i18n = True
    alternates = True


class PageSitemap(BilingualSitemap):
    """Pages without a record, by URL name."""

    def __init__(self, names):
        self.names = names

    def items(self):
        return self.names

    def location(self, item):
        return reverse(item)


class RecordSitemap(BilingualSitemap):
    """The public records of one model; ``related`` names the owner whose date they bear."""

    def __init__(self, model, related=None):
        self.model, self.related = model, related

    def items(self):
        records = self.model.objects.public().order_by("pk")
        return records.select_related(self.related) if self.related else records

    def lastmod(self, record):
        return record.changed_at
