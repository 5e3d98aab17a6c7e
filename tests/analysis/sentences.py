"""The sentences on top of the pages of analysis, made anew: plain SQL, and grammar of its own."""

import re
from collections import Counter
from datetime import date

from tests.browse.plain_sql import COUNTED, VOCABULARY, ask, keys_of, marks, who_names

PUBLIC_PLANS = """
    FROM regions_track t
    JOIN regions_regionalplan p ON p.id = t.plan_id
    JOIN catalog_policydocument d ON d.id = p.document_id
    JOIN catalog_region r ON r.id = p.region_id
    WHERE p.publication_state = 'published' AND d.publication_state = 'published'
      AND r.publication_state = 'published'
"""
DAY = "COALESCE(d.issued_date, d.published_date)"
ANNOUNCED = "COALESCE(d.published_date, d.issued_date)"


def as_day(value):
    return date.fromisoformat(str(value)) if value else None


class Words:
    """What the record says, in one language."""

    def __init__(self, language):
        self.en = language == "en"
        place = 1 if self.en else 2
        rows = ask(
            "SELECT slug, name_en, name_zh, code, id FROM catalog_region"
            " WHERE publication_state = 'published' ORDER BY code"
        )
        self.names = {row[0]: row[place] or row[3 - place] for row in rows}
        self.keys = {row[0]: row[4] for row in rows}
        # {region: number of public tracks}
        self.tracks = dict(ask(f"SELECT r.slug, COUNT(*) {PUBLIC_PLANS} GROUP BY r.slug"))
        self.checks = {}
        for slug, outcome, completeness in ask(
            "SELECT r.slug, c.outcome, c.completeness FROM regions_coveragecheck c"
            " JOIN catalog_region r ON r.id = c.region_id"
            " WHERE c.publication_state = 'published' ORDER BY c.checked_on"
        ):
            self.checks[slug] = (outcome, completeness)
        plans = ask(
            "SELECT DISTINCT r.slug FROM regions_regionalplan p"
            " JOIN catalog_policydocument d ON d.id = p.document_id"
            " JOIN catalog_region r ON r.id = p.region_id"
            " WHERE p.publication_state = 'published' AND d.publication_state = 'published'"
        )
        self.with_plan = {slug for (slug,) in plans}

    def reading(self, slug):
        outcome, completeness = self.checks.get(slug, ("", ""))
        if self.tracks.get(slug):
            return "read" if completeness == "complete" else "in-part"
        if slug in self.with_plan or outcome == "found":
            return "not-recorded"
        return "none-found" if outcome else "not-searched"

    def name(self, kind, slug):
        table = VOCABULARY[kind]
        [(en, zh)] = ask(f"SELECT name_en, name_zh FROM {table} WHERE slug = %s", [slug])
        return (en or zh) if self.en else (zh or en)

    def thing(self, kind, slug):
        name = self.name(kind, slug)
        # Within a sentence: "quantum computers", but "6G network equipment".
        is_word = re.match("[A-Z][a-z]+(-[a-z]*)*( |$)", name)
        return name[0].lower() + name[1:] if is_word else name

    def listed(self, names):
        *first, last = names
        if not first:
            return last
        both = (", ", " and ") if self.en else ("、", "和")
        return both[0].join(first) + both[1] + last

    def joined(self, *parts):
        return (" " if self.en else "").join(filter(None, parts))

    def month(self, day):
        return f"{day:%B} {day.year}" if self.en else f"{day.year}年{day.month}月"

    def regions(self, number):
        if not self.en:
            return f"{number}个地区"
        return f"{number} region" if number == 1 else f"{number} regions"


def start(text):
    return text[:1].upper() + text[1:]


def things(kind):
    """Return ``[slug, …]`` of the public things of a kind."""
    sql = f"SELECT slug FROM {VOCABULARY[kind]} WHERE publication_state = 'published'"
    return [slug for (slug,) in ask(sql)]


# Side by side


