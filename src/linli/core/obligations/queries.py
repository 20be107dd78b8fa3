"""Reads of obligations. What is due is derived anew each time, for all areas asked at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from uuid import UUID

from linli.core.access.queries import readable
from linli.core.access.rules import Actor
from linli.core.areas.models import Area
from linli.core.areas.queries import resolve, under
from linli.core.areas.rules import AreaRef, AreaView
from linli.core.obligations.derive import Decisions, Derivation, Line, Place, horizon
from linli.core.obligations.happenings import read_happenings
from linli.core.obligations.models import NamedInterval, Pause, Reminder, Waiver
from linli.core.obligations.obligation import Obligation, parts
from linli.core.obligations.rules import Standing, State, Stop
from linli.core.obligations.spans import Named, in_force
from linli.kernel.clock import today
from linli.kernel.errors import Refusal
from linli.kernel.intervals import Interval, read_interval
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.packs.schema_obligation import ObligationRule

_DAY = timedelta(days=1)
AHEAD, BACK = 7, 31
"""How many days ahead, and how many back, a list of what is due looks."""
_AROUND = 400  # days before and after today in which a code is looked up


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as it holds in an area on a day. `waiting`: its words name no interval.

    `since` is the day its interval was named for; None: as the pack declares it.
    """

    rule: str
    title: str
    kind: str
    owner: str
    domain: str
    declared: str
    interval: str
    since: date | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class NamedView:
    """An interval that was named: where, from when on, when and by whom."""

    rule: str
    area: str
    interval: str
    since: date
    at: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A pause or a waiver. `code` names one obligation, or with a pause the whole rule."""

    id: UUID
    what: str
    rule: str
    code: str
    since: date | None
    until: date | None
    reason: str
    ended: bool


def due(
    actor: Actor, area: AreaRef, on: date | None = None, *, ahead: int = AHEAD, back: int = BACK
) -> list[Obligation]:
    """What concerns an area and all under it on a day, by due day.

    That is: what is due, paused or was done in a window that is open; what was missed within `back`
    days (a case that is still to be answered however old); what opens within `ahead` days.
    """
    day = on or today()
    asked = _Asked(actor, area, registry().obligations.values(), day)
    found = [
        asked.obligation(line, one)
        for line in asked.lines(day - _DAY * back, day + _DAY * ahead, ahead)
        for one in line.standings
        if _concerns(one, day, ahead, back, lasting=line.rule.after is not None)
    ]
    found.sort(key=lambda one: (one.due, one.area, one.rule, one.name))
    return asked.with_reminders(found)


def obligations(
    actor: Actor,
    area: AreaRef,
    period: Period,
    on: date | None = None,
    *,
    rules: Iterable[str] | None = None,
) -> Iterator[Obligation]:
    """Every obligation of an area and all under it whose window is due in a period.

    `on`: as they stand on that day. `rules`: ids or titles; None: all. Raises Refusal
    packs.unknown.
    """
    known = registry()
    chosen = known.obligations.values() if rules is None else map(known.obligation, rules)
    asked = _Asked(actor, area, chosen, on or today())
    for line in asked.lines(period.start, period.end):
        for one in line.standings:
            if period.start <= one.window.due <= period.end:
                yield asked.obligation(line, one)


def tally(
    actor: Actor, area: AreaRef, period: Period, on: date | None = None
) -> dict[str, Counter[State]]:
    """How many obligations of each area, due in a period, stand how: slug → state → number."""
    asked = _Asked(actor, area, registry().obligations.values(), on or today())
    found: dict[str, Counter[State]] = {
        place.slug: Counter() for place in asked.communities.values()
    }
    for line in asked.lines(period.start, period.end):
        first = bisect_left(line.standings, period.start, key=_window_due)
        last = bisect_right(line.standings, period.end, key=_window_due)
        states = map(_STATE, line.standings[first:last])
        found[asked.communities[line.area].slug].update(states)
    return found


def one(actor: Actor, area: AreaRef, code: str, on: date | None = None) -> Obligation:
    """The obligation of a code. Raises Refusal obligations.code, obligations.none."""
    named = parts(code)
    if named is None:
        raise Refusal("obligations.code", code=code)
    day = on or today()
    place = readable(actor, area)
    asked = _Asked(actor, place, [registry().obligation(named[0])], day)
    for line in asked.lines(day - _DAY * _AROUND, day + _DAY * _AROUND):
        for standing in line.standings:
            if standing.window.name + line.suffix == named[1] and line.area == place.key:
                return asked.with_reminders([asked.obligation(line, standing)])[0]
    raise Refusal("obligations.none", area=place.name, code=code)


def calendar(actor: Actor, area: AreaRef, on: date | None = None) -> list[RuleView]:
    """The rules of an area with the interval that holds on a day; those that wait come first."""
    place = readable(actor, area)
    day = on or today()
    depths = {key: depth for depth, key in enumerate(place.path)}
    named = _named(depths)
    found = []
    for rule in registry().obligations.values():
        mine = [one for key in place.path for one in named.get((key, rule.id), ())]
        (span,) = in_force(rule.reading, mine, day, day)
        waiting = span.interval.every == "unstated"
        found.append(
            RuleView(
                rule.id, rule.title, rule.kind, rule.owner, rule.domain,
                rule.interval, span.interval.words, span.begins, waiting,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: not one.waiting)


def waiting(actor: Actor, area: AreaRef, on: date | None = None) -> list[RuleView]:
    """The rules whose words (定期, 及时) name no interval: nothing is due until one is named."""
    return [view for view in calendar(actor, area, on) if view.waiting]


def intervals(actor: Actor, area: AreaRef, rule: str | None = None) -> list[NamedView]:
    """The intervals that were named in an area and above it, oldest first."""
    place = readable(actor, area)
    rows = NamedInterval.objects.filter(area__in=place.path).select_related("area")
    if rule is not None:
        rows = rows.filter(rule=registry().obligation(rule).id)
    return [
        NamedView(
            row.rule, row.area.slug, row.interval, row.since, row.at.isoformat(), row.by, row.reason
        )
        for row in rows.order_by("id")
    ]


def decisions(actor: Actor, area: AreaRef) -> list[DecisionView]:
    """The pauses and waivers of an area, newest first."""
    place = readable(actor, area)
    pauses = Pause.objects.filter(area=place.key).order_by("-at")
    waivers = Waiver.objects.filter(area=place.key).order_by("-at")
    found = [
        DecisionView(
            row.id, "暂停", row.rule, f"{row.rule}@{row.mark}" if row.mark else row.rule,
            row.since, row.until, row.reason, row.until is not None,
        )
        for row in pauses
    ]  # fmt: skip
    return found + [
        DecisionView(
            row.id, "免办", row.rule, f"{row.rule}@{row.mark}",
            None, None, row.reason, row.lifted_at is not None,
        )
        for row in waivers
    ]  # fmt: skip


# -- one question -----------------------------------------------------------------------------------


class _Asked:
    """The areas and rules of one question, behind the gate; its tables are read once."""

    def __init__(
        self, actor: Actor, area: AreaRef, rules: Iterable[ObligationRule], on: date
    ) -> None:
        top = readable(actor, area)
        self._actor, self._on = actor, on
        self._tree = under(actor, top, on=on)
        chosen = list(rules)
        levels = {rule.level for rule in chosen}
        self.communities = {one.key: one for one in self._tree if one.level in levels}
        self._levels = {level: self._at(level) for level in levels}
        self._rules = chosen

    def _at(self, level: str) -> list[AreaView]:
        return [place for place in self._tree if place.level == level]

    def lines(self, first: date, last: date, ahead: int | None = None) -> Iterator[Line]:
        """The lines of all areas and rules with windows due between two days."""
        decided = _decisions(self._tree)
        dates = _dates(self.communities)
        for level, places in self._levels.items():
            rules = [one for one in self._rules if one.level == level and _is_due(one, decided)]
            if not rules:
                continue
            homes = _homes(self._tree, places)
            stopped = [one.since for some in decided.stops.values() for one in some]
            earliest = min([horizon(rule, first) for rule in rules] + stopped)
            happened = read_happenings(rules, homes, earliest, max(last, self._on))
            question = Derivation(rules, first, last, self._on, decided, happened, ahead)
            yield from question.lines(
                Place(place.key, place.path, *dates.get(place.key, (None, None)))
                for place in places
            )

    def obligation(self, line: Line, standing: Standing) -> Obligation:
        """A window of a line as others see it."""
        place = self.communities[line.area]
        return Obligation(
            rule=line.rule.id,
            title=line.rule.title,
            kind=line.rule.kind,
            owner=line.rule.owner,
            area=place.slug,
            area_name=place.name,
            subject=line.subject,
            interval=line.interval,
            name=standing.window.name + line.suffix,
            opens=standing.window.opens,
            due=standing.due,
            state=standing.state,
            day=standing.day,
            record=standing.deed.record if standing.deed is not None else None,
        )

    def with_reminders(self, found: Sequence[Obligation]) -> list[Obligation]:
        """The same, with the steps that were sent; one query."""
        if not found:
            return []
        sent: defaultdict[tuple[str, str, str], list[tuple[str, date]]] = defaultdict(list)
        rows = Reminder.objects.filter(
            area__in=list(self.communities), due__gte=min(one.due for one in found) - _DAY * 366
        )
        for area, rule, name, step, day in rows.order_by("id").values_list(
            "area__slug", "rule", "mark", "step", "day"
        ):
            sent[area, rule, name].append((step, day))
        return [_with(one, tuple(sent.get((one.area, one.rule, one.name), ()))) for one in found]


_STATE = itemgetter(Standing._fields.index("state"))


def _window_due(one: Standing) -> date:
    return one.window.due


def _is_due(rule: ObligationRule, decided: Decisions) -> bool:
    """Whether a rule can have anything due: it, or somebody in the tree, names an interval."""
    stated = rule.reading.every not in ("unstated", "never")
    return stated or any(name == rule.id for _, name in decided.named)


def _with(one: Obligation, sent: tuple[tuple[str, date], ...]) -> Obligation:
    if not sent:
        return one
    values = {name: getattr(one, name) for name in Obligation.__slots__}
    return Obligation(**(values | {"sent": sent}))


def _concerns(one: Standing, on: date, ahead: int, back: int, *, lasting: bool) -> bool:
    match one.state:
        case State.UPCOMING:
            return one.window.opens <= on + _DAY * ahead
        case State.MISSED:
            return lasting or one.due >= on - _DAY * back
        case State.DUE:
            return True
    return one.window.opens <= on <= one.due


def _homes(tree: Sequence[AreaView], places: Sequence[AreaView]) -> dict[int, int]:
    """Of each area the one at the rules' level that its records count for: itself or above."""
    keys = {place.key for place in places}
    homes = {}
    for place in tree:
        home = next((key for key in reversed(place.path) if key in keys), None)
        if home is not None:
            homes[place.key] = home
    return homes


