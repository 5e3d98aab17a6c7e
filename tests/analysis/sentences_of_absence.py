"""The sentences on gaps, coverage, the matrix and cascades, made anew: see sentences.py."""

from collections import Counter
from datetime import date

from futureind.core.name_order import place_of
from tests.analysis.sentences import ANNOUNCED, DAY, PUBLIC_PLANS, as_day, start, things
from tests.browse.plain_sql import COUNTED, VOCABULARY, ask, marks, who_names

# Gaps, coverage


def in_order_of_names(words, kind):
    """Return the things of a kind as readers find them: fields and products in their own order."""
    found = things(kind)
    if kind != "technology":
        return found
    return sorted(found, key=lambda slug: place_of(words.name(kind, slug)))


def of_one_region(words, slug):
    tracks = words.tracks.get(slug, 0)
    gaps, total = [], 0
    for kind in ("field", "product", "technology"):
        for thing in in_order_of_names(words, kind):
            total += 1
            regions = who_names(kind, thing)
            if slug not in regions:
                gaps.append((len(regions), words.thing(kind, thing)))
    if min(tracks, total) < 3:
        return ""
    name, n, most = words.names[slug], len(gaps), max((number for number, _ in gaps), default=0)
    widest = [thing for number, thing in gaps if number == most]
    is_read = words.reading(slug) == "read"
    if not gaps:
        if words.en:
            return f"{name} names each of the {total} fields, products and technologies."
        return f"{name}已列出全部{total}个方向、产品和技术。"
    regions, said = words.regions(most), words.listed(widest)
    if words.en:
        things_said = "fields, products and technologies on record"
        lead = f"{name} does not name {n} of the {total} {things_said}."
        if not is_read:
            verb = "is" if n == 1 else "are"
            lead = (
                f"{n} of the {total} {things_said} {verb} not among what {name} is known to name;"
                " the region was read only in part."
            )
        each = " each" if len(widest) > 1 else ""
        rest = f"The most widely named of these: {said}, in {regions}{each}."
        if len(widest) > 3:
            rest = f"The most widely named of these are {len(widest)}, each in {regions}."
    else:
        lead = f"已收录的{total}个方向、产品和技术中，{name}有{n}个未列入。"
        if not is_read:
            lead = (
                f"已收录的{total}个方向、产品和技术中，有{n}个未见于{name}已收录的产业赛道；"
                "该地区仅部分查阅。"
            )
        each = "各有" if len(widest) > 1 else ""
        rest = f"其中列出地区最多的是{said}（{each}{regions}）。"
        if len(widest) > 3:
            rest = f"其中列出地区最多的有{len(widest)}个，各有{regions}列出。"
    return words.joined(lead, rest if most else "")


def of_who_does_not(words, kind, slug):
    named = who_names(kind, slug)
    read = sum(
        1 for region in words.names if region not in named and words.reading(region) == "read"
    )
    other = len(words.names) - len(named) - read
    if len(named) + read < 3:
        return ""
    name, n = words.thing(kind, slug), len(named)
    if words.en:
        lead = f"{n} region names {name}; " if n == 1 else f"{n} regions name {name}; "
        if not read:
            lead += "none that was read completely leaves it out."
        elif read == 1:
            lead += "1 that was read completely does not."
        else:
            lead += f"{read} that were read completely do not."
        rest = f"Of {other} others nobody can say: they were not read, or only in part."
        if other == 1:
            rest = "Of 1 other nobody can say: it was not read, or only in part."
    else:
        lead = f"{n}个地区列出{name}；"
        lead += f"全文查阅的地区中有{read}个未列入。" if read else "全文查阅的地区中没有未列入的。"
        rest = f"其余{other}个地区尚未查阅或仅部分查阅，无法判断。"
    return words.joined(lead, rest if other else "")


