"""The sentences of pages about regions, things and texts, written anew from numbers."""

from django.utils.translation import get_language


def chinese():
    return get_language().startswith("zh")


def some(number, one, many):
    return f"{number} {one if number == 1 else many}"


def row_of(names):
    if chinese():
        return "和".join(filter(None, ["、".join(names[:-1]), names[-1]]))
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def small(name):
    """Return a name within a sentence."""
    first = name.split()[0]
    plain = not chinese() and first[0].isupper() and (first[1:].islower())
    return name[0].lower() + name[1:] if plain else name


def both(*texts):
    return ("" if chinese() else " ").join(filter(None, texts))


def whole(lead, *sentences):
    """Return a lead with the sentences that must stand, and of the others those that fit."""
    room = 45 - len(lead.split())
    room -= sum(len(text.split()) for text, must in sentences if must)
    found = [lead]
    for text, must in sentences:
        words = len(text.split())
        if text and (must or words <= room):
            room -= 0 if must else words
            found.append(text)
    return ("" if chinese() else " ").join(found)


def sum_sentence(largest):
    if not largest:
        return ""
    amount, year, metric, number = largest
    if number > 1:
        if chinese():
            return f"金额最大的目标有{number}项，均为{amount}。"
        return f"Its largest targets in money, {number} of them, are {amount} each."
    if not year:
        if chinese():
            return f"金额最大的目标为{amount}，未定年份。"
        return f"Its largest target in money is {amount}, without a year."
    what = (f"（{metric}）" if chinese() else f" ({small(metric)})") if metric else ""
    if chinese():
        return f"金额最大的目标为到{year}年{amount}{what}。"
    return f"Its largest target in money is {amount} by {year}{what}."


MONTHS = "January February March April May June July August September October November December"


def region_in_words(*, name, names, documents, since, in_force, undated, largest, firsts, in_part):
    number = len(names)
    if number < 3:
        return ""
    few = [small(each) for each in names]
    if number > 4:
        few = few[:3]
    if chinese():
        start = f"自{since.year}年{since.month}月以来" if since else ""
        lead = f"{name}{start}在{documents}份文件中列出{number}项技术"
        if number < 8:
            rest = f"及其他{number - 3}项" if number > 4 else ""
            lead += "：" + ("、".join(few) + rest if rest else row_of(few))
        holds = (
            "该文件现行有效。" if documents == in_force == 1
            else "这些文件均现行有效。" if documents == in_force
            else f"其中{in_force}份文件现行有效。" if in_force
            else "其中尚无可确认现行有效的文件。"
        )  # fmt: skip
        first = f"就已收录文件看，有{firsts}项技术由该地区最早列出。" if firsts else ""
        no_day = (
            "" if not undated
            else "文件日期未载明。" if undated == documents
            else f"{undated}份文件日期未载明。"
        )  # fmt: skip
        part = "有关文件仅部分查阅。" if in_part else ""
        lead += "。"
    else:
        technologies = some(number, "technology", "technologies")
        lead = f"{name} names {technologies} in {some(documents, 'document', 'documents')}"
        lead += f" since {MONTHS.split()[since.month - 1]} {since.year}" if since else ""
        if number < 8:
            lead += ": " + (
                ", ".join(few) + f" and {number - 3} more" if number > 4 else row_of(few)
            )
        verb = "is" if in_force == 1 else "are"
        holds = (
            "It is in force." if documents == in_force == 1
            else "All of the documents are in force." if documents == in_force
            else f"{in_force} of the documents {verb} in force." if in_force
            else "None of the documents is known to be in force."
        )  # fmt: skip
        first = f"It was first on record with {some(firsts, 'technology', 'technologies')}."
        first = first if firsts else ""
        no_day = (
            "" if not undated
            else "It has no date." if undated == documents == 1
            else "None of the documents has a date." if undated == documents
            else f"{some(undated, 'document has', 'documents have')} no date."
        )  # fmt: skip
        part = "Its texts were read in part." if in_part else ""
        lead += "."
    return whole(
        lead, (holds, True), (sum_sentence(largest), False), (first, False), (no_day, True),
        (part, True),
    )  # fmt: skip


def regions_named(regions):
    if len(regions) > 3:
        return f"{len(regions)}个地区" if chinese() else f"{len(regions)} regions"
    return row_of(regions)


def undated_sentence(undated, regions):
    if not undated:
        return ""
    if undated == regions:
        return "相关规划日期均未载明。" if chinese() else "No dated plan names it."
    if chinese():
        return f"其中{undated}个地区的相关规划日期未载明。"
    verb = "names" if undated == 1 else "name"
    return f"{some(undated, 'region', 'regions')} {verb} it in undated plans only."


def first_sentence(first, english, in_chinese):
    day, regions = first
    if not regions:
        return ""
    if chinese():
        return f"{in_chinese}最早见于{regions_named(regions)}（{day}）。"
    verb = "was" if len(regions) == 1 else "were"
    return f"{regions_named(regions)} {verb} the first{english} ({day})."


def earlier_sentence(first, first_exact):
    day, regions = first
    if not day or (first_exact[0] and first_exact[0] <= day):
        return ""
    if not first_exact[0]:
        return first_sentence(first, " in broader or narrower words", "上位或下位表述")
    if chinese():
        return f"此前，{regions_named(regions)}已用上位或下位表述列出（{day}）。"
    return f"{regions_named(regions)} used broader or narrower words earlier ({day})."


