"""Reconciliation (勾稽): figures held against figures, and records against records.

Inexact numbers contradict only where no truth could satisfy both: 9000余元 agrees with 9500元.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.records.doubles import doubles
from linli.core.records.queries import records as core_records
from linli.core.records.rules import RecordView, State
from linli.insight.comparison import surely_differ, surely_greater
from linli.insight.evaluate import Value
from linli.insight.figures import Finding
from linli.insight.reading import Reading
from linli.insight.windows import windows
from linli.kernel.periods import Period
from linli.kernel.quantities import Quantity, total
from linli.kernel.wording import phrase
from linli.packs.schema import Indicator, Reconciliation, Term

MOST = 50
"""Findings of one rule about records; more of the same kind help nobody."""


@dataclass(slots=True)
class Desk:
    """What all rules work on: one reading, one area, one period, values kept once computed."""

    actor: Actor
    place: AreaView
    period: Period
    view: Reading
    _values: dict[tuple[str, Period], Value]

    def keep(self, chosen: Iterable[Indicator], period: Period) -> None:
        """Evaluate definitions, also some that are in no pack, in one program."""
        missing = {i.id: i for i in chosen if (i.id, period) not in self._values}
        if missing:
            wanted = list(missing.values())
            found = self.view.evaluate(wanted, (self.place.key,), period, prove=False)
            self._values |= {(v.indicator.id, period): v for v in found}

    def declared(self, name: str) -> Indicator:
        """The definition that is valid at the period's end."""
        return self.view.registry.indicator(name, on=self.period.end)

    def value(self, name: str, period: Period) -> Value:
        """The value of an indicator of a pack in a period."""
        return self.value_of(self.view.registry.indicator(name, on=period.end), period)

    def value_of(self, indicator: Indicator, period: Period) -> Value:
        """The value of a definition in a period."""
        self.keep([indicator], period)
        return self._values[indicator.id, period]

    def records(self, kinds: Iterable[str], period: Period) -> list[RecordView]:
        """Records of some kinds that touch a period, done or under way."""
        return [
            record
            for kind in kinds
            if kind in self.view.engine.kinds
            for record in core_records(self.actor, self.place, kind=kind, period=period)
            if record.state in (State.DONE, State.ONGOING)
        ]


def reconcile(actor: Actor, place: AreaView, period: Period, view: Reading) -> list[Finding]:
    """All findings of all rules, in the order of the packs."""
    desk = Desk(actor, place, period, view, {})
    rules = list(view.registry.reconciliations.values())
    for span, chosen in _needed(rules, desk).items():
        desk.keep(chosen, span)
    return [finding for rule in rules for finding in _RULES[rule.rule](rule, desk)]


def _needed(rules: Iterable[Reconciliation], desk: Desk) -> dict[Period, list[Indicator]]:
    """All that the rules will ask for, by period: a program for each costs far less than for each
    rule."""
    found: defaultdict[Period, list[Indicator]] = defaultdict(list)
    for rule in rules:
        names = [name for name in (rule.whole, rule.stated, *rule.parts) if name is not None]
        found[desk.period] += map(desk.declared, names)
        match rule.rule:
            case "list_length":
                found[desk.period].append(_listed(rule, desk.declared(rule.stated or "")))
            case "grains":
                for one in map(desk.declared, rule.parts):
                    found[desk.period] += [_only(one, "event"), _only(one, "summary")]
            case "window":
                for narrow, wide in windows(desk.period):
                    for span in (narrow, wide):
                        known = desk.view.registry
                        found[span] += [known.indicator(name, on=span.end) for name in names]
            case _:
                pass
    return found


def _part_of_whole(rule: Reconciliation, desk: Desk) -> list[Finding]:
    whole = desk.value(rule.whole or "", desk.period)
    parts = [desk.value(name, desk.period) for name in rule.parts]
    parts = [part for part in parts if part.quantity is not None]
    if whole.quantity is None or not parts:
        return []
    found = [
        _finding(rule, desk, [part, whole], part=_said(part), whole=_said(whole))
        for part in parts
        if part.quantity is not None and surely_greater(part.quantity, whole.quantity)
    ]
    if rule.disjoint and not found and len(parts) > 1:
        together = total([p.quantity for p in parts if p.quantity is not None])
        if surely_greater(together, whole.quantity):
            said = "、".join(_said(part) for part in parts)
            found.append(_finding(rule, desk, [*parts, whole], part=said, whole=_said(whole)))
    return found


def _total(rule: Reconciliation, desk: Desk) -> list[Finding]:
    whole = desk.value(rule.whole or "", desk.period)
    parts = [desk.value(name, desk.period) for name in rule.parts]
    held = [part.quantity for part in parts if part.quantity is not None]
    if whole.quantity is None or not held:
        return []
    together = total(held)
    if not surely_differ(together, whole.quantity):
        return []
    return [_finding(rule, desk, [whole, *parts], parts=phrase(together), whole=_amount(whole))]


def _list_length(rule: Reconciliation, desk: Desk) -> list[Finding]:
    stated = desk.value(rule.stated or "", desk.period)
    listed = desk.value_of(_listed(rule, stated.indicator), desk.period)
    if stated.quantity is None or listed.quantity is None or not listed.quantity.value:
        return []
    if not surely_differ(listed.quantity, stated.quantity):
        return []
    return [_finding(rule, desk, [stated], stated=_said(stated), listed=phrase(listed.quantity))]


