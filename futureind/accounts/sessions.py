"""Sessions in the database, which hold up no answer only to note when it was given."""

import logging

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from futureind.core.locks import waiting_at_most
from futureind.core.trouble import trouble_of

logger = logging.getLogger(__name__)

# Milliseconds for which a page waits for whoever is writing, to note that it was asked for.
BRIEFLY = 200


class SessionStore(db.SessionStore):
    """A session as Django keeps it; only what begins or ends one has to be kept."""

    def __init__(self, session_key=None):
        super().__init__(session_key)
        self.came_with = session_key

    def save(self, must_create=False):
        """Save the session; raises OperationalError where a new one cannot be saved."""
        if must_create or self.session_key != self.came_with:
            self.save_or_tell(must_create)
            return
        try:
            with waiting_at_most(BRIEFLY):
                self.save_or_tell()
        except Exception as error:
            if trouble_of(error) is None:
                raise
            logger.warning("When a session was last used could not be noted: %s", error)

    def save_or_tell(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            # Django takes every error of the database for a session that somebody ended.
            if trouble_of(error.__context__) is None:
                raise
            raise error.__context__ from error.__context__.__cause__
