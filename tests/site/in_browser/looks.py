"""How pages are looked at: which, on which screens, and with which rules of axe."""

from axe_playwright_python.sync_playwright import Axe

# name: (language, width, colour scheme)
VIEWS = {
    "en-wide-light": ("en", 1280, "light"),
    "zh-narrow-dark": ("zh-hans", 360, "dark"),
}
# Of screens that a page has to fit, in both languages.
WIDTHS = (1280, 360, 320)
PAGES = {
    "home": "",
    "documents": "documents/",
    "plans": "plans/",
    "tracks": "tracks/",
    "targets": "targets/",
    "milestones": "milestones/",
    "indicators": "indicators/",
    "regions": "regions/",
    "fields": "fields/",
    "technologies": "technologies/",
    "products": "products/",
    "agencies": "agencies/",
    "glossary": "glossary/",
    "a document": "documents/hangzhou-future-industries-2025-2026/",
    "timeline": "timeline/",
    "timeline by month": "timeline/?scale=month&geography=US",
    "a cascade": "documents/future-industries-opinions-2024/cascade/",
    "a document with a plan": "documents/beijing-future-industries-2023/",
    "a track": "tracks/jiangsu-future-industries-2023--quantum/",
    "a target": "targets/opinions-2025-landmark-products/",
    "a milestone": "milestones/china-crewed-lunar-landing/",
    "an indicator": "indicators/c919-deliveries/",
    "a region": "regions/guangdong/",
    "a field": "fields/future-energy/",
    "a technology": "technologies/artificial-intelligence/",
    "a product": "products/humanoid-robots/",
    "an agency": "agencies/miit/",
    "a term": "glossary/ai-plus/",
    "search": "search/?q=quantum",
    "a search without a find": "search/?q=qqqqqq",
    "coverage": "coverage/",
    "changes": "changes/",
    "methodology": "methodology/",
    "accessibility": "accessibility/",
    "analysis": "analysis/",
    "the matrix": "matrix/",
    "a matrix of technologies": "matrix/?columns=technologies&region=jiangsu&region=zhejiang",
    "first movers": "diffusion/",
    "gaps": "gaps/",
    "gaps of a region": "gaps/?region=shandong",
    "gaps of a technology": "gaps/?technology=quantum-technology",
    "a diffusion": "diffusion/?technology=quantum-technology",
    "a diffusion of nothing": "diffusion/?technology=nothing",
    "a choice of regions": "compare/",
    "regions side by side": "compare/?region=beijing&region=shanghai",
    "too many regions": "compare/?region=a&region=b&region=c&region=d&region=e",
    "a matrix under bad filters": "matrix/?columns=none",
    "a filtered list": "documents/?product=humanoid-robots&region=beijing&sort=issued",
    "a list without results": "documents/?in_force_on=1950-01-01&region=tibet",
    "a list under bad filters": "documents/?field=none&issued_after=yesterday",
    "a list past its end": "documents/?page=999",
    "a narrowed vocabulary": "technologies/?q=quantum",
    "a missing page": "documents/no-such-document/",
}
AXE = Axe()
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
}
# Colours take axe three quarters of its time, and pages have theirs from the same style sheets:
# those of a few pages are looked at in `make test`, those of all in `make check-long`.
COLOURS = {**AXE_OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast"]}, "rules": {}}
ALL_BUT_COLOURS = {
    **AXE_OPTIONS,
    "rules": {**AXE_OPTIONS["rules"], "color-contrast": {"enabled": False}},
}
COLOURS_EACH_TIME = {
    *[("en-wide-light", name) for name in ("home", "a document", "the matrix")],
    *[("zh-narrow-dark", name) for name in ("documents", "a region", "timeline")],
}
# Each page in both views, by turns the one or the other first: at that `make test` looks.
LOOKS = [
    (view, name)
    for place, name in enumerate(PAGES)
    for view in list(VIEWS)[:: -1 if place % 2 else 1]
]
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
HEIGHT = "document.documentElement.scrollHeight"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(window, impacts=None, options=AXE_OPTIONS):
    """Return what axe finds as lines ``rule (impact): element``."""
    found = AXE.run(window, options=options).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:120]}"
        for rule in found
        if impacts is None or rule["impact"] in impacts
        for node in rule["nodes"][:3]
    ]


class Window:
    """A browser window with what its console said, the failed load of the page itself left out."""

    def __init__(self, context):
        self.page = context.new_page()
        self.complaints = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, message):
        if message.type != "error":
            return
        if message.location["url"] == self.page.url and "status of 4" in message.text:
            return
        self.complaints.append(message.text)

    def visit(self, path):
        self.complaints.clear()
        self.page.goto(path)
        return self.page