def of_all_products(words):
    """Return the sentence about the products that most and fewest regions name."""
    named = {slug: len(who_names("product", slug)) for slug in things("product")}
    most, fewest = max(named.values(), default=0), min(named.values(), default=0)
    if len(named) < 3 or most == fewest:
        return ""
    first, last = (products_named_by(words, number, named) for number in (most, fewest))
    unread = sum(1 for slug in words.names if words.reading(slug) != "read")
    if words.en:
        verb = "region was" if unread == 1 else "regions were"
        rest = f"{unread} {verb} not read completely and may name more."
        lead = f"Most widely named of the landmark products: {first} ({words.regions(most)}); "
        if fewest:
            lead += f"fewest name {last} ({words.regions(fewest)})."
        else:
            lead += f"no region is known to name {last}."
    else:
        rest = f"另有{unread}个地区未全文查阅，可能还有列入。"
        lead = f"标志性产品中，列出地区最多的是{first}（{words.regions(most)}）；"
        few = f"最少的是{last}（{words.regions(fewest)}）。"
        lead += few if fewest else f"尚未见地区列出{last}。"
    return words.joined(lead, rest if unread else "")


def products_named_by(words, number, named):
    names = [words.thing("product", slug) for slug, regions in named.items() if regions == number]
    if len(names) <= 3:
        return words.listed(names)
    return f"{len(names)} products" if words.en else f"{len(names)}项产品"


def of_coverage(words):
    numbers = Counter(words.reading(slug) for slug in words.names)
    total, read, part = len(words.names), numbers["read"], numbers["in-part"]
    plan, none, unsearched = (
        numbers[name] for name in ("not-recorded", "none-found", "not-searched")
    )
    if words.en:
        verb = "has" if read + part == 1 else "have"
        return (
            f"{read + part} of {total} regions {verb} tracks on record; read completely: {read}, in"
            f" part: {part}. Of the others: {plan} with a plan only, {none} searched without"
            f" result, {unsearched} not searched."
        )
    return (
        f"{total}个地区中，已收录产业赛道的有{read + part}个，其中全文查阅{read}个，"
        f"部分查阅{part}个。"
        f"其余地区中，仅收录规划的{plan}个，已检索未找到规划的{none}个，未检索的{unsearched}个。"
    )


# The matrix


def of_matrix(words, kind):
    named = {slug: len(who_names(kind, slug)) for slug in things(kind)}
    base, most = len(words.tracks), max(named.values(), default=0)
    if base < 3 or not most:
        return ""
    widest = [words.thing(kind, slug) for slug, number in named.items() if number == most]
    unnamed = sum(1 for number in named.values() if not number)
    others, said = len(words.names) - base, words.listed(widest)
    one = {"field": "field", "product": "landmark product", "technology": "technology"}[kind]
    zh = {"field": "方向", "product": "标志性产品", "technology": "技术"}[kind]
    several = "technologies" if kind == "technology" else f"{one}s"
    if words.en:
        regions = f"{most} of {base} regions"
        verb = "names" if most == 1 else "name"
        lead = f"{regions} {verb} {said}, more than any other {one}."
        if len(widest) > 3:
            lead = f"{len(widest)} {several} are each named by {regions}, more than any other."
        elif len(widest) > 1:
            lead = f"{said} are each named by {regions}, more than any other {one}."
            lead = lead[0].upper() + lead[1:]
        noun = f"{one} is" if unnamed == 1 else f"{several} are"
        none = f"{unnamed} {noun} named by none." if unnamed else ""
        noun = "region" if others == 1 else "regions"
        rest = f"Of {others} other {noun} no track is on record." if others else ""
    else:
        regions = f"{base}个地区中的{most}个"
        measure = "个" if kind == "field" else "项"
        lead = f"{base}个地区中，{most}个列出{said}，为列出地区最多的{zh}。"
        if len(widest) > 3:
            lead = f"列出地区最多的{zh}有{len(widest)}{measure}，各有{regions}列出。"
        elif len(widest) > 1:
            lead = f"列出地区最多的{zh}是{said}，各有{regions}列出。"
        none = f"{unnamed}{measure}{zh}无地区列出。" if unnamed else ""
        rest = f"其余{others}个地区尚未收录产业赛道。" if others else ""
    return words.joined(start(lead), none, rest)


# Who carries a text out


