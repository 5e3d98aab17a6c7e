"""The roles that plans give to the industries they name, and what plans call them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from futureind.search.text import name_key


class Tier(models.TextChoices):
    """The role that a plan gives to an industry it names."""

    AREA = "area", _("area")
    INDUSTRY = "industry", _("industry")
    CLUSTER = "cluster", _("cluster")
    GROWTH = "growth", _("fast-growing")
    PRIORITY = "priority", _("priority")
    EXPLORATORY = "exploratory", _("exploratory")


# Sorted as a reader of a plan expects: what is built now before what is explored.
TIER_ORDER = [
    Tier.AREA,
    Tier.CLUSTER,
    Tier.GROWTH,
    Tier.PRIORITY,
    Tier.INDUSTRY,
    Tier.EXPLORATORY,
]


TIER_RANK = models.Case(
    *[models.When(tier=tier, then=rank) for rank, tier in enumerate(TIER_ORDER)],
    output_field=models.PositiveSmallIntegerField(),
)

TIER_WORDS = {
    Tier.AREA: ("area", "field", "direction", "方向", "领域", "重点方向", "赛道"),
    Tier.CLUSTER: ("cluster", "集群", "产业集群", "先导区"),
    Tier.GROWTH: ("growth", "fast-growing", "成长型", "成长", "高成长", "先导"),
    Tier.PRIORITY: ("priority", "重点", "优先", "优先发展", "主导"),
    Tier.INDUSTRY: ("industry", "产业", "未来产业"),
    Tier.EXPLORATORY: (
        "exploratory",
        "前沿探索",
        "前沿",
        "探索",
        "前瞻",
        "前瞻布局",
        "潜力型",
        "x",
    ),
}


def read_tier(text):
    """Return the :class:`Tier` that a word in either language names, None for other words."""
    return TIER_OF.get(name_key(text))


TIER_OF = {
    name_key(word): tier for tier, words in TIER_WORDS.items() for word in (*words, tier.value)
}
