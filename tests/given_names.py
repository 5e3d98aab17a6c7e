"""Have templates of our own fail on a name that nobody gave them, where Django shows nothing.

Django takes a missing name for empty text and a missing condition for false, so that a template
states as a fact what was only forgotten. Templates of Django and of libraries count on that and
are left alone.
"""

import sys

from django.conf import settings
from django.template.base import Node, TokenType, VariableDoesNotExist
from django.templatetags.i18n import BlockTranslateNode

OWN = str(settings.BASE_DIR / "templates")
# Django puts a page of its own ("Database error") into this frame without the names of all others.
FRAME_OF_DJANGO = "admin/base_site.html"


class NameNotGivenError(BaseException):
    """A template uses a name that nobody gave. No Exception: ``{% if %}`` swallows those."""


def is_own(origin):
    return (
        origin is not None
        and str(origin.name).startswith(OWN)
        and origin.template_name != FRAME_OF_DJANGO
    )


def origin_of_lookup():
    """Return the origin of the template whose node is at work, None where it is none of a file.

    Found among the calls, since a name knows nothing of its template: looking only where one is
    missing costs nothing elsewhere.
    """
    frame = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node):
            return node.origin
        frame = frame.f_back
    return None


def note_missing(error, message, params=()):
    """Say that a name is missing, as Django does, or fail where a template of our own wants it."""
    plain_missing(error, message, params)
    missing, holder = params
    # What is not on record has no parts either: those may be asked for.
    if holder is None or holder == "":
        return
    origin = origin_of_lookup()
    if is_own(origin):
        raise NameNotGivenError(
            f"{origin.template_name}: “{missing}” is given nowhere in {type(holder).__name__}"
        )


def render_translated(node, context, nested=False):
    """Render a translated text after a look at the names in it, which it reads by itself."""
    if is_own(node.origin):
        tokens = [*node.singular, *(node.plural or [])]
        names = {token.contents for token in tokens if token.token_type == TokenType.VAR}
        for name in sorted(names - set(node.extra_context) - {node.countervar}):
            if name not in context:
                raise NameNotGivenError(
                    f"{node.origin.template_name}: “{name}” of a translated text is given by nobody"
                )
    return plain_translated(node, context, nested)


plain_missing = VariableDoesNotExist.__init__
plain_translated = BlockTranslateNode.render


def demand_every_name():
    """Ask every template of our own from now on for all its names."""
    VariableDoesNotExist.__init__ = note_missing
    BlockTranslateNode.render = render_translated
