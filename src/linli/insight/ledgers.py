"""Ledgers (台账): records of some kinds in the columns that a pack declares, as they are printed.

A quantity is printed as it was written (200余); a total row adds what was recorded, parts left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from linli.core.areas.rules import AreaView
from linli.core.records.rules import QuantityView, RecordView, State
from linli.insight.ledger_files import write_csv, write_xlsx
from linli.kernel.periods import Period
from linli.kernel.quantities import Quantity, total
from linli.kernel.wording import phrase
from linli.packs.registry import Registry
from linli.packs.schema import Column, Ledger

STATES: Mapping[str, str] = {
    State.DONE: "已办",
    State.ONGOING: "进行中",
    State.PLANNED: "计划",
    State.SOURCE_WANTED: "来源待补",
    State.WITHDRAWN: "已撤销",
}
SHOWN = (State.DONE, State.ONGOING, State.PLANNED, State.SOURCE_WANTED)
MASK = "＊＊＊"
_LEVELS = ("国家级", "省级", "市级", "区级", "县级", "街道", "社区")


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column as printed; ``width`` in characters."""

    title: str
    width: int
    number: bool = False


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """A ledger of an area and period, all text. ``records`` are the ids behind the rows."""

    ledger: str
    title: str
    area: str
    area_name: str
    period: str
    period_words: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    records: tuple[str, ...]
    totals: tuple[str, ...]
    signature: tuple[str, ...]
    mark: str = ""
    """what is said first where simulated records are among the rows"""

    @property
    def heading(self) -> str:
        """The line over the table."""
        return f"{self.mark}{self.area_name}{self.title}（{self.period_words}）"

    def write(self, path: Path) -> None:
        """Write the print-ready workbook, or CSV where the name ends so."""
        (write_csv if path.suffix.lower() == ".csv" else write_xlsx)(self, path)


def table(
    ledger: Ledger,
    records: Iterable[RecordView],
    place: AreaView,
    period: Period,
    registry: Registry,
    areas: Mapping[str, str],
) -> LedgerTable:
    """Project records into the columns of ``ledger``; ``areas``: names by slug."""
    chosen = [record for record in records if _belongs(record, ledger, period)]
    chosen.sort(key=lambda record: tuple(_order(record, name) for name in ledger.order))
    rows = [
        tuple(_cell(column, record, place, registry, areas) for column in ledger.columns)
        for record in chosen
    ]
    return LedgerTable(
        ledger=ledger.id,
        title=ledger.title,
        area=place.slug,
        area_name=place.name,
        period=period.text,
        period_words=period.words(),
        columns=tuple(
            LedgerColumn(c.title, c.width, c.what in ("number", "measure")) for c in ledger.columns
        ),
        rows=tuple(
            tuple(
                str(n) if c.what == "number" else text
                for c, text in zip(ledger.columns, row, strict=True)
            )
            for n, row in enumerate(rows, start=1)
        ),
        records=tuple(str(record.id) for record in chosen),
        totals=_totals(ledger, chosen),
        signature=tuple(ledger.signature),
    )


def _belongs(record: RecordView, ledger: Ledger, period: Period) -> bool:
    """Work of the period, and the newest states before its end; never what was taken back."""
    if record.kind not in ledger.kinds or record.state not in SHOWN:
        return False
    first = record.occurred.start or record.occurred.end
    last = record.occurred.end or first
    if first is None or last is None:
        return False
    if record.grain == "observation":
        return last <= period.end
    return period.overlaps(first, last)


def _order(record: RecordView, name: str) -> tuple[object, ...]:
    match name:
        case "date":
            day = record.occurred.start or record.occurred.end or date.max
            return (day, record.sheet or "", record.row or 0)
        case "kind":
            return (record.kind,)
        case "level":
            level = record.fields.get("level", "")
            return (_LEVELS.index(level) if level in _LEVELS else len(_LEVELS), level)
        case "number":
            return (record.sheet or "", record.row or 0, record.key)
        case _:
            return (record.title,)


def _cell(
    column: Column,
    record: RecordView,
    place: AreaView,
    registry: Registry,
    areas: Mapping[str, str],
) -> str:
    simple: Mapping[str, Callable[[], str]] = {
        "number": lambda: "",
        "date": lambda: when(record),
        "title": lambda: record.title,
        "kind": lambda: registry.kinds[record.kind].title if record.kind in registry.kinds else "",
        "state": lambda: STATES.get(record.state, record.state),
        "quantities": lambda: "，".join(_labelled(q) for q in record.quantities),
        "source": lambda: source(record),
        "area": lambda: areas.get(record.area, place.name),
        "late": lambda: "迟报" if record.late else "",
        "field": lambda: _field(column.id or "", record, registry),
        "measure": lambda: "，".join(_said(q) for q in _of(record, column.id)),
    }
    return simple[column.what]()


def _field(name: str, record: RecordView, registry: Registry) -> str:
    """A field as kept; a sensitive one is masked, for paper leaves the office."""
    kind = registry.kinds.get(record.kind)
    declared = kind.field(name) if kind is not None else None
    text = record.fields.get(name, "")
    return MASK if text and declared is not None and declared.privacy == "sensitive" else text


def when(record: RecordView) -> str:
    """The day as written, else its days."""
    start, end = record.occurred.start, record.occurred.end
    if start is None or end is None or start == end:
        day = start or end
        return f"{day:%Y-%m-%d}" if day else record.occurred.words
    return record.occurred.words or f"{start:%Y-%m-%d}至{end:%Y-%m-%d}"


def source(record: RecordView) -> str:
    """Where a record came from: the naming body, or file and sheet, or entry by hand."""
    if record.source_body:
        return record.source_body
    parts = [part for part in (record.file, record.sheet) if part]
    return " ".join(parts) + (f" 第{record.row}行" if parts and record.row else "") or "登记"


def _of(record: RecordView, measure: str | None) -> list[QuantityView]:
    return [q for q in record.quantities if q.measure == measure]


def _said(view: QuantityView) -> str:
    return phrase(view.quantity)


def _labelled(view: QuantityView) -> str:
    return f"{view.label}{phrase(view.quantity)}"


def _totals(ledger: Ledger, records: Sequence[RecordView]) -> tuple[str, ...]:
    """A total under each measure that asks for one; empty if none does, or nothing was recorded."""
    if not records or not any(column.total for column in ledger.columns):
        return ()
    cells = [_total(column, records) if column.total else "" for column in ledger.columns]
    cells[0] = cells[0] or "合计"
    return tuple(cells)


def _total(column: Column, records: Sequence[RecordView]) -> str:
    """The sum of one unit; two units are not added, both sums are printed."""
    units: dict[str, list[Quantity]] = {}
    for record in records:
        if record.state not in (State.DONE, State.ONGOING):
            continue
        for q in _of(record, column.id):
            if not _is_part(q, record):
                units.setdefault(q.quantity.unit, []).append(q.quantity)
    return "，".join(phrase(total(amounts)) for amounts in units.values())


def _is_part(view: QuantityView, record: RecordView) -> bool:
    """Whether a quantity is part of another of its measure, which holds it already."""
    return view.part_of is not None and any(
        other is not view
        and other.measure == view.measure
        and view.part_of in (other.cell, other.label)
        for other in record.quantities
    )
