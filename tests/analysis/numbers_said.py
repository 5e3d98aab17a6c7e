"""What pages and files say of who names a thing: each place where a number stands, read."""

import csv
import re
from io import StringIO

from django.http import QueryDict

from tests.browse.list_page import one_line, read_list

FOLDERS = {"field": "fields", "product": "products", "technology": "technologies"}
COLUMNS = {"field": "fields", "product": "products", "technology": "technologies"}
# The words about a thing on its page, by language.
LINES = {
    "en": {
        "regions": r"<strong>(\d+) regions?</strong></a>, cities apart",
        "in force": r">(\d+) in force today<",
        "dated": r">(\d+) dated<",
        "tracks": r'href="/en/tracks/\?{kind}={slug}">(\d+) tracks?<',
        "exact": r">(\d+) in the same words<",
    },
    "zh-hans": {
        "regions": r"<strong>(\d+)个地区</strong></a>（城市单列）",
        "in force": r">今日有效(\d+)个<",
        "dated": r">日期明确(\d+)个<",
        "tracks": r'href="/zh-hans/tracks/\?{kind}={slug}">(\d+)条赛道<',
        "exact": r">表述相同(\d+)条<",
    },
}
TILE = re.compile(r'class="tile [^"]*" href="([^"]+)".*?class="figure"[^>]*>([^<]*)<')


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return one_line(response.content.decode())


def data(client, path, **asked):
    query = QueryDict(mutable=True)
    for name, values in asked.items():
        query.setlist(name, values if isinstance(values, list) else [values])
    response = client.get(f"/en/{path}.json", query)
    assert response.status_code == 200, (path, asked)
    return response.json()


def rows_of_csv(client, address):
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def number(pattern, html, missing=0):
    found = re.search(pattern, html)
    return int(found[1]) if found else missing


def line_of(client, kind, slug, language):
    """Return ``{what: number}`` of the line about a thing on its page."""
    html = page(client, f"/{language}/{FOLDERS[kind]}/{slug}/")
    found = {
        what: number(pattern.format(kind=kind, slug=slug), html)
        for what, pattern in LINES[language].items()
        if (kind, what) != ("field", "exact")
    }
    tiles = {}
    for address, figure in TILE.findall(html):
        region = re.search(r"regions/([^/]+)/|region=([^&]+)", address)
        tiles[region[1] or region[2]] = int(figure) if figure.strip().isdigit() else 0
    named = r"(\d+) of 34 provinces? names? it" if language == "en" else r"34个省级地区中有(\d+)个"
    return found | {"provinces": number(named, html)}, tiles


def card_of(client, path, kind, slug):
    """Return the numbers beside the name of a thing on a list or on the home page."""
    html = page(client, path)
    address = f'href="/en/{FOLDERS[kind]}/{slug}/">'
    start = html.index('<span class="naming">', html.index(address))
    card = html[start : html.index("</span> </span>", start)]
    return {
        "regions": number(r"(\d+) regions?", card),
        "in force": number(r"(\d+) in force today", card),
        "tracks": number(r"(\d+) tracks?", card),
    }


def row_at_home(client, kind, slug, language="en"):
    """Return the numbers in the row of a field or product on the home page."""
    html = page(client, f"/{language}/")
    row = html[
        html.index(f'href="/{language}/{FOLDERS[kind]}/{slug}/"', html.index('id="fields"')) :
    ]
    return {
        "regions": number(r'class="figure named">(\d+)<', row),
        "in force": number(r'class="figure soft in-force">(\d+)<', row),
    }


def found_by_search(client, record):
    """Return the numbers beside a thing among the results of a search, None where it is none."""
    response = client.get("/en/search/", {"q": record.name_en})
    # What is meant before all stands above the results, with numbers of its own.
    _best, _results, html = one_line(response.content.decode()).partition('class="names found"')
    address = f'href="{record.get_absolute_url()}"'
    if address not in html:
        return None
    line = html[html.index(address) : html.index("</li>", html.index(address))]
    return {
        "regions": number(r"(\d+) regions? names? it, cities apart", line),
        "in force": number(r"(\d+) in force today", line),
        "dated": number(r"(\d+) dated", line),
    }


def best_answer(client, record):
    """Return the numbers of a thing that a search for it means, None where it means another."""
    response = client.get("/en/search/", {"q": record.name_en})
    html = one_line(response.content.decode())
    best = html.partition('aria-labelledby="best"')[2].partition("</section>")[0]
    if f'href="{record.get_absolute_url()}"' not in best:
        return None
    return {
        "regions": number(r"Regions that name it</dt> <dd>\s*(\d+)", best),
        "in force": number(r"In a dated plan in force</dt> <dd>\s*(\d+)", best),
        "tracks": number(r"(\d+) tracks?<", best),
    }


def options_of(client, name, kind, slug):
    """Return the number beside a thing among the options of a list, and that of its results.

    What would give no result is not offered.
    """
    options = read_list(client, name, whole=True).options
    return options[kind].get(slug, 0), read_list(client, name, {kind: slug}).count


def cells_of_matrix(client, kind, slug, **asked):
    """Return ``{region: tracks}`` in the column of a thing, and the number beneath it."""
    matrix = data(client, "matrix", columns=COLUMNS[kind], **asked)
    cells = {
        row["slug"]: row["cells"][slug]["tracks"]
        for row in matrix["results"]
        if row["cells"].get(slug, {}).get("tracks")
    }
    beneath = [column["regions"] for column in matrix["columns"] if column["slug"] == slug]
    return cells, beneath[0] if beneath else 0
