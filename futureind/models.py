"""Django looks for models here; they live beside the code that uses them."""

from futureind.publishing.accounts import User
from futureind.publishing.history import ContentVersion, Revision
from futureind.publishing.slugs import FormerSlug
from futureind.publishing.sources import Source

__all__ = ["ContentVersion", "FormerSlug", "Revision", "Source", "User"]