def of_two_regions(words, first, second):
    """Return the sentence about two regions, "" for none."""
    named = {}
    rows = ask(
        f"SELECT r.slug, m.technology_id, MIN(CASE WHEN d.legal_status <> 'consultation' THEN {DAY}"
        " END) FROM regions_tracktechnologymapping m JOIN regions_track t ON t.id = m.track_id"
        + PUBLIC_PLANS.replace("FROM regions_track t", "")
        + f" AND m.match IN ({marks(COUNTED)}) AND r.slug IN (%s, %s)"
        " AND m.technology_id IN (SELECT id FROM catalog_technology WHERE"
        " publication_state = 'published') GROUP BY r.slug, m.technology_id",
        [*COUNTED, first, second],
    )
    for slug, technology, day in rows:
        named.setdefault(slug, {})[technology] = as_day(day)
    ours, theirs = named.get(first, {}), named.get(second, {})
    both, either = ours.keys() & theirs.keys(), ours.keys() | theirs.keys()
    tracks = [words.tracks.get(slug, 0) for slug in (first, second)]
    if len(either) < 3 or sum(tracks) < 3:
        return ""
    names = [words.names[first], words.names[second]]
    days = [(ours[key], theirs[key]) for key in both]
    led = sum(1 for a, b in days if a and b and a < b), sum(1 for a, b in days if a and b and b < a)
    alone = [len(ours.keys() - theirs.keys()), len(theirs.keys() - ours.keys())]
    in_part = [
        name
        for slug, name, number in zip((first, second), names, tracks, strict=True)
        if number and words.reading(slug) != "read"
    ]
    empty = [name for name, number in zip(names, tracks, strict=True) if not number]
    say = english_pair if words.en else chinese_pair
    return say(words, len(either), len(both), names, alone, led, in_part, empty)


def english_pair(words, either, both, names, alone, led, in_part, empty):
    noun = "technology" if either == 1 else "technologies"
    shared = {0: "none is", 1: "1 is"}.get(both, f"{both} are")
    each = ", ".join(
        f"{number or 'none'} by {name} alone" for number, name in zip(alone, names, strict=True)
    )
    lead = f"Together they name {either} {noun}; {shared} named by both, {each}."
    rest = both - sum(led)
    first = ""
    if both and rest == both:
        first = "Which of the two was earlier is not known."
    elif both and both in led:
        leader = names[led.index(both)]
        first = f"{leader} named {'it' if both == 1 else 'all of these'} first."
    elif both:
        parts = [f"{name} named {n} first" for name, n in zip(names, led, strict=True) if n]
        if len(parts) == 2:
            parts[1] = f"{names[1]} {led[1]}"
        first = f"Of the {both}, {', '.join(parts)}"
        verb = "is" if rest == 1 else "are"
        first += f"; {rest} {verb} undecided." if rest else "."
    unread = ""
    if len(in_part) == 2:
        unread = "Both were read only in part."
    elif in_part:
        unread = f"{in_part[0]} was read only in part."
    none = ""
    if empty:
        verb = "has" if len(empty) == 1 else "have"
        none = f"{words.listed(empty)} {verb} no tracks on record."
    return words.joined(lead, start(first), start(unread), start(none))


def chinese_pair(words, either, both, names, alone, led, in_part, empty):
    shared = f"双方共同列出{both}项" if both else "没有双方共同列出的"
    each = "，".join(
        f"仅{name}列出{number}项" if number else f"没有仅{name}列出的"
        for number, name in zip(alone, names, strict=True)
    )
    found = [f"合计列出{either}项技术，其中{shared}，{each}。"]
    rest = both - sum(led)
    if both and rest == both:
        found.append("双方提出的先后不明。")
    elif both and both in led:
        which = "这一项由" if both == 1 else "各项均由"
        found.append(f"共同列出的{which}{names[led.index(both)]}先提出。")
    elif both:
        parts = [f"{name}先提出{n}项" for name, n in zip(names, led, strict=True) if n]
        undecided = f"，另有{rest}项先后不明" if rest else ""
        found.append(f"共同列出的{both}项中，{'，'.join(parts)}{undecided}。")
    if len(in_part) == 2:
        found.append("双方均仅部分查阅。")
    elif in_part:
        found.append(f"{in_part[0]}仅部分查阅。")
    if empty:
        found.append(f"{words.listed(empty)}尚未收录产业赛道。")
    return "".join(found)


# Who named it first


def first_days(kind, slug):
    """Return ``{region: day of its first text with a place in time}``."""
    keys = keys_of(kind, [slug], False) or [0]
    matched = "" if kind == "field" else f"AND m.match IN ({marks(COUNTED)})"
    rows = ask(
        f"SELECT r.slug, MIN({DAY}) FROM regions_track{kind}mapping m"
        " JOIN regions_track t ON t.id = m.track_id"
        + PUBLIC_PLANS.replace("FROM regions_track t", "")
        + f" AND d.legal_status <> 'consultation' AND {DAY} IS NOT NULL"
        f" AND m.{kind}_id IN ({marks(keys)}) {matched} GROUP BY r.slug",
        [*keys, *([] if kind == "field" else COUNTED)],
    )
    return {slug: as_day(day) for slug, day in rows}


