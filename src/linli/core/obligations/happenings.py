"""The records that obligations read: what fulfils, what starts a clock, whom there is one for.

One query for a whole set of areas, and one more where rules count what a record states.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import Case, F, Q, When

from linli.core.obligations.rules import Deed
from linli.core.records.models import Quantity, Record
from linli.core.records.queries import visible
from linli.core.records.rules import Grain, State
from linli.packs.condition import Read, holds
from linli.packs.schema_obligation import Fulfilment, ObligationRule
from linli.packs.schema_predicate import Predicate

_COLUMNS = ("key", "id", "area_id", "kind", "grain", "state", "start", "end", "title", "read")
_NOT_DONE = frozenset({State.PLANNED, State.SOURCE_WANTED})
_MICRO = 1_000_000


class Happening(NamedTuple):
    """The version of a record that stands, as far as obligations read it."""

    key: int
    id: UUID
    kind: str
    grain: str
    state: str
    first: date | None
    last: date | None
    title: str
    fields: Mapping[str, str]

    def reader(self) -> Read:
        """Reads its fields by name, with @title, @grain, @state and @kind."""
        own = {
            "@title": self.title, "@grain": self.grain, "@state": self.state, "@kind": self.kind,
        }  # fmt: skip
        return lambda name: own[name] if name in own else self.fields.get(name)

    def text(self, name: str) -> str:
        """A field as text without spaces around it; empty where it is not stated."""
        return (self.reader()(name) or "").strip()


@dataclass(slots=True)
class Happenings:
    """What happened in a set of areas: by area and kind, with what records state."""

    by_area: Mapping[int, Mapping[str, Sequence[Happening]]]
    stated: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def of(
        self, area: int, kinds: Iterable[str], where: Predicate | None = None
    ) -> list[Happening]:
        """Those of some kinds that meet a condition and are not merely planned."""
        mine = self.by_area.get(area)
        if mine is None:
            return []
        asks_state = where is not None and "@state" in where.fields()
        return [
            one
            for kind in kinds
            for one in mine.get(kind, ())
            if (asks_state or one.state not in _NOT_DONE)
            and (where is None or holds(where, one.reader()))
        ]

    def deeds(
        self, area: int, by: Fulfilment, counts: Literal["days", "first", "last"] = "days"
    ) -> dict[str, list[Deed]]:
        """The deeds of an area by their subject ('' where they name none).

        `counts`: which of a record's days do (a case is answered on the last). A summary fulfils what is
        left of what it states once the events inside its days are taken off: a total never adds to
        the events it totals.
        """
        found: defaultdict[str, list[Deed]] = defaultdict(list)
        totals: list[tuple[str, Deed]] = []
        for one in self.of(area, by.kinds, by.where):
            if one.first is None or one.last is None:
                continue
            subject = one.text(by.subject) if by.subject else ""
            times = self.stated.get((one.key, by.measure), 1) if by.measure else 1
            first = one.last if counts == "last" else one.first
            last = one.first if counts == "first" else one.last
            deed = Deed(last, first, one.id, times)
            if one.grain == Grain.SUMMARY:
                totals.append((subject, deed))
            else:
                found[subject].append(deed)
        for subject, total in totals:
            inside = sum(
                event.times
                for name, events in found.items()
                if subject in ("", name)
                for event in events
                if total.first <= event.first and event.last <= total.last
            )
            if total.times > inside:
                found[subject].append(total._replace(times=total.times - inside))
        return found


def read_happenings(
    rules: Iterable[ObligationRule], homes: Mapping[int, int], first: date, last: date
) -> Happenings:
    """What the rules read in the areas between two days; two queries whatever their number.

    `homes`: key of each area to the key of the area whose obligations its records fulfil. Records
    that say who or what there is (each school), or state a day themselves, are read of all time.
    """
    rules = list(rules)
    dated = {kind for rule in rules for kind in rule.kinds}
    always = {kind for rule in rules for kind in _of_all_time(rule)}
    inside = Q(start__lte=last, end__gte=first) | Q(start__range=(first, last), end=None)
    inside |= Q(start=None, end__range=(first, last))
    wanted = (
        Record.objects.filter(visible(), area__in=homes, kind__in=dated | always)
        .filter(inside | Q(kind__in=always))
        .exclude(state=State.WITHDRAWN)
    )
    by_area: defaultdict[int, defaultdict[str, list[Happening]]] = defaultdict(
        lambda: defaultdict(list)
    )
    read = wanted.annotate(read=Case(When(kind__in=_with_fields(rules), then=F("fields"))))
    for key, record, area, *rest in read.values_list(*_COLUMNS).iterator(chunk_size=20_000):
        kind, grain, state, start, end, title, fields = rest
        first, last = start or end, end or start
        by_area[homes[area]][kind].append(
            Happening(key, record, kind, grain, state, first, last, title, fields or {})
        )
    return Happenings(by_area, _stated(rules, wanted))


def _with_fields(rules: Iterable[ObligationRule]) -> set[str]:
    """The kinds of which a rule reads a field; of the others the fields are not even fetched."""
    found: set[str] = set()
    for rule in rules:
        for part in (rule.fulfilment, rule.after, rule.each):
            if part is None:
                continue
            named = {getattr(part, name, None) for name in ("subject", "field")} - {None}
            where = part.where.fields() if part.where is not None else frozenset()
            if any(not str(name).startswith("@") for name in named | where):
                found.update(part.kinds)
    return found


def _of_all_time(rule: ObligationRule) -> tuple[str, ...]:
    if rule.each is not None:
        return rule.each.kinds
    return rule.after.kinds if rule.after is not None and rule.after.field else ()


def _stated(rules: Iterable[ObligationRule], wanted: Any) -> dict[tuple[int, str], int]:
    """How many the records state, by row key and measure; parts of a whole are not added to it."""
    measures = {rule.fulfilment.measure for rule in rules if rule.fulfilment.measure}
    if not measures:
        return {}
    rows = Quantity.objects.filter(
        measure__in=measures, part_of=None, record__in=wanted.values("key")
    )
    found: defaultdict[tuple[int, str], int] = defaultdict(int)
    for key, measure, micro in rows.values_list("record_id", "measure", "micro"):
        found[key, measure] += micro // _MICRO
    return {pair: max(count, 0) for pair, count in found.items()}
