"""What regional plans and tracks add to pages of other apps."""

from django.utils.translation import gettext_lazy as _

from catalog.models import PolicyDocument
from futureind.browse import additions
from regions.home import on_home
from regions.models import TIER_ORDER, Tier
from regions.naming import MAPPINGS, namings
from regions.plan_parts import plan_parts, public_plans

ROLES = {
    Tier.AREA: _("a wide heading under which the plan acts or names more"),
    Tier.CLUSTER: _("an industry that is to gather firms in certain places"),
    Tier.GROWTH: _("an industry that exists and is to grow fast now"),
    Tier.PRIORITY: _("an industry that comes before others"),
    Tier.INDUSTRY: _("an industry that is named without a rank"),
    Tier.EXPLORATORY: _("an industry for later, of which research comes first"),
}
# By which name the templates of lists and cards know the counts of a kind.
COUNTED_ON = {
    "catalog/field_list.html": ["field"],
    "catalog/product_list.html": ["product"],
    "catalog/technology_list.html": ["technology"],
}


def register():
    additions.register_held(PolicyDocument, public_plans)
    additions.register("home.html", on_home)
    additions.register("search.html", on_search)
    additions.register("methodology.html", on_methodology)
    additions.register("catalog/document_detail.html", on_document)
    additions.register("catalog/target_detail.html", on_target)
    for template_name, kinds in COUNTED_ON.items():
        additions.register(template_name, lambda context, kinds=kinds: counts_of(kinds))


def on_methodology(context):
    """The roles that plans give to tracks, with their meanings, as lists sort them."""
    return {"roles": [(role, ROLES[role]) for role in TIER_ORDER]}


def on_document(context):
    """The public plans that stand in a document, each as a part of its page."""
    return {"plan_parts": plan_parts(context["held"])}


def on_target(context):
    """The public tracks that a target belongs to."""
    tracks = context["record"].tracks.public()
    return {"tracks": tracks.select_related("plan__document", "plan__region")}


def on_search(context):
    """Who names each thing that was found."""
    found = [result["record"] for group in context["groups"] for result in group["results"]]
    return {
        "namings": {
            record: namings(record.index_kind).get(record.pk)
            for record in found
            if record.index_kind in MAPPINGS
        }
    }


def counts_of(kinds):
    return {f"{kind}_counts": namings(kind) for kind in kinds}