def first_national(kind, slug):
    """Return ``(day, day made public)`` of the first national text, None without one."""
    keys = keys_of(kind, [slug], False) or [0]
    rows = ask(
        f"SELECT {DAY}, {ANNOUNCED} FROM catalog_policydocument d"
        f" JOIN catalog_document{kind}mapping m ON m.document_id = d.id"
        " WHERE d.publication_state = 'published' AND d.region_id IS NULL"
        f" AND d.legal_status <> 'consultation' AND {DAY} IS NOT NULL"
        f" AND m.basis IN ('stated', 'analyst') AND m.{kind}_id IN ({marks(keys)})"
        f" ORDER BY {DAY}, d.id DESC LIMIT 1",
        keys,
    )
    return tuple(map(as_day, rows[0])) if rows else None


def of_all_technologies(words):
    first, older, undated, total = Counter(), 0, 0, 0
    for slug in things("technology"):
        days, nation = first_days("technology", slug), first_national("technology", slug)
        if not days:
            undated += bool(nation and who_names("technology", slug))
            continue
        total += 1
        day = min(days.values())
        first.update(region for region, own in days.items() if own == day)
        older += bool(nation and nation[0] < day)
    if total < 3:
        return ""
    numbers = sorted(set(first.values()), reverse=True)[:3]
    ranks = [(n, [name for slug, name in words.names.items() if first[slug] == n]) for n in numbers]
    parts = [rank(words, place == 0, n, names, total) for place, (n, names) in enumerate(ranks)]
    ahead = total - older
    if words.en:
        nation = f"for {ahead} of them no national text is older."
        lead = (
            f"{', '.join(parts)}; {nation if ahead else 'each of them has an older national text.'}"
        )
        where = "named nationally, stand in undated regional texts only"
        rest = f"{undated} more, {where}." if undated else ""
    else:
        nation = f"其中{ahead}项没有更早的国家级文件。" if ahead else "每项均有更早的国家级文件。"
        lead = f"{total}项技术中，{'，'.join(parts)}；{nation}"
        rest = (
            f"有国家级文件的技术中，另有{undated}项仅见于日期未载明的地方文件。" if undated else ""
        )
    return words.joined(lead, rest)


def rank(words, is_first, number, names, total):
    count, said = len(names), words.listed(names)
    if words.en and is_first:
        if count > 3:
            said = f"{count} regions"
        verb = "was the first region" if count == 1 else "were each the first"
        return f"{said} {verb} on record for {number} of {total} technologies"
    if words.en:
        said = f"{count} others" if count > 3 else said
        return f"{said} for {number}" + (" each" if count > 1 else "")
    if count > 3:
        said = f"{count}个地区" if is_first else f"另有{count}个地区"
    each = "各" if count > 1 else ""
    return f"{said}{each}最早提出{number}项" if is_first else f"{said}{each}{number}项"


def of_one_thing(words, kind, slug):
    days, nation = first_days(kind, slug), first_national(kind, slug)
    if len(days) < 3:
        return ""
    in_order = sorted(days.values())
    first = [name for slug, name in words.names.items() if days.get(slug) == in_order[0]]
    who = words.listed(first) if len(first) <= 3 else words.regions(len(first))
    half, n = words.month(in_order[(len(in_order) - 1) // 2]), len(days)
    region = words.month(in_order[0])
    undated = len(who_names(kind, slug)) - n
    rest = ""
    if undated:
        verb = "region names" if undated == 1 else "regions name"
        rest = (
            f"{undated} more {verb} it in undated texts only."
            if words.en
            else f"另有{undated}个地区仅在日期未载明的文件中列出。"
        )
    if nation is None:
        none = "No dated national text names it." if words.en else "尚无日期明确的国家级文件提及。"
        rest = words.joined(none, rest)
    if words.en:
        half = f"by half of its {n} dated regions by {half}."
        public = words.month(nation[1]) if nation else ""
        if nation is None:
            lead = f"First named by a region in {region} ({who}), {half}"
        elif in_order[0] < nation[1]:
            lead = f"Named first by a region in {region} ({who}), nationally in {public}, {half}"
        else:
            lead = f"Named nationally in {public}, first by a region in {region} ({who}), {half}"
        return words.joined(lead, rest)
    parts = [f"地方于{region}最早提出（{who}）"]
    if nation:
        public = f"国家级文件于{words.month(nation[1])}提出"
        parts.insert(1 if in_order[0] < nation[1] else 0, public)
    parts += [f"{n}个日期明确的地区中", f"半数在{half}前已提出。"]
    return words.joined("，".join(parts), rest)