def _listed(rule: Reconciliation, stated: Indicator) -> Indicator:
    """The length of the list as an indicator: of the state where the count is one of a state."""
    stock = stated.numerator.span == "at_end"
    term = Term(agg="count", kinds=rule.kinds, span="at_end" if stock else "period")
    return Indicator(
        id=f"{rule.id}.listed",
        title=rule.title,
        definition=rule.title,
        unit=stated.unit,
        grains=("observation", "event"),
        numerator=term,
    )


def _inside_period(rule: Reconciliation, desk: Desk) -> list[Finding]:
    found = []
    for record in desk.records(rule.kinds, desk.period):
        start, end = record.occurred.start, record.occurred.end
        first, last = start or end, end or start
        if first is None or last is None or desk.period.contains(first, last):
            continue
        when = record.occurred.words or f"{first}至{last}"
        found.append(_told(rule, desk, [record], title=record.title, date=when))
    return found[:MOST]


def _window(rule: Reconciliation, desk: Desk) -> list[Finding]:
    found = []
    for narrow, wide in windows(desk.period):
        whole = desk.value(rule.whole or "", wide)
        for name in rule.parts:
            part = desk.value(name, narrow)
            if part.quantity is None or whole.quantity is None:
                continue
            if surely_greater(part.quantity, whole.quantity):
                said = f"（{narrow.words()}）{_said(part)}", f"（{wide.words()}）{_said(whole)}"
                found.append(_finding(rule, desk, [part, whole], part=said[0], whole=said[1]))
    return found


def _grains(rule: Reconciliation, desk: Desk) -> list[Finding]:
    """One indicator from single records against the same from totals."""
    chosen = [desk.declared(name) for name in rule.parts]
    events = [desk.value_of(_only(i, "event"), desk.period) for i in chosen]
    totals = [desk.value_of(_only(i, "summary"), desk.period) for i in chosen]
    return [
        _finding(
            rule,
            desk,
            [event],
            part=event.indicator.title,
            summary=phrase(summed.quantity),
            event=phrase(event.quantity),
        )
        for event, summed in zip(events, totals, strict=True)
        if event.quantity is not None and summed.quantity is not None
        if surely_differ(event.quantity, summed.quantity)
    ]


def _only(indicator: Indicator, grain: str) -> Indicator:
    changed = {"grains": (grain,), "missing": "null", "version": indicator.version}
    return indicator.model_copy(update={**changed, "id": f"{indicator.id}.{grain}"})


def _duplicates(rule: Reconciliation, desk: Desk) -> list[Finding]:
    kinds = [kind for kind in rule.kinds if kind in desk.view.engine.kinds]
    found = doubles(desk.actor, desk.place, kinds, rule.fields, until=desk.period.end)
    return [
        Finding(
            rule.id,
            rule.severity,
            _sentence(rule, desk, {"title": title, "count": len(same)}),
            records=tuple(map(str, same)),
        )
        for title, same in islice(found, MOST)
    ]


def _ratio(rule: Reconciliation, desk: Desk) -> list[Finding]:
    """A rate that stands alone: nobody can check it."""
    found = []
    for name in rule.parts:
        value = desk.value(name, desk.period)
        alone = value.quantity is not None and value.numerator is None
        if alone and value.indicator.denominator is not None:
            found.append(_finding(rule, desk, [value], part=_said(value)))
    return found


_RULES: Mapping[str, Callable[[Reconciliation, Desk], list[Finding]]] = {
    "part_of_whole": _part_of_whole,
    "total": _total,
    "list_length": _list_length,
    "inside_period": _inside_period,
    "window": _window,
    "grains": _grains,
    "duplicates": _duplicates,
    "ratio": _ratio,
}


def _said(value: Value) -> str:
    return f"{value.indicator.title}{_amount(value)}"


def _amount(value: Value) -> str:
    quantity: Quantity = value.quantity or Quantity(Decimal(0), value.indicator.unit)
    return phrase(quantity)


def _finding(rule: Reconciliation, desk: Desk, values: Sequence[Value], **words: object) -> Finding:
    names = tuple(dict.fromkeys(_plain_id(v.indicator.id, desk) for v in values))
    return Finding(rule.id, rule.severity, _sentence(rule, desk, words), figures=names)


def _plain_id(name: str, desk: Desk) -> str:
    return name if name in desk.view.registry.indicators else name.rpartition(".")[0]


def _told(
    rule: Reconciliation, desk: Desk, records: Sequence[RecordView], **words: object
) -> Finding:
    ids = tuple(str(record.id) for record in records)
    return Finding(rule.id, rule.severity, _sentence(rule, desk, words), records=ids)


class _Words(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return ""


def _sentence(rule: Reconciliation, desk: Desk, words: Mapping[str, object]) -> str:
    """The rule's own sentence, or its title where a pack gives none."""
    shown = {k: v.isoformat() if isinstance(v, date) else v for k, v in words.items()}
    text = (rule.sentence or rule.title).format_map(
        _Words({"title": rule.title, "period": desk.period.words(), **shown})
    )
    return f"{text}。"