def _dates(places: Iterable[int]) -> dict[int, tuple[date | None, date | None]]:
    rows = Area.objects.filter(key__in=list(places)).exclude(since=None, until=None)
    return {key: (since, until) for key, since, until in rows.values_list("key", "since", "until")}


def _decisions(tree: Sequence[AreaView]) -> Decisions:
    depths = {key: depth for place in tree for depth, key in enumerate(place.path)}
    stops: defaultdict[tuple[int, str], list[Stop]] = defaultdict(list)
    for area, rule, name, since, until in Pause.objects.filter(area__in=list(depths)).values_list(
        "area_id", "rule", "mark", "since", "until"
    ):
        stops[area, rule].append(Stop(since, until, name or None))
    waived: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    lifted = Waiver.objects.filter(area__in=list(depths), lifted_at=None)
    for area, rule, name in lifted.values_list("area_id", "rule", "mark"):
        waived[area, rule].add(name)
    return Decisions(
        _named(depths), stops, {pair: frozenset(names) for pair, names in waived.items()}
    )


def _named(depths: dict[int, int]) -> dict[tuple[int, str], list[Named]]:
    """The intervals named in some areas; the deeper one lies in the tree, the nearer it is."""
    found: defaultdict[tuple[int, str], list[Named]] = defaultdict(list)
    rows = NamedInterval.objects.filter(area__in=list(depths)).order_by("id")
    for row, area, rule, words, since in rows.values_list(
        "id", "area_id", "rule", "interval", "since"
    ):
        interval = read_interval(words)
        if interval is not None:
            found[area, rule].append(Named(depths[area], since, row, interval))
    return dict(found)


def interval_on(rule: ObligationRule, area: AreaRef, on: date) -> Interval:
    """The interval that holds in an area on a day; for this app's own actions."""
    place = resolve(area)
    named = _named({key: depth for depth, key in enumerate(place.path)})
    mine = [one for key in place.path for one in named.get((key, rule.id), ())]
    return in_force(rule.reading, mine, on, on)[0].interval
