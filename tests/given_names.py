"""Have templates of our own fail on a name that nobody gave them, where Django shows nothing.

Django takes a missing name for empty text and a missing condition for false, so that a template
states as a fact what was only forgotten. Templates of Django and of libraries count on that and
are left alone.
"""

from django.conf import settings
from django.template.base import FilterExpression, Parser, TokenType, Variable, VariableDoesNotExist
from django.templatetags.i18n import BlockTranslateNode

OWN = str(settings.BASE_DIR / "templates")
# Django puts a page of its own ("Database error") into this frame without the names of all others.
FRAME_OF_DJANGO = "admin/base_site.html"


class NameNotGivenError(BaseException):
    """A template uses a name that nobody gave. No Exception: ``{% if %}`` swallows those."""


class GivenVariable(Variable):
    """A name in a template, and what is asked of it."""

    __slots__ = ("origin",)

    def __init__(self, var, origin):
        super().__init__(var)
        self.origin = origin

    def _resolve_lookup(self, context):
        try:
            return super()._resolve_lookup(context)
        except VariableDoesNotExist as error:
            missing, holder = error.params
            # What is not on record has no parts either: those may be asked for.
            if holder is None or holder == "":
                raise
            where = "by nobody" if holder is context else f"in {type(holder).__name__}"
            raise NameNotGivenError(
                f"{self.origin.template_name}: “{missing}” of “{self.var}” is given {where}"
            ) from error


class GivenExpression(FilterExpression):
    """A name with its filters."""

    def __init__(self, token, parser):
        super().__init__(token, parser)
        if self.is_var:
            self.var = GivenVariable(self.var.var, parser.origin)
        for _filter, arguments in self.filters:
            arguments[:] = [
                (lookup, GivenVariable(value.var, parser.origin) if lookup else value)
                for lookup, value in arguments
            ]


def is_own(origin):
    return (
        origin is not None
        and str(origin.name).startswith(OWN)
        and origin.template_name != FRAME_OF_DJANGO
    )


def compile_filter(parser, token):
    kind = GivenExpression if is_own(parser.origin) else FilterExpression
    return kind(token, parser)


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


plain_translated = BlockTranslateNode.render


def demand_every_name():
    """Ask every template of our own that is compiled from now on for all its names."""
    Parser.compile_filter = compile_filter
    BlockTranslateNode.render = render_translated