def of_cascade(words, slug):
    [(key, region, day)] = ask(
        f"SELECT d.id, d.region_id, {ANNOUNCED} FROM catalog_policydocument d WHERE d.slug = %s",
        [slug],
    )
    day = as_day(day)
    rows = ask(
        "SELECT x.basis, COALESCE(d.issued_date, d.published_date), r.slug"
        " FROM catalog_documentrelation x"
        " JOIN catalog_policydocument d ON d.id = x.from_document_id"
        " LEFT JOIN catalog_region r ON r.id = d.region_id"
        " WHERE x.to_document_id = %s AND x.type = 'implements'"
        " AND d.publication_state = 'published'",
        [key],
    )
    answers = [
        (basis, (as_day(own) - day).days if own and day else None, place)
        for basis, own, place in rows
    ]
    answers = [answer for answer in answers if answer[1] is None or answer[1] >= 0]
    scope = {
        place
        for place, own in words.keys.items()
        if region is None
        or own == region
        or ask("SELECT 1 FROM catalog_region WHERE id = %s AND parent_id = %s", [own, region])
    }
    about, later = 0, set()
    for kind in ("field", "product"):
        found = ask(
            f"SELECT v.id FROM catalog_document{kind}mapping m JOIN {VOCABULARY[kind]} v"
            f" ON v.id = m.{kind}_id"
            " WHERE m.document_id = %s AND v.publication_state = 'published'",
            [key],
        )
        about += len(found)
        keys = [pk for (pk,) in found] or [0]
        matched = "" if kind == "field" else f"AND m.match IN ({marks(COUNTED)})"
        named = ask(
            f"SELECT DISTINCT r.slug FROM regions_track{kind}mapping m"
            " JOIN regions_track t ON t.id = m.track_id"
            + PUBLIC_PLANS.replace("FROM regions_track t", "")
            + f" AND {DAY} >= %s AND m.{kind}_id IN ({marks(keys)}) {matched}",
            [day or date(9999, 1, 1), *keys, *([] if kind == "field" else COUNTED)],
        )
        later |= {place for (place,) in named} & scope
    read = sum(1 for place in scope if words.tracks.get(place))
    if len(answers) + len(later) < 3:
        return ""
    stated = sum(1 for basis, _days, _place in answers if basis == "stated")
    lasted = [days for _basis, days, _place in answers if days is not None]
    first = min(lasted, default=None)
    who = {place for _basis, days, place in answers if days is not None and days == first}
    names = words_of_places(words, [p for _b, d, p in answers if d is not None and d == first])
    assert len(who) == len(names)
    asks = bool(about and read and day)
    say = english_cascade if words.en else chinese_cascade
    return say(
        words, stated, len(answers) - stated, first, names, (read, len(later)) if asks else ()
    )


def words_of_places(words, places):
    nation = "the nation" if words.en else "国家级文件"
    return list(dict.fromkeys(words.names[place] if place else nation for place in places))


def english_cascade(words, stated, judged, first, names, uptake):
    base = "no text on record names it as its basis"
    if stated:
        base = f"{stated} " + (
            "text names it as its basis" if stated == 1 else "texts name it as their basis"
        )
    more = "none is judged to carry it out besides"
    if judged:
        more = f"{judged} more {'is' if judged == 1 else 'are'} judged to carry it out"
    soon = "How soon is not known." if stated + judged else ""
    if first is not None:
        of = f" ({words.listed(names)})" if len(names) <= 3 else ""
        soon = f"The first came after {first} {'day' if first == 1 else 'days'}{of}."
    rest = ""
    if uptake:
        read, later = uptake
        rest = (
            f"Of {read} region{'' if read == 1 else 's'} with tracks on record, {later} named one"
        )
        rest += " of its fields or products later."
        if not later:
            rest = (
                f"Of {read} regions with tracks on record none named its fields or products later."
            )
    return words.joined(start(f"{base}; {more}."), soon, rest)


def chinese_cascade(words, stated, judged, first, names, uptake):
    base = f"{stated}份文件以其为依据" if stated else "尚无已收录文件以其为依据"
    more = f"另有{judged}份经分析判断为落实文件" if judged else "没有其他经分析判断为落实的文件"
    soon = "间隔天数不明。" if stated + judged else ""
    if first is not None:
        of = f"（{words.listed(names)}）" if len(names) <= 3 else ""
        soon = f"最早的在{first}天后出台{of}。"
    rest = ""
    if uptake:
        read, later = uptake
        rest = f"已收录产业赛道的{read}个地区中，{later}个在其后列出了所涉方向或产品。"
        if not later:
            rest = f"已收录产业赛道的{read}个地区均未在其后列出所涉方向或产品。"
    return f"{base}，{more}。{soon}{rest}"
