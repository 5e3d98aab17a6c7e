"""The editors' guide of docs/, shown in the admin in the language of its reader."""

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from futureind.core.bilingual import CHINESE, active_language

FILES = {CHINESE: "editors.zh.md"}
# How the guide, read as a file, names its pictures.
STATIC = "../static/"


def guide():
    """Return the guide as ``(title, body)``, the body as HTML."""
    name = FILES.get(active_language(), "editors.md")
    text = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    title, _end, body = text.removeprefix("# ").partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(body)
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                child.attrs["src"] = static(child.attrs["src"].removeprefix(STATIC))
    # Our own file, in which HTML is text.
    html = markdown.renderer.render(tokens, markdown.options, {})
    return title.strip(), mark_safe(html)  # noqa: S308
