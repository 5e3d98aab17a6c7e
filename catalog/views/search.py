"""What queries may name beside words: agencies that issue documents, regions and their groups."""

from functools import lru_cache

from catalog.models import Agency, Region, RegionGroup
from catalog.models.indexing import names_of
from futureind.browse.kept_records import public_records
from futureind.core.bilingual import active_language
from futureind.publishing.models.content_version import ContentVersion
from futureind.search.text import name_key


def search_subjects():
    """Return ``{parameter of lists: {key of a name: (value, label)}}`` of public records."""
    return subjects_at(ContentVersion.stamp(), active_language())


@lru_cache(maxsize=4)
def subjects_at(stamp, language):
    agencies = {
        key: (agency.slug, agency.name.plain)
        for agency in public_records(Agency).values()
        for key in keys_of(agency, agency.abbreviation_en)
    }
    groups = {
        key: (group.slug, group.name.plain)
        for group in RegionGroup.objects.public()
        for key in keys_of(group)
    }
    regions = {
        key: (region.slug, region.name.plain)
        for region in public_records(Region).values()
        for key in keys_of(region)
    }
    return {"issuer": agencies, "group": groups, "region": regions}


def keys_of(record, *others):
    """Return the names of a record as they are compared, without those of one character."""
    keys = {name_key(name) for name in (*names_of(record), *others)}
    return {key for key in keys if len(key) > 1}
