"""Which tracks a page of analysis counts: by match, and by the day on which plans are in force."""

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models.mappings import COUNTED_MATCHES, Match
from regions.filters import TrackFilter
from regions.models import Track

SCOPE = ("match", "in_force_on")


def scope_of(parameters):
    """Return the FilterSet of the list of tracks under the parameters of SCOPE alone.

    Its form has the errors of both where their values are bad.
    """
    query = parameters.copy()
    for name in [name for name in query if name not in SCOPE]:
        del query[name]
    filterset = TrackFilter(query, Track.objects.public())
    filterset.is_valid()
    return filterset


def plan_links(filterset, address):
    """Return ``[(label, address, is current), …]``: all plans, or those in force on a day.

    Parameter: ``address``, a function that returns the page's address with parameters changed.
    """
    today = timezone.localdate().isoformat()
    day = filterset.form.cleaned_data.get("in_force_on")
    links = [(_("all on record"), address(in_force_on=None), day is None)]
    if day and day.isoformat() != today:
        label = _("in force on %(day)s") % {"day": day.isoformat()}
        links.append((label, address(), True))
    label = _("in force today, %(day)s") % {"day": today}
    is_today = bool(day) and day.isoformat() == today
    return [*links, (label, address(in_force_on=today), is_today)]


def match_links(filterset, address):
    """Return ``[(label, address, is current), …]`` of the matches that can be asked for."""
    asked = set(filterset.form.cleaned_data.get("match") or ())
    exact = {Match.EXACT.value}
    links = [
        (_("exact, broader, narrower"), address(match=None), not asked),
        (_("exact only"), address(match=Match.EXACT.value), asked == exact),
    ]
    if asked and asked != exact:
        links.append((matches_in_words(filterset), address(), True))
    return links


def matches_of(filterset):
    """Return the matches that count: those asked for, else exact, broader and narrower."""
    return filterset.form.cleaned_data.get("match") or COUNTED_MATCHES


def matches_in_words(filterset):
    return _(", ").join(str(Match(value).label) for value in matches_of(filterset))


def scope_as_data(filterset):
    """Return what JSON says of the scope of a page."""
    day = filterset.form.cleaned_data.get("in_force_on")
    return {"match": list(matches_of(filterset)), "in_force_on": day and day.isoformat()}


def scope_context(view, filterset):
    """Return what templates need to state the scope of a page, and to change it."""
    return {
        "scope": filterset,
        "matches": matches_in_words(filterset),
        "in_force_on": filterset.form.cleaned_data.get("in_force_on"),
        # A page that leaves texts out for want of a date gives their number.
        "left_out": None,
        "switches": [
            (_("Plans"), plan_links(filterset, view.address)),
            (_("Match"), match_links(filterset, view.address)),
        ],
        "kept_for_scope": [
            (name, value) for name in SCOPE for value in view.request.GET.getlist(name)
        ],
        "kept_for_day": [
            (name, value)
            for name, values in view.request.GET.lists()
            for value in values
            if name != "in_force_on"
        ],
    }
