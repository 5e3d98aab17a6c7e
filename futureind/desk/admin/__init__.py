"""Admin pages of the desk; Django finds them by importing this package."""

from futureind.desk.admin import links, translations, verification

__all__ = ["links", "translations", "verification"]
