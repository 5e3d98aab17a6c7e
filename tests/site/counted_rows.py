"""What headings of a page say of the rows beneath them, held against those rows.

A heading that states a number carries it as ``data-count``, with ``data-shown`` where only so many
of the counted stand there; both come from the tags "count_of" and "counts". The rows are those of
the next part of the page with ``data-rows``, or of all such parts within the one whose id
``data-count-of`` names. What stands within a row, or says something of rows, has ``data-within``.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

HEADINGS = {"h1", "h2", "h3", "h4", "dt"}
ROWS = {
    **{"tbody": "tr", "ul": "li", "ol": "li"},
    **{"dl": "dt", "dd": "a", "div": "label", "section": "h3"},
}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Count:
    """A number in a heading, and how many rows it promises beneath."""

    number: int
    shown: int
    words: str = ""


@dataclass
class Element:
    """An open element: the rows that it holds where it holds any, its count where it has one."""

    tag: str
    id: str
    row_tag: str | None = None
    counts: list[Count] = field(default_factory=list)
    rows: int = 0
    said: Count | None = None


class CountedPage(HTMLParser):
    """Finds counts that their rows contradict: ``wrong`` says which."""

    def __init__(self, html):
        super().__init__()
        self.open, self.pending, self.elsewhere, self.rows_within = [], [], [], {}
        self.wrong = []
        self.feed(html)
        self.forget_pending()
        for of, count in self.elsewhere:
            self.compare(count, self.rows_within.get(of, 0))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in HEADINGS:
            self.forget_pending()
        above = self.open[-1] if self.open else None
        if above and tag == above.row_tag and "data-within" not in attributes:
            above.rows += 1
        if tag in VOID:
            return
        element = Element(tag, attributes.get("id") or "")
        if "data-rows" in attributes:
            element.row_tag = ROWS[tag]
            # The nearest heading counts them; those above it must have promised nothing.
            element.counts = self.pending[-1:]
            del self.pending[-1:]
            self.forget_pending()
        if "data-count" in attributes:
            number = int(attributes["data-count"])
            element.said = Count(number, int(attributes.get("data-shown", number)))
            if "data-count-of" in attributes:
                self.elsewhere.append((attributes["data-count-of"], element.said))
            else:
                self.pending.append(element.said)
        self.open.append(element)

    def handle_endtag(self, tag):
        if not any(element.tag == tag for element in self.open):
            return
        while True:
            element = self.open.pop()
            self.close_element(element)
            if element.tag == tag:
                return

    def close_element(self, element):
        if element.row_tag:
            for count in element.counts:
                self.compare(count, element.rows)
            for above in filter(lambda above: above.id, [*self.open, element]):
                self.rows_within[above.id] = self.rows_within.get(above.id, 0) + element.rows
        if element.said and str(element.said.number) not in re.findall(r"\d+", element.said.words):
            self.wrong.append(f"“{element.said.words.strip()}” does not say {element.said.number}")

    def handle_data(self, data):
        for element in self.open:
            if element.said:
                element.said.words += data

    def forget_pending(self):
        """Hold counts that found no rows against none."""
        for count in self.pending:
            self.compare(count, 0)
        self.pending = []

    def compare(self, count, rows):
        if count.shown != rows:
            said = " ".join(count.words.split())
            self.wrong.append(f"“{said}” ({count.shown} shown) over {rows} rows")


def contradictions(html):
    """Return what is wrong with the counts of a page, in words."""
    return CountedPage(html).wrong if "data-count" in html else []
