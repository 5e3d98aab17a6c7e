"""Counts of tracks and documents in plain SQL, knowing nothing of querysets, facets or indexes."""

from django.db import connection

COUNTED = ("exact", "broader", "narrower")
TECHNOLOGIES = """
    WITH RECURSIVE wanted(id) AS (
        SELECT id FROM catalog_technology
        WHERE slug IN ({marks}) AND publication_state = 'published'
        UNION
        SELECT t.id FROM catalog_technology t JOIN wanted ON t.parent_id = wanted.id
        WHERE t.publication_state = 'published'
    )
    SELECT id FROM wanted
"""
PUBLIC_TRACKS = """
    SELECT COUNT(DISTINCT t.id)
    FROM regions_track t
    JOIN regions_regionalplan p ON p.id = t.plan_id
    JOIN catalog_policydocument d ON d.id = p.document_id
    WHERE p.publication_state = 'published' AND d.publication_state = 'published'
"""
VOCABULARY = {
    "field": "catalog_industryfield",
    "product": "catalog_symbolicproduct",
    "technology": "catalog_technology",
}
SUCCESSORS = """
    SELECT 1 FROM catalog_documentrelation r
    JOIN catalog_policydocument s ON s.id = r.from_document_id
    WHERE r.to_document_id = d.id AND r.type = 'supersedes' AND s.publication_state = 'published'
      AND COALESCE(s.effective_date, s.issued_date, s.published_date)"""
IN_FORCE = f"""
    AND d.legal_status <> 'consultation'
    AND COALESCE(d.effective_date, d.issued_date, d.published_date) <= %s
    AND CASE
        WHEN d.expiry_date IS NOT NULL THEN d.expiry_date >= %s
        WHEN d.legal_status = 'superseded' AND EXISTS ({SUCCESSORS} IS NOT NULL)
            THEN NOT EXISTS ({SUCCESSORS} <= %s)
        WHEN d.legal_status IN ('expired', 'superseded')
            THEN COALESCE(d.period_end, d.horizon_year, 0) >= %s
        ELSE 1 = 1
    END
"""
QUALIFIED = {
    "match": ("technology", "product"),
    "basis": ("field", "technology", "product"),
}


