"""How views answer with a page."""

from django.shortcuts import render


def show_page(request, template_name, context, status=200):
    """Return a page; it offers to be cited only where it shows to everybody what was asked for."""
    is_citable = status == 200 and not getattr(request, "is_preview", False)
    return render(request, template_name, {"is_citable": is_citable, **context}, status=status)
