from django.conf import settings

from futureind.bilingual import CHINESE, ENGLISH, active_language

PREFIX = {ENGLISH: "/en/", CHINESE: "/zh-hans/"}


def site(request):
    """What every page says of itself: its language, its twin, its address, whom to write to."""
    language = active_language()
    path = request.path
    own = PREFIX[language]
    rest = path[len(own) :] if path.startswith(own) else ""
    query = request.META.get("QUERY_STRING", "")
    twin = CHINESE if language == ENGLISH else ENGLISH
    return {
        "page_language": language,
        # Views whose pages have parameters give their own.
        "canonical_query": "",
        # Error pages are rendered by themselves; what shows something says that it may be cited.
        "is_citable": False,
        "twin_language": twin,
        "twin_path": PREFIX[twin] + rest + (f"?{query}" if query else ""),
        "alternates": [(tag, settings.SITE_URL + prefix + rest) for tag, prefix in PREFIX.items()],
        "site_url": settings.SITE_URL,
        "permalink": settings.SITE_URL + path,
        "contact_email": settings.CONTACT_EMAIL,
        "is_preview": getattr(request, "is_preview", False),
        "is_seen": getattr(request, "is_seen", False),
    }
