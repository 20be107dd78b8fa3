"""The walk of an example: a worker records it, and ledger, figures and report are asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from linli.core.access.rules import Actor
from linli.core.records.rules import NewQuantity, NewRecord, NewSource, SourceKind, new_record
from linli.kernel.days import Occurred, Precision, read_date
from linli.kernel.lexer import read_quantity
from linli.kernel.periods import Period
from linli.kernel.wording import phrase
from linli.packs.examples import Example, ExampleDue, ExampleRecord, days
from linli.packs.registry import Registry
from linli.packs.schema import Indicator, Measure
from tests.packs.walk_flows import move_all


def slug(example: Example) -> str:
    return f"ex-{example.id}"


def record_all(actor: Actor, example: Example, registry: Registry) -> list[UUID]:
    """Make the example's community, enter its records one by one, and move them; their ids."""
    from linli.core.areas.actions import create_area
    from linli.core.records.actions import record_one

    create_area(
        actor=actor, slug=slug(example), name="向阳社区", level="community", parent="street"
    )
    _name_intervals(actor, example)
    made: list[UUID] = []
    for entered in example.records:
        source = (
            NewSource(SourceKind.BODY, entered.body, body=entered.body) if entered.body else None
        )
        for new in _records(entered, example, registry):
            record_one(actor=actor, area=slug(example), new=new, source=source)
            made.append(new.id)
    move_all(actor, example, slug(example), made)
    return made


def _name_intervals(actor: Actor, example: Example) -> None:
    """Name the intervals of the example; until then its rules wait and nothing is due."""
    from linli.core.obligations.actions import name_interval
    from linli.core.obligations.queries import waiting

    for one in example.intervals:
        assert one.rule in {view.rule for view in waiting(actor, slug(example), one.since)}
        name_interval(
            actor=actor,
            area=slug(example),
            rule=one.rule,
            interval=one.interval,
            since=one.since,
        )


def due(actor: Actor, example: Example, wanted: ExampleDue) -> tuple[Counter[str], list[date]]:
    """How many obligations of a rule stand how, and when those that were missed were due."""
    from linli.core.obligations.queries import obligations

    period = Period.parse(example.period)
    found = list(
        obligations(actor, slug(example), period, wanted.on or period.end, rules=[wanted.rule])
    )
    missed = sorted(one.due for one in found if one.state == "missed")
    return Counter(str(one.state) for one in found), missed


def _records(entered: ExampleRecord, example: Example, registry: Registry) -> Iterator[NewRecord]:
    period = Period.parse(example.period)
    kind = registry.kind(entered.kind)
    known = {m.id: m for m in kind.measures} | {m.id.rsplit(".", 1)[-1]: m for m in kind.measures}
    measures = {known[name].id: (known[name], text) for name, text in entered.amounts.items()}
    made = new_record(
        entered.kind,
        entered.title,
        _occurred(entered, example, period),
        grain=entered.grain or kind.grain,
        state=entered.state,
        fields=entered.fields,
        quantities=[
            _quantity(measure, text, measures.keys()) for measure, text in measures.values()
        ],
    )
    if entered.repeat is None:
        yield made
        return
    for day in days(entered.repeat, period):
        again = new_record(made.kind, made.title, Occurred(day, day, Precision.DAY))
        yield replace(made, id=again.id, occurred=again.occurred)


def _occurred(entered: ExampleRecord, example: Example, period: Period) -> Occurred:
    if not entered.date:
        end = example.as_of or period.end
        return Occurred(end, end, Precision.DAY)
    as_of: date = example.as_of or period.end
    read = read_date(entered.date, year=period.end.year, as_of=as_of)
    assert read is not None, entered.date
    assert read.fault is None, read.fault
    return read.occurred[0]


