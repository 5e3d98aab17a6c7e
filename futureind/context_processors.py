from django.conf import settings

from futureind.core.bilingual import CHINESE, ENGLISH, active_language

PREFIX = {ENGLISH: "/en/", CHINESE: "/zh-hans/"}

# What templates ask of any page of the admin and only some pages have.
NOT_EVERYWHERE = {
    **{"subtitle": None, "original": None, "marking_address": None},
    **{"opened_with": None, "open_elsewhere": (), "to_verify": (), "verifications": ()},
    **{"proposal": None, "open_proposals": (), "proposes": False, "show_propose": False},
    **{"named_seen": None, "form": None, "merge": None, "older": None, "newer": None},
    **{"previews": (), "links": (), "days": (), "share_address": None, "unseen": ()},
    **{"has_no_state": False, "is_hidden": False, "obstacles_above": (), "unseen_links": ()},
    **{"show_submit": False, "show_publish": False, "show_review": False, "show_withdraw": False},
}


def admin(request):
    """What templates of the admin ask for and views need not give: views go before this."""
    return NOT_EVERYWHERE if "admin" in getattr(request.resolver_match, "app_names", ()) else {}


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
        "ignored": (),
        # Error pages are rendered by themselves; what shows something says that it may be cited.
        "is_citable": False,
        # Pages of which programs may ask what changed say where.
        "feeds": (),
        # Pages of records cite themselves beside what they say, others in the footer.
        "cites_itself": False,
        # Pages that found something say so, others what they are.
        "finding": None,
        "description": "",
        "twin_language": twin,
        "twin_path": PREFIX[twin] + rest + (f"?{query}" if query else ""),
        # Where a browser is sent to the language that it asks for.
        "address_in_any_language": f"{settings.SITE_URL}/{rest}",
        "alternates": [(tag, settings.SITE_URL + prefix + rest) for tag, prefix in PREFIX.items()],
        "site_url": settings.SITE_URL,
        "permalink": settings.SITE_URL + path,
        "contact_email": settings.CONTACT_EMAIL,
        "is_preview": getattr(request, "is_preview", False),
        "is_seen": getattr(request, "is_seen", False),
    }
