"""Admin pages of regional plans; Django finds them by importing this package."""

from regions.admin import plans

__all__ = ["plans"]
