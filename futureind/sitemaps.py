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
