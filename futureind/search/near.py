"""Addresses near to one that leads nowhere: records of the same kind with a slug much like it."""

import difflib
import logging
import re

from django.core.validators import slug_re
from django.db import DatabaseError, InterfaceError

from futureind.publishing.models.slugs import SLUG_LENGTH

logger = logging.getLogger(__name__)

# Below this likeness two slugs are strangers (difflib's ratio, 0 to 1).
LIKENESS = 0.6
SHOWN = 5
# So many slugs are compared at most; of more there are, those that begin in the same way.
COMPARED = 300
# What an address says: the language, a list, a record, and perhaps something beneath it.
ADDRESS = re.compile(r"/(?:en|zh-hans)/([^/]*)/?([^/]*)")


def meant_by(path, lists):
    """Return ``(list, records)`` that an address may mean: None and none where it is like nothing.

    Parameters: ``path``, which leads nowhere; ``lists``, the views of the lists of the site. Costs
    at most three queries, whatever the path; no record is found where the database does not answer.
    """
    found = ADDRESS.match(path)
    if found is None:
        return None, []
    by_name = {view.list_name: view for view in lists}
    names = difflib.get_close_matches(found[1][:SLUG_LENGTH], by_name, n=1, cutoff=LIKENESS)
    if not names:
        return None, []
    view, slug = by_name[names[0]], found[2].lower().replace("_", "-").removesuffix(".html")
    try:
        return view, near_records(view.model, slug) if is_slug(slug) else []
    except (DatabaseError, InterfaceError) as error:
        # The page says that there is no such page all the same.
        logger.warning("No near address was looked for: %s", error)
        return view, []


def is_slug(text):
    # A database may refuse what can be no slug, such as a zero byte.
    return len(text) <= SLUG_LENGTH and bool(slug_re.match(text))


def near_records(model, slug):
    slugs = slugs_beside(model, slug)
    near = difflib.get_close_matches(slug, slugs, n=SHOWN, cutoff=LIKENESS)
    # What goes on from where the address ended is meant more often than what is only alike.
    near.sort(key=lambda other: not other.startswith(slug))
    named = model.objects.public().filter(slug__in=near)
    if owners := getattr(model, "public_owners", ()):
        # What a record is called may be the title of what it stands in.
        named = named.select_related(*owners)
    records = {record.slug: record for record in named}
    return [records[slug] for slug in near if slug in records]


def slugs_beside(model, slug):
    """Return the slugs to compare with: all where they are few, else those that begin alike."""
    slugs = model.objects.public().order_by("slug").values_list("slug", flat=True)
    found = list(slugs[: COMPARED + 1])
    if len(found) <= COMPARED:
        return found
    return list(slugs.filter(slug__startswith=slug.partition("-")[0])[:COMPARED])