def ask(sql, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall()


def marks(values):
    return ", ".join(["%s"] * len(values))


def keys_of(name, slugs, alone):
    """Return the primary keys that slugs stand for, descendants included unless alone."""
    if name == "technology" and not alone:
        rows = ask(TECHNOLOGIES.format(marks=marks(slugs)), slugs)
    else:
        rows = ask(f"SELECT id FROM {VOCABULARY[name]} WHERE slug IN ({marks(slugs)})", slugs)
    return [pk for (pk,) in rows]


def regions_of(slugs, alone):
    own = f"SELECT id FROM catalog_region WHERE slug IN ({marks(slugs)})"
    if alone:
        return own, list(slugs)
    within = f"parent_id IN ({own}) AND publication_state = 'published'"
    return f"SELECT id FROM catalog_region WHERE id IN ({own}) OR {within}", [*slugs, *slugs]


def count_tracks(state, alone=()):
    """Return how many public tracks stand under a state: ``{parameter: [value, …]}``.

    Parameter: ``alone``, whether ``region`` or ``technology`` stands without what is within it.
    """
    sql, parameters = [PUBLIC_TRACKS], []
    matches = state.get("match") or COUNTED
    bases = state.get("basis")
    for name in VOCABULARY:
        if name not in state:
            continue
        keys = keys_of(name, state[name], name in alone) or [0]
        condition = f"m.{name}_id IN ({marks(keys)})"
        parameters += keys
        if name != "field":
            condition += f" AND m.match IN ({marks(matches)})"
            parameters += matches
        if bases:
            condition += f" AND m.basis IN ({marks(bases)})"
            parameters += bases
        sql.append(
            f"AND EXISTS (SELECT 1 FROM regions_track{name}mapping m"
            f" WHERE m.track_id = t.id AND {condition})"
        )
    for name, subjects in QUALIFIED.items():
        # With a subject asked for it says more of that; else any subject of this kind will do.
        if name in state and not set(subjects) & set(state):
            rows = " UNION ".join(
                f"SELECT track_id FROM regions_track{subject}mapping"
                f" WHERE {name} IN ({marks(state[name])})"
                for subject in subjects
            )
            sql.append(f"AND t.id IN ({rows})")
            parameters += list(state[name]) * len(subjects)
    if "region" in state:
        regions, values = regions_of(state["region"], "region" in alone)
        sql.append(f"AND p.region_id IN ({regions})")
        parameters += values
    if "group" in state:
        members = (
            "SELECT g.region_id FROM catalog_regiongroup_regions g"
            " JOIN catalog_regiongroup n ON n.id = g.regiongroup_id"
            f" WHERE n.slug IN ({marks(state['group'])})"
        )
        sql.append(
            "AND p.region_id IN (SELECT id FROM catalog_region"
            f" WHERE id IN ({members}) OR parent_id IN ({members}))"
        )
        parameters += [*state["group"], *state["group"]]
    for name, column in (("tier", "t.tier"), ("status", "d.legal_status")):
        if name in state:
            sql.append(f"AND {column} IN ({marks(state[name])})")
            parameters += state[name]
    for name, sign in (("issued_after", ">="), ("issued_before", "<=")):
        if name in state:
            sql.append(f"AND COALESCE(d.issued_date, d.published_date) {sign} %s")
            parameters.append(state[name][0])
    if "in_force_on" in state:
        sql.append(IN_FORCE)
        parameters += in_force(state["in_force_on"][0])
    [(number,)] = ask("\n".join(sql), parameters)
    return number


def who_names(kind, slug, *, day=None, dated=False, matches=COUNTED, alone=False):
    """Return ``{region slug: how many of its tracks name a thing}``, cities apart.

    Parameters: ``day`` on which the plans are in force; ``dated``, only plans that have a date and
    are not out for consultation; ``matches``, in which wordings; ``alone``, a technology without
    those within it.
    """
    sql, parameters = tracks_that_name(kind, slug, day, dated, matches, alone)
    return dict(ask(f"SELECT r.slug, COUNT(DISTINCT t.id) {sql} GROUP BY r.slug", parameters))


def tracks_that_name(kind, slug, day, dated, matches, alone):
    """Return what follows SELECT, and its parameters."""
    keys = keys_of(kind, [slug], alone) or [0]
    matched = "" if kind == "field" else f"AND m.match IN ({marks(matches)})"
    sql = f"""
        FROM regions_track{kind}mapping m
        JOIN regions_track t ON t.id = m.track_id
        JOIN regions_regionalplan p ON p.id = t.plan_id
        JOIN catalog_policydocument d ON d.id = p.document_id
        JOIN catalog_region r ON r.id = p.region_id
        WHERE p.publication_state = 'published' AND d.publication_state = 'published'
          AND r.publication_state = 'published'
          AND m.{kind}_id IN ({marks(keys)}) {matched}
    """
    parameters = [*keys, *([] if kind == "field" else matches)]
    if dated:
        sql += " AND d.legal_status <> 'consultation'"
        sql += " AND COALESCE(d.issued_date, d.published_date) IS NOT NULL"
    if day:
        sql += IN_FORCE
        parameters += in_force(day)
    return sql, parameters


def in_force(day):
    """Return the parameters of IN_FORCE for an ISO date."""
    return [day, day, day, int(day[:4])]


def first_namings(technology, matches=COUNTED, day=None):
    """Return ``{region slug: day}``: when each region's first dated text named a technology.

    Parameters: ``matches`` by which tracks name it; ``day`` on which the texts are in force.
    """
    sql, parameters = tracks_that_name("technology", technology, day, True, matches, False)
    first = "MIN(COALESCE(d.issued_date, d.published_date))"
    rows = ask(f"SELECT r.slug, {first} {sql} GROUP BY r.slug", parameters)
    return {slug: str(day) for slug, day in rows}
