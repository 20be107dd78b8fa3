"""Derives the obligations of a set of areas: rules × areas × windows, without a query for each.

Areas that decided nothing of their own share the windows of a rule, so that what is due for a
thousand communities costs little more than reading their records.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Literal, NamedTuple

from linli.core.obligations.happenings import Happening, Happenings
from linli.core.obligations.obligation import mark
from linli.core.obligations.rules import Course, Deed, Standing, Stop, left_over
from linli.core.obligations.spans import Named, Span, in_force, windows_of
from linli.kernel.days import read_date
from linli.kernel.intervals import Interval
from linli.kernel.windows import Window, countable, stated
from linli.packs.schema_obligation import Anchor, ObligationRule

_DAY = timedelta(days=1)
_BEFORE_GRACE = 100  # days: what was late before an asked period can take a deed of it
LENGTHS = {"day": 1, "workday": 10, "week": 7, "month": 31, "quarter": 92, "half": 184, "year": 366}
"""Longest days of a period, by its name."""


class Place(NamedTuple):
    """An area with obligations: its key, the areas above it, and the days on which it exists."""

    key: int
    path: tuple[int, ...]
    since: date | None = None
    until: date | None = None  # the first day without it


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided, by area and rule."""

    named: Mapping[tuple[int, str], Sequence[Named]] = field(default_factory=dict)
    stops: Mapping[tuple[int, str], Sequence[Stop]] = field(default_factory=dict)
    waived: Mapping[tuple[int, str], frozenset[str]] = field(default_factory=dict)


class Line(NamedTuple):
    """The windows of a rule in an area, for one subject ('' where there is none)."""

    area: int
    rule: ObligationRule
    subject: str
    suffix: str  # what the subject adds to the names of its windows
    interval: str
    standings: list[Standing]


def horizon(rule: ObligationRule, first: date) -> date:
    """The first day whose records and windows can bear on what is due from a day on."""
    if rule.after is not None:
        return date(first.year - 1, 1, 1)
    return first - _DAY * (_BEFORE_GRACE + rule.grace) if rule.grace else first


def reach(interval: Interval, ahead: int) -> int:
    """How many days ahead the windows that open within `ahead` days can be due."""
    period = LENGTHS.get(interval.every, 0) * interval.step
    return ahead + period + (interval.within or 0) * 3 + interval.before * 2 + interval.after


