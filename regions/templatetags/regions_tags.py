"""Tags about plans and tracks, so that pages of the catalogue can show them."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.models import Tier

register = template.Library()

TIER_SIGNS = {Tier.EXPLORATORY: "○"}


@register.filter
def tier_sign(tier):
    """○ for what is explored, ● for what is built."""
    return TIER_SIGNS.get(tier, "●")


@register.filter
def any_locator(links):
    """True where one of the steps of a cascade says where in the text it stands."""
    return any(link.relation.locator for link in links)


@register.filter
def roles_in_words(roles):
    """The roles that plans give to what they name, as one phrase."""
    return _(", ").join(str(role.label) for role in roles)


@register.simple_tag
def plans_that_name(technology, region):
    """The address of the plans of a region that name a technology, each by itself."""
    pairs = [("region", region.slug), ("technology", technology.slug), *BY_ITSELF]
    return f"{reverse('plan-list')}?{urlencode(pairs)}"


BY_ITSELF = [("alone", "region"), ("alone", "technology")]
READINGS = {
    "read": gettext_lazy("completely"),
    "in-part": gettext_lazy("in part"),
    "not-recorded": gettext_lazy("plan found, tracks not recorded"),
    "none-found": gettext_lazy("no plan found"),
    "not-searched": gettext_lazy("not searched"),
}


@register.filter
def reading_of(standing):
    """How far a region was read, in words."""
    return READINGS[standing.reading]
