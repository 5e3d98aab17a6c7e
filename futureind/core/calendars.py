"""iCalendar (RFC 5545): days on which something falls due, for calendars that people keep."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import StreamingHttpResponse

from futureind.core.output_forms import OutputForm, register

# Octets of a line, without its end; of those that go on with one, the first is a space.
LINE = 75
# Signs that would end a value.
ESCAPED = re.compile(r"[\\;,]")
LINE_ENDS = re.compile(r"\r\n|\r|\n")
NOT_IN_TEXT = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")
# A calendar must hold something: where nothing falls due, the zone of the site's clock.
ZONE = (
    *("BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T000000"),
    *("TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE"),
)


@dataclass(frozen=True)
class Event:
    """A day on which something falls due.

    ``uid`` never changes and is the same in all languages; ``sequence`` grows with each change of
    what it is about, the last of which was at ``changed_at``; ``last_day`` is that of what lasts.
    """

    uid: str
    day: date
    title: str
    description: str
    address: str
    changed_at: datetime
    sequence: int
    last_day: date | None = None


@dataclass(frozen=True)
class Calendar:
    """Named events, read once and while they are sent; ``file_name`` is without an ending."""

    file_name: str
    title: str
    language: str
    events: Iterable[Event]


class CalendarForm(OutputForm):
    """A format for calendars: ``write(calendar)`` yields a file piece by piece, as it is sent."""

    is_streamed = True

    def part_of(self, answer):
        return answer.calendar

    def response(self, calendar):
        response = StreamingHttpResponse(self.write(calendar), content_type=self.content_type)
        response["Content-Disposition"] = f'attachment; filename="{calendar.file_name}.{self.name}"'
        return response


def calendar_file(calendar):
    """Yield a Calendar as bytes: its head, each event, its end."""
    yield written(
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Future Industries Tracker//Calendar//EN",
        f"NAME:{in_value(calendar.title)}",
        # Most programs still read the older name only.
        f"X-WR-CALNAME:{in_value(calendar.title)}",
    )
    is_empty = True
    for event in calendar.events:
        is_empty = False
        yield written(*lines_of(event, calendar.language))
    yield written(*(ZONE if is_empty else ()), "END:VCALENDAR")


def lines_of(event, language):
    """Return the lines of an event, whole."""
    changed_at = event.changed_at.astimezone(UTC)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{in_value(event.uid)}",
        f"DTSTAMP:{changed_at:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART;VALUE=DATE:{day_text(event.day)}",
        f"SUMMARY;LANGUAGE={language}:{in_value(event.title)}",
        f"DESCRIPTION;LANGUAGE={language}:{in_value(event.description)}",
        f"URL:{event.address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
    if event.last_day and event.last_day > event.day:
        # The day before which it ends.
        lines.insert(5, f"DTEND;VALUE=DATE:{day_text(event.last_day + timedelta(days=1))}")
    return lines


def day_text(day):
    return day.isoformat().replace("-", "")


def in_value(text):
    """Return a text as it stands in a value."""
    escaped = ESCAPED.sub(r"\\\g<0>", LINE_ENDS.sub("\n", text)).replace("\n", "\\n")
    return NOT_IN_TEXT.sub("", escaped)


def written(*lines):
    return b"".join(folded(line) for line in lines)


def folded(line):
    """Return a line as bytes, broken where it is too long, never within a letter."""
    rest, pieces, room = line.encode(), [], LINE
    while len(rest) > room:
        end = room
        while is_within_letter(rest[end]):
            end -= 1
        pieces.append(rest[:end])
        rest, room = rest[end:], LINE - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


def is_within_letter(octet):
    """Tell whether an octet of UTF-8 is not the first of its letter."""
    return octet & 0b1100_0000 == 0b1000_0000


ICALENDAR = register(
    CalendarForm("ics", "iCalendar", "text/calendar; charset=utf-8", calendar_file)
)
