"""Tags about plans and tracks, so that pages of the catalogue can show them."""

from django import template

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
