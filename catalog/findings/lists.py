"""What the lists of targets and of indicators and the timeline found, each in a sentence or two."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.filters import targets_under
from catalog.geography import geography_name
from catalog.models.commitments import NO_DUE, Verdict
from catalog.models.observations import IndicatorKind
from catalog.numbers import moved, quantity
from catalog.promises import day_before
from catalog.series import main_series, point_day
from catalog.timeline import EventKind, Scale, undated
from futureind.browse.headings import Finding
from futureind.core.bilingual import CHINESE, active_language
from futureind.core.sentences import FEWEST_RECORDS, sentence_start, sentences, stopped


def most_often(numbers):
    """Return ``(what has the greatest number, in order; that number)`` of ``{what: number}``."""
    most = max(numbers.values(), default=0)
    return sorted(what for what, number in numbers.items() if number == most), most


def finding_of_targets(today):
    """Return what all public targets say together on a day, a Finding or None."""
    every, passed = targets_under({}), targets_under({"due_before": [str(day_before(today))]})
    total = every.count()
    if total < FEWEST_RECORDS:
        return None
    years = every.facet_counts(every.filterset.filters["due"])
    years = {year: number for year, number in years.items() if year != NO_DUE and number}
    verdicts = passed.facet_counts(passed.filterset.filters["verdict"])
    rest = how_they_went(
        passed.count(), verdicts.get(Verdict.MET, 0), verdicts.get(Verdict.MISSED, 0)
    )
    return Finding(stopped(fullest_year(total, years)), "finding-targets", rest)


def fullest_year(total, years):
    """Return how many targets there are and in which year most of ``{year: number}`` fall due."""
    fullest, most = most_often(years)
    values = {"n": total, "most": most, "year": fullest[0] if fullest else "", "k": len(fullest)}
    if not fullest:
        return _("%(n)s targets are on record, none of them with a date") % values
    if len(fullest) == 1:
        return (
            ngettext(
                "%(n)s targets are on record; %(most)s falls due in %(year)s, the only one that"
                " states a date",
                "%(n)s targets are on record; %(most)s fall due in %(year)s, more than in any"
                " other year",
                most,
            )
            % values
        )
    if len(fullest) == 2:
        values["other"] = fullest[1]
        said = (
            _("%(n)s targets are on record; one falls due in %(year)s and one in %(other)s")
            if most == 1
            else _(
                "%(n)s targets are on record; %(most)s fall due in %(year)s and as many in"
                " %(other)s, more than in any other year"
            )
        )
        return said % values
    said = (
        _("%(n)s targets are on record; no year has more than one of them")
        if most == 1
        else _(
            "%(n)s targets are on record; %(most)s fall due in each of %(k)s years, more than in"
            " any other"
        )
    )
    return said % values


def how_they_went(passed, met, missed):
    """Return what is known of the targets whose day has passed."""
    if not passed:
        return _("No date has passed yet.")
    dates = ngettext("%(n)s date has passed", "%(n)s dates have passed", passed) % {"n": passed}
    if not met + missed:
        said = _("%(dates)s, and no outcome is on record, so nothing is called met or missed.")
        return said % {"dates": dates}
    known = [
        text % {"n": number}
        for number, text in (
            (met, _("%(n)s recorded as met")),
            (missed, _("%(n)s recorded as missed")),
        )
        if number
    ]
    values, unknown = {"dates": dates, "known": _(", ").join(known)}, passed - met - missed
    if not unknown:
        return _("%(dates)s: %(known)s.") % values
    if unknown == 1:
        return _("%(dates)s: %(known)s; how the other one went is not known.") % values
    said = _("%(dates)s: %(known)s; how the other %(n)s went is not known.")
    return said % {**values, "n": unknown}


def finding_of_timeline(timeline):
    """Return what stands on a Timeline, a Finding or None."""
    if timeline.total < FEWEST_RECORDS:
        return None
    said = {
        EventKind.DOCUMENT: (
            _("%(bin)s has the most documents, %(most)s of %(n)s"),
            _("no stretch has more than %(most)s of the %(n)s documents"),
        ),
        EventKind.TARGET: (
            _("%(bin)s has the most targets due, %(most)s of %(n)s"),
            _("no stretch has more than %(most)s of the %(n)s targets due"),
        ),
        EventKind.MILESTONE: (
            _("%(bin)s has the most milestones, %(most)s of %(n)s"),
            _("no stretch has more than %(most)s of the %(n)s milestones"),
        ),
    }
    clauses = []
    for kind, (one, several) in said.items():
        numbers = timeline.counts.get(kind, {})
        total, (bins, most) = sum(numbers.values()), most_often(numbers)
        if total >= FEWEST_RECORDS:
            name = bin_in_words(bins[0], timeline.question.scale)
            text = one if len(bins) == 1 else several
            clauses.append(text % {"bin": name, "most": most, "n": total})
    if not clauses:
        return None
    # Two say enough; most questions are about documents and targets.
    lead = _("; ").join(clauses[:2])
    rest = [*moves_of(timeline), *without_a_day(timeline)]
    return Finding(stopped(sentence_start(lead)), "finding-timeline", sentences(*rest))


def bin_in_words(label, scale):
    """Return the label of a Bin as it stands in a sentence."""
    if active_language() != CHINESE:
        return label
    if scale == Scale.MONTH:
        year, month = label.split("-")
        return f"{year}年{int(month)}月"
    return f"{label}年"


def moves_of(timeline):
    """Yield which way the dates of the milestones on a Timeline moved, if any did."""
    entries = [*timeline.milestones, *timeline.vague]
    stations = [entry.record.stations for entry in entries if entry.has_moved]
    ways = Counter(moved(dates[0], dates[-1])[0] for dates in stations)
    if not stations:
        return
    parts = [
        text % {"n": ways[way]}
        for way, text in (
            (1, _("%(n)s later")),
            (-1, _("%(n)s earlier")),
            (0, _("%(n)s there and back")),
        )
        if ways[way]
    ]
    yield ngettext(
        "The date of %(n)s milestone moved: %(parts)s.",
        "The dates of %(n)s milestones moved: %(parts)s.",
        len(stations),
    ) % {"n": len(stations), "parts": _(", ").join(parts)}


def without_a_day(timeline):
    """Yield how much has no place on the axis for want of a date, if anything."""
    kinds = [kind for kind in (EventKind.DOCUMENT, EventKind.TARGET) if kind in timeline.counts]
    number = sum(undated(kind, timeline.question) for kind in kinds)
    if number:
        yield ngettext(
            "%(n)s record without a date is left out.",
            "%(n)s records without a date are left out.",
            number,
        ) % {"n": number}


def finding_of_indicators(indicators):
    """Return what series there are, a Finding or None.

    Parameter: ``indicators``, with their points loaded.
    """
    points = [indicator.public_points for indicator in indicators]
    if len(points) < FEWEST_RECORDS:
        return None
    long = sum(1 for found in points if longest_run(found) >= FEWEST_RECORDS)
    single = sum(1 for found in points if longest_run(found) == 1)
    none = sum(1 for found in points if not found)
    newest = Counter(max(days).year for found in points if (days := days_of_points(found)))
    year = max(newest, default=None)
    lead = (
        ngettext(
            "Of %(n)s series, %(long)s has three points or more and so shows a course",
            "Of %(n)s series, %(long)s have three points or more and so show a course",
            long,
        )
        if long
        else _("Of %(n)s series none has three points yet, so none shows a course")
    ) % {"n": len(points), "long": long}
    rest = []
    if year:
        rest.append(
            ngettext(
                "%(n)s was last observed in %(year)s",
                "%(n)s were last observed in %(year)s",
                newest[year],
            )
            % {"n": newest[year], "year": year}
        )
    if single:
        rest.append(
            ngettext(
                "%(n)s has a single observation, which tells no trend",
                "%(n)s have a single observation each, which tells no trend",
                single,
            )
            % {"n": single}
        )
    if none:
        rest.append(ngettext("%(n)s has none yet", "%(n)s have none yet", none) % {"n": none})
    rest = stopped(_("; ").join(rest)) if rest else ""
    return Finding(stopped(lead), "finding-indicators", rest)


def days_of_points(points):
    return [day for point in points if (day := point_day(point))]


def longest_run(points):
    """Return how many points the place with most of them has."""
    return max(Counter(point.geography for point in points).values(), default=0)


def finding_of_series(indicator):
    """Return the newest value of an indicator beside the first of its series, a Finding or None.

    Parameter: ``indicator``, with its points loaded.
    """
    points = main_series(indicator.public_points)
    # A rank is no amount of which there is more or less.
    if len(points) < FEWEST_RECORDS or indicator.kind == IndicatorKind.RANK:
        return None
    first, newest = points[0], points[-1]
    if first.value == newest.value:
        said = _("%(place)s: %(value)s (%(period)s), as in %(since)s.")
    elif newest.value > first.value:
        said = _("%(place)s: %(value)s (%(period)s), up from %(first)s (%(since)s).")
    else:
        said = _("%(place)s: %(value)s (%(period)s), down from %(first)s (%(since)s).")
    lead = said % {
        "place": geography_name(newest.geography),
        "value": quantity(newest.value, indicator.unit),
        "period": newest.period,
        "first": quantity(first.value, indicator.unit),
        "since": first.period,
    }
    rest = _("%(n)s observations are on record, none of them newer.")
    return Finding(lead, "finding-series", rest % {"n": len(points)})
