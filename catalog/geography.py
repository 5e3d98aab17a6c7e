"""Names of the places that indicators and milestones speak of."""

from django.utils.translation import gettext as _


def geography_name(code):
    """Return the name of an ISO country code, of “world”, or of a city as recorded.

    A name that is not in the table is returned as it is.
    """
    names = {
        "world": _("World"),
        "CN": _("China"),
        "US": _("United States"),
        "GB": _("United Kingdom"),
        "IN": _("India"),
        "DE": _("Germany"),
        "FR": _("France"),
        "EU": _("European Union"),
        "RoW": _("Rest of the world"),
        "Beijing": _("Beijing"),
        "Shanghai": _("Shanghai"),
        "Shenzhen": _("Shenzhen"),
        "Guangzhou": _("Guangzhou"),
        "Hangzhou": _("Hangzhou"),
        "Guangdong-Hong Kong-Macao Greater Bay Area": _("Greater Bay Area"),
        "Bengaluru": _("Bengaluru"),
        "London": _("London"),
        "New York": _("New York"),
        "San Francisco": _("San Francisco"),
    }
    return names.get(code, code)