def in_force_now(number):
    if chinese():
        return f"{number}个见于有日期的现行规划" if number else "均未见于有日期的现行规划"
    return f"{number or 'none'} in a dated plan in force"


def subject_in_words(*, name, tracks, regions, of, in_force, undated, first, exact, first_exact):
    if tracks < 3:
        return ""
    if chinese():
        same = f"{exact}个表述相同" if exact else "表述均不相同"
        lead = f"{of}个地区中有{regions}个列出{name}，{same}，{in_force_now(in_force)}。"
    else:
        lead = (
            f"{regions} of {of} regions {'names' if regions == 1 else 'name'} {small(name)},"
            f" {exact or 'none'} in the same words and {in_force_now(in_force)}."
        )
    return whole(
        lead,
        (
            both(
                first_sentence(first_exact, " in these words", "相同表述"),
                earlier_sentence(first, first_exact),
            ),
            False,
        ),
        (undated_sentence(undated, regions), True),
    )


def field_in_words(*, name, tracks, regions, of, in_force, undated, first, top, most):
    if tracks < 3:
        return ""
    each = "region" if most == 1 else "regions"
    if chinese():
        lead = f"{of}个地区中有{regions}个布局{name}，{in_force_now(in_force)}。"
        named = f"列出地区最多的技术有{len(top)}项，各有{most}个地区列出。"
        if len(top) <= 3 and top:
            named = (
                f"列出地区最多的技术为{row_of(top)}，{'各' if top[1:] else ''}有{most}个地区列出。"
            )
    else:
        verb = "names" if regions == 1 else "name"
        lead = f"{regions} of {of} regions {verb} {small(name)}, {in_force_now(in_force)}."
        named = f"{len(top)} of its technologies are named most, by {most} {each} each."
        if len(top) == 1:
            named = f"Of its technologies {small(top[0])} is named most, by {most} {each}."
        elif len(top) <= 3 and top:
            names = row_of([small(each) for each in top])
            named = f"Of its technologies {names} are named most, by {most} {each} each."
    return whole(
        lead,
        (first_sentence(first, "", ""), False),
        (named if top else "", False),
        (undated_sentence(undated, regions), True),
    )


def document_in_words(
    *, fields, products, technologies, tracks, years, without_year, largest, later, answers,
    dated, founding,
):  # fmt: skip
    named = products + technologies if tracks is None else tracks
    if fields + named + sum(number for _year, number in years) + without_year < 3:
        return ""
    kinds = [
        (fields, "field", "fields", "个方向"),
        (products, "landmark product", "landmark products", "个标志性产品"),
        (technologies, "technology", "technologies", "项技术"),
    ]
    if founding:
        kinds = kinds[:2]
    elif tracks:
        kinds = [(tracks, "track", "tracks", "条赛道"), kinds[2], kinds[0]]
    found = [f"{n}{word}" if chinese() else some(n, one, many) for n, one, many, word in kinds if n]
    names, goals = row_of(found) if found else "", goals_of(years, without_year)
    more = without_year if years else 0
    if chinese():
        start = "这是国家层面的奠基性文件，确定" if founding else "该文件列出"
        lead = f"{start}{names}" if names else f"该文件提出{goals}"
        lead += f"，并提出{goals}。" if names and goals else "。"
        rest = [
            (sum_sentence(largest), False),
            (f"此后有{later}个地区印发了规划或同类文件。" if later else "", False),
            (f"有{answers}份已收录文件落实该文件。" if answers else "", False),
            (f"另有{more}项目标未定年份。" if more else "", True),
            ("所列产业赛道尚未收录。" if tracks == 0 else "", True),
            ("" if dated else "文件日期未载明。", True),
        ]
        return whole(lead, *rest)
    start = "The founding national text: it fixes" if founding else "It names"
    lead = f"{start} {names}" if names else f"It sets {goals}"
    lead += f", with {goals}." if names and goals else "."
    plans = (
        "region has issued a plan or a text like one"
        if later == 1
        else ("regions have issued plans or texts like them")
    )
    texts = "text on record carries" if answers == 1 else "texts on record carry"
    targets = "more target has" if more == 1 else "more targets have"
    return whole(
        lead,
        (sum_sentence(largest), False),
        (f"Since then {later} {plans}." if later else "", False),
        (f"{answers} {texts} it out." if answers else "", False),
        (f"{more} {targets} no year." if more else "", True),
        ("Its tracks are not on record yet." if tracks == 0 else "", True),
        ("" if dated else "Its date is not recorded.", True),
    )


def goals_of(years, without_year):
    if not years:
        if not without_year:
            return ""
        if chinese():
            return f"未定年份的目标{without_year}项"
        return f"{some(without_year, 'target', 'targets')} without a year"
    if len(years) > 2:
        number, first, last = sum(n for _y, n in years), years[0][0], years[-1][0]
        if chinese():
            return f"{first}年至{last}年目标{number}项"
        return f"{number} targets for {first} to {last}"
    parts = [f"{year}年目标{number}项" for year, number in years]
    if chinese():
        return "、".join(parts)
    (year, number), *others = years
    text = f"{some(number, 'target', 'targets')} for {year}"
    return text + "".join(f" and {number} for {year}" for year, number in others)
