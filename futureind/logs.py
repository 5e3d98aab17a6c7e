"""A log filter for refused requests, whose content strangers choose."""

import logging

LONGEST = 300


class BriefRefusals(logging.Filter):
    """Says a refused request in one line: no fault of the site's, so neither error nor traceback.

    Django logs a strange Host as an error, and most refusals with their traceback; a stranger could
    fill a disk with them.
    """

    def filter(self, record):
        if getattr(record, "status_code", 500) < 500:
            record.levelno = min(record.levelno, logging.WARNING)
            record.levelname = logging.getLevelName(record.levelno)
            record.exc_info = record.exc_text = record.stack_info = None
            record.msg, record.args = shortened(record.getMessage()), None
        return True


def shortened(text):
    """Return a text as one line of a bounded length."""
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[: LONGEST + 1])
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"