@dataclass(slots=True)
class Derivation:
    """One question: the obligations due between two days, as they stand on a day."""

    rules: Sequence[ObligationRule]
    first: date
    last: date
    on: date
    decisions: Decisions
    happenings: Happenings
    ahead: int | None = None  # where asked: windows that open within so many days of `on`
    _courses: dict[tuple[object, ...], tuple[tuple[Span, ...], Course]] = field(
        default_factory=dict
    )

    def lines(self, places: Iterable[Place]) -> Iterator[Line]:
        """The lines of each place, rule by rule."""
        for place in places:
            for rule in self.rules:
                yield from self._lines(place, rule)

    def _lines(self, place: Place, rule: ObligationRule) -> Iterator[Line]:
        spans, course = self._course(place, rule)
        if rule.after is not None:
            yield from self._anchored(place, rule, rule.after, spans)
        elif course.windows:
            yield from self._periodic(place, rule, spans, course)

    def _course(self, place: Place, rule: ObligationRule) -> tuple[tuple[Span, ...], Course]:
        """The rule's windows in an area; areas without a word of their own share them."""
        named = tuple(
            one for key in place.path for one in self.decisions.named.get((key, rule.id), ())
        )
        first = self._first(place, rule)
        cached = (rule.id, named, first, place.until)
        found = self._courses.get(cached)
        if found is None:
            found = self._courses[cached] = self._make(place, rule, named, first)
        return found

    def _first(self, place: Place, rule: ObligationRule) -> date:
        """The first due day that bears on the question; a stopped clock moves older ones into it."""
        stops = self.decisions.stops.get((place.key, rule.id), ())
        since = [horizon(rule, self.first), *(one.since for one in stops)]
        return max(min(since), place.since or date.min)

    def _make(
        self, place: Place, rule: ObligationRule, named: Sequence[Named], first: date
    ) -> tuple[tuple[Span, ...], Course]:
        last = min(self._last(rule, named), (place.until or date.max) - _DAY)
        spans = in_force(rule.reading, named, first, last) if first <= last else ()
        course = Course(
            windows_of(spans),
            self.on,
            grace=rule.grace,
            counts=partial(_counts, spans[-1].interval) if spans else lambda _day: True,
        )
        return spans, course

    def _last(self, rule: ObligationRule, named: Sequence[Named]) -> date:
        """The last due day asked for; where `ahead` is asked, that of what opens by then."""
        if self.ahead is None:
            return self.last
        intervals = [rule.reading, *(one.interval for one in named)]
        return self.on + _DAY * max(reach(one, self.ahead) for one in intervals)

    # -- each week, each month … --------------------------------------------------------------------

    def _periodic(
        self, place: Place, rule: ObligationRule, spans: Sequence[Span], course: Course
    ) -> Iterator[Line]:
        deeds = self.happenings.deeds(place.key, rule.fulfilment)
        subjects = self._subjects(place, rule)
        if not subjects:
            every = [deed for some in deeds.values() for deed in some]
            yield self._line(place, rule, spans, course, "", every)
            return
        lines = [
            self._line(place, rule, spans, course, subject, deeds.get(subject, ()))
            for subject in subjects
        ]
        if deeds.get(""):
            left_over([line.standings for line in lines], deeds[""], course)
        for line, since in zip(lines, subjects.values(), strict=True):
            if since is not None:
                line.standings[:] = [one for one in line.standings if one.due >= since]
            yield line

    def _line(
        self,
        place: Place,
        rule: ObligationRule,
        spans: Sequence[Span],
        course: Course,
        subject: str,
        deeds: Iterable[Deed],
    ) -> Line:
        suffix = f"~{mark(subject)}" if subject else ""
        stops, waived = self._decided(place, rule, suffix)
        found = course.standings(deeds, stops, waived)
        standings = [one for one in found if one.due >= self.first] if stops else self._asked(found)
        words = spans[-1].interval.words if spans else rule.interval
        return Line(place.key, rule, subject, suffix, words, standings)

    def _asked(self, standings: list[Standing]) -> list[Standing]:
        """Those whose window is due from the first asked day on."""
        low = bisect_left(standings, self.first, key=_window_due)
        return standings[low:] if low else standings

    def _subjects(self, place: Place, rule: ObligationRule) -> dict[str, date | None]:
        """Each subject, by name, with the first day it is known of (None: always)."""
        if rule.each is None:
            return {}
        found: dict[str, date | None] = {}
        for one in self.happenings.of(place.key, rule.each.kinds, rule.each.where):
            name = one.text(rule.each.field)
            if not name or (one.first is not None and one.first > self.last):
                continue
            known = found.get(name, date.max)
            found[name] = None if known is None or one.first is None else min(known, one.first)
        return dict(sorted(found.items()))

    def _decided(
        self, place: Place, rule: ObligationRule, suffix: str
    ) -> tuple[Sequence[Stop], frozenset[str]]:
        """The stops and waivers of a line, by the names of its windows."""
        stops = self.decisions.stops.get((place.key, rule.id), ())
        waived = self.decisions.waived.get((place.key, rule.id), frozenset())
        if not suffix or not (stops or waived):
            return stops, waived
        mine = [
            Stop(one.since, one.until, one.name and one.name.removesuffix(suffix))
            for one in stops
            if one.name is None or one.name.endswith(suffix)
        ]
        return mine, frozenset(n.removesuffix(suffix) for n in waived if n.endswith(suffix))

    # -- so long after a record ---------------------------------------------------------------------

    def _anchored(
        self, place: Place, rule: ObligationRule, after: Anchor, spans: Sequence[Span]
    ) -> Iterator[Line]:
        groups: defaultdict[str, list[tuple[Window, Happening, Interval]]] = defaultdict(list)
        for one in self.happenings.of(place.key, after.kinds, after.where):
            subject = one.text(after.subject) if after.subject else ""
            for window, interval in _windows(one, after, spans):
                groups[subject].append((window, one, interval))
        if not groups:
            return
        # A case is answered when its record ends; what runs up to a stated day (a term, a birthday)
        # is met by what begins before that day, or a record of the term would meet its own expiry.
        answered = all(
            interval.every == "deadline" for some in groups.values() for *_, interval in some
        )
        counts: Literal["first", "last"] = "last" if answered else "first"
        deeds = self.happenings.deeds(place.key, rule.fulfilment, counts)
        stops, waived = self._decided(place, rule, "")
        for subject, found in sorted(groups.items()):
            course = Course(
                [window for window, _, _ in found],
                self.on,
                grace=rule.grace,
                lasting=True,
                counts=partial(_counts, found[0][2]),
            )
            standings = course.standings(deeds.get(subject, ()), stops, waived)
            told = {window.name: (one, interval) for window, one, interval in found}
            for standing in standings:
                one, interval = told[standing.window.name]
                yield Line(place.key, rule, one.title, "", interval.words, [standing])


def _windows(
    one: Happening, after: Anchor, spans: Sequence[Span]
) -> Iterator[tuple[Window, Interval]]:
    """The windows that a record starts, named by it."""
    day = _stated_day(one, after)
    if day is None or not spans:
        return
    for span in spans:
        yearly = span.interval.every == "birthday"
        if yearly or span.first <= max(min(day, spans[-1].last), spans[0].first) <= span.last:
            for window in stated(span.interval, day, span.first, span.last):
                name = f"{window.name}~{one.id.hex}" if yearly else one.id.hex
                yield window._replace(name=name), span.interval


def _stated_day(one: Happening, after: Anchor) -> date | None:
    """The day from which the clock runs: a date that the record states, else its first day."""
    if after.field is None:
        return one.first
    read = read_date(one.text(after.field))
    return read.occurred[0].start if read is not None and read.occurred else None


def _counts(interval: Interval, day: date) -> bool:
    return countable(interval, day)


def _window_due(standing: Standing) -> date:
    return standing.window.due