def _quantity(measure: Measure, text: str, stated: object) -> NewQuantity:
    quantity = read_quantity(text, unit=measure.unit)
    assert quantity is not None, text
    assert quantity.unit == measure.unit, f"{measure.id}: {text}"
    part = measure.whole if measure.whole in stated else None  # type: ignore[operator]
    return NewQuantity(measure.id, measure.title, quantity, part_of=part)


def figures(actor: Actor, example: Example) -> dict[str, tuple[str, int, int]]:
    """Each figure as a report writes it, its records, and how many its trace leads to."""
    told = _told(actor, example)
    found = {}
    for name in {figure.id for figure in example.figures}:
        datum = told.data[name]
        words = phrase(datum.quantity) if datum.quantity is not None else ""
        traced = len(list(told.trace(name)))
        if traced != datum.records:
            traced = _traced(actor, example, name)
        found[name] = (words, datum.records, traced)
    return found


def _traced(actor: Actor, example: Example, indicator: str) -> int:
    """The records behind a figure of nought or of earlier years, which no report looks up."""
    from linli.insight import queries

    return len(queries.trace(actor, indicator, slug(example), example.period))


def ledger_rows(actor: Actor, example: Example, ledger: str) -> list[tuple[str, ...]]:
    """The rows of a ledger as they are printed."""
    from linli.insight import queries

    return list(queries.ledger(actor, ledger, slug(example), example.period).rows)


def findings(actor: Actor, example: Example) -> set[str]:
    """The reconciliation rules that find something in the example's community."""
    from linli.insight import queries

    return {found.rule for found in queries.reconcile(actor, slug(example), example.period)}


_TOLD: dict[str, Any] = {}


def forget() -> None:
    """Forget what was asked: another installation follows."""
    _TOLD.clear()


def _told(actor: Actor, example: Example) -> Any:
    """What the report of the example's type is written from; asked once for all its tests."""
    from linli.core.areas.queries import resolve
    from linli.kernel.clock import now
    from linli.packs.load import registry
    from linli.reports.compose.compose import wanted
    from linli.reports.gather import material

    if example.id not in _TOLD:
        known = registry()
        _TOLD[example.id] = material(
            actor,
            resolve(slug(example)),
            Period.parse(example.period),
            None,
            known,
            known_at=now(),
            signed=example.as_of or Period.parse(example.period).end,
            ids=_ids(example, known, wanted(known.report(example.report), known)),
        )
    return _TOLD[example.id]


def _ids(example: Example, known: Registry, wanted: list[str]) -> list[str]:
    """The figures that can have a value at all: of the kinds that the example records.

    The report would ask for all of ``wanted``; what reads other kinds has no record to count.
    """
    kinds = {record.kind for record in example.records}
    named = {figure.id for figure in example.figures}
    return [
        name
        for name in {**dict.fromkeys(wanted), **dict.fromkeys(named)}
        if name in named or kinds & _kinds_of(known.indicator(name))
    ]


def _kinds_of(indicator: Indicator) -> set[str]:
    kinds: set[str] = set()
    for term in (indicator.numerator, indicator.denominator, indicator.declared):
        while term is not None:
            kinds |= set(term.kinds)
            term = term.times
    return kinds


def report_text(actor: Actor, example: Example, registry: Registry) -> str:
    """The whole text of the report of the example's type, as it would be printed."""
    from linli.reports.compose.compose import compose

    plan = registry.report(example.report)
    told = _told(actor, example)
    titles = {measure.id: measure.title for measure in registry.measures.values()}
    draft = compose(plan, told, registry.phrases, titles)
    return "\n".join([draft.title_text, *(_line(block) for block in draft.blocks)])


def _line(block: Any) -> str:
    """A block as a reader sees it; tables and charts repeat what the text says."""
    from linli.reports.draft import Heading, Paragraph, Signature

    match block:
        case Heading():
            return f"{block.number}{block.text}"
        case Paragraph():
            return block.text
        case Signature():
            return "".join(run.text for run in (*block.body, *block.date))
    return ""
