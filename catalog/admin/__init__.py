"""Admin pages of the national catalogue; Django finds them by importing this package."""

from catalog.admin import commitments, documents, observations, places, vocabulary

__all__ = ["commitments", "documents", "observations", "places", "vocabulary"]
