"""What a record is, apart from its tables: shapes in and out, lateness, seals. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from linli.core.periods.rules import Closed
from linli.kernel.clock import beijing
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal, sentences
from linli.kernel.ids import uuid7
from linli.kernel.quantities import Qualifier, Quantity

sentences(
    {
        "records.unknown": ("没有编号为 {id} 的工作记录。", "请核对编号和辖区。"),
        "records.conflict": (
            "编号 {id} 已经登记过内容不同的记录。",
            "要改动请用更正，要新增请换一个编号。",
        ),
        "records.changed": (
            "记录 {id} 已有更新的版本（第 {version} 版）。",
            "请重新打开这条记录，看过新内容再改。",
        ),
        "records.withdrawn": ("记录 {id} 已经撤销。", "请另行登记。"),
        "records.closed": (
            "“{period}”已经关账，{start} 的记录只能更正并写明理由。",
            "请写明更正理由后再提交。",
        ),
        "records.reason": ("更正或撤销没有写明理由。", "请写明理由。"),
        "records.state": ("“{state}”不是记录的状态。", "请用 {states} 之一。"),
        "records.ahead": (
            "{date} 还没有到，不能记成已经办了。",
            "请核对日期；打算做的事，状态请选“计划”。",
        ),
        "records.grain": ("“{grain}”不是记录的粒度。", "请用 {grains} 之一。"),
        "records.field": (
            "事项“{kind}”没有“{field}”这一项（值为“{value}”）。",
            "请核对业务包里这个事项的字段。",
        ),
        "records.required": ("事项“{kind}”的“{field}”没有填写。", "请补填后再提交。"),
        "records.option": (
            "“{value}”不是“{field}”的选项。",
            "请从这些里选：{options}。",
        ),
        "records.too_large": (
            "数量“{value}{unit}”（{label}）太大，存不下。",
            "请核对这个数；电话、证件号码不是数量。",
        ),
        "records.import.gone": (
            "导入批次 {id} 已经结束或被清理。",
            "请重新导入这个文件。",
        ),
        "records.import.overtaken": (
            "导入期间记录 {id} 被改过。",
            "请重新预览后再导入。",
        ),
        "records.import.twice": (
            "有 {count} 行在预览之后已由另一次导入记入。",
            "请重新预览这个文件。",
        ),
        "records.source.unknown": ("没有编号为 {id} 的来源。", "请从记录页面重新打开。"),
        "records.source": ("来源没有写明提供数据的单位。", "请写明单位名称。"),
    }
)

_MICRO = Decimal(1_000_000)
_LIMIT = 2**63 - 1
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


SIMULATED = "模拟数据"
"""What every simulated record, its source, and every page and report of its area says."""


class State(StrEnum):
    """Where a piece of work stands."""

    DONE = "done"
    ONGOING = "ongoing"
    PLANNED = "planned"
    SOURCE_WANTED = "source_wanted"  # 来源待补: a body's count without a named body
    WITHDRAWN = "withdrawn"


class Grain(StrEnum):
    """What a record stands for; see the glossary."""

    EVENT = "event"
    SUMMARY = "summary"
    OBSERVATION = "observation"


class SourceKind(StrEnum):
    """Sorts of sources."""

    ENTRY = "entry"
    WORKBOOK = "workbook"
    DOCUMENT = "document"
    BODY = "body"
    SIMULATION = "simulation"  # nobody did this work


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to be kept. `year` and `as_of` are what was supplied by hand; `body` is the
    competent body that gave the counts."""

    kind: SourceKind = SourceKind.ENTRY
    name: str = ""
    sha256: str = ""
    body: str = ""
    year: int | None = None
    as_of: date | None = None
    evidence: UUID | None = None


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as readers see it; `evidence` is the stored file, `year` and `as_of` were supplied."""

    id: UUID
    area: str
    kind: str
    name: str
    sha256: str
    evidence: UUID | None
    body: str
    year: int | None
    as_of: date | None
    received: datetime


# Not frozen, though nothing changes them: an import makes one or more of each for every row, and a
# frozen dataclass takes eight times as long to make.
@dataclass(slots=True)
class NewQuantity:
    """A quantity to be recorded. `part_of` is the cell or label of the whole in the same record."""

    measure: str
    label: str
    quantity: Quantity
    cell: str | None = None
    part_of: str | None = None


@dataclass(slots=True)
class NewRecord:
    """A record to be kept.

    `identity` is a 16-byte digest of area, sheet shape, content and ordinal among equals;
    `content` one of the resolved content; empty ones are made from the record (a manual entry has
    its id as identity). `shape` names the shape of the sheet, for `existing_identities`.
    """

    id: UUID
    kind: str
    grain: str
    occurred: Occurred
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)
    quantities: tuple[NewQuantity, ...] = ()
    identity: bytes = b""
    content: bytes = b""
    sheet: str | None = None
    row: int | None = None
    state: str = State.DONE
    shape: str = ""
    captured: datetime | None = None  # when a device took it down; None: now
    involved: tuple[tuple[UUID, str], ...] = ()


def new_record(
    kind: str,
    title: str,
    occurred: Occurred,
    *,
    quantities: Iterable[NewQuantity] = (),
    fields: Mapping[str, str] | None = None,
    grain: str = Grain.EVENT,
    state: str = State.DONE,
    record_id: UUID | None = None,
) -> NewRecord:
    """A record entered by hand; the id is made here, so that a retry is harmless."""
    return NewRecord(
        id=record_id or uuid7(),
        kind=kind,
        grain=grain,
        occurred=occurred,
        title=title,
        fields=fields or {},
        quantities=tuple(quantities),
        state=state,
    )


@dataclass(frozen=True, slots=True)
class QuantityView:
    """A quantity of a record with the place it was read from."""

    measure: str
    label: str
    quantity: Quantity
    part_of: str | None
    cell: str | None

    def as_json(self, file: str | None, sheet: str | None) -> dict[str, Any]:
        """The shape of `linli records --json`."""
        shown: dict[str, Any] = {
            "measure": self.label,
            "value": self.quantity.value,
            "unit": self.quantity.unit,
            "qualifier": str(self.quantity.qualifier),
        }
        if self.quantity.value_max is not None:
            shown["value_max"] = self.quantity.value_max
        if self.part_of is not None:
            shown["part_of"] = self.part_of
        return shown | {"source": {"file": file, "sheet": sheet, "cell": self.cell}}


@dataclass(frozen=True, slots=True)
class RecordView:
    """One version of a record as readers see it. `area` is a slug, `source_body` the named body."""

    key: int
    id: UUID
    version: int
    kind: str
    area: str
    grain: str
    occurred: Occurred
    captured: datetime
    received: datetime
    late: bool
    state: str
    title: str
    fields: Mapping[str, str]
    quantities: tuple[QuantityView, ...]
    file: str | None
    sheet: str | None
    row: int | None
    source: UUID
    source_body: str
    known_from: datetime
    known_to: datetime | None

    def as_json(self) -> dict[str, Any]:
        """The documented shape of `linli records --json`; values are JSON's own or Decimal."""
        start, end = self.occurred.start, self.occurred.end
        return {
            "id": str(self.id),
            "kind": self.kind,
            "area": self.area,
            "grain": self.grain,
            "occurred": {
                "start": start.isoformat() if start else None,
                "end": end.isoformat() if end else None,
                "precision": str(self.occurred.precision),
            },
            "captured": beijing(self.captured).isoformat(timespec="seconds"),
            "received": beijing(self.received).isoformat(timespec="seconds"),
            "late": self.late,
            "state": self.state,
            "title": self.title,
            "quantities": [one.as_json(self.file, self.sheet) for one in self.quantities],
            "fields": dict(self.fields),
        }


@dataclass(frozen=True, slots=True)
class Committed:
    """An import that has become visible. `created` are new records, `superseded` corrected ones."""

    id: UUID
    created: int
    superseded: int
    at: datetime
    merkle_root: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """An imported row that stands: what it says, and where it was read."""

    shape: str
    identity: bytes
    content: bytes
    id: UUID
    version: int
    sheet: str
    row: int | None
    file: str


def is_late(
    captured: datetime, occurred: Occurred, allowed: int | None, closes: Sequence[Closed]
) -> bool:
    """Late: captured after the close of the period it fell in, or more than `allowed` days after."""
    end = occurred.end or occurred.start
    if end is None:
        return False
    if allowed is not None and beijing(captured).date() > end + timedelta(days=allowed):
        return True
    return any(close.at <= captured and close.covers(occurred) for close in closes)


def year_of(occurred: Occurred) -> int:
    """The partition of a record: the year of its start, else of its end, else 0."""
    day = occurred.start or occurred.end
    return day.year if day else 0


def to_micro(value: Decimal, *, unit: str = "", label: str = "") -> int:
    """Millionths of a value, as stored. More than six decimals are rounded half to even.

    Raises Refusal records.too_large beyond ±9.2·10¹².
    """
    whole = int(value)
    if whole == value:  # nearly all values are whole, and this way is quicker
        micro = whole * 1_000_000
    else:
        micro = int(_WIDE.multiply(value, _MICRO).to_integral_value(ROUND_HALF_EVEN))
    if -_LIMIT <= micro <= _LIMIT:
        return micro
    raise Refusal("records.too_large", value=value, unit=unit, label=label)


def from_micro(micro: int) -> Decimal:
    """The value of so many millionths, without trailing zeros (2000000 → 2, not 2.000000)."""
    whole, rest = divmod(micro, 1_000_000)
    if not rest:
        return Decimal(whole)
    return Decimal(micro).scaleb(-6, _WIDE).normalize(_WIDE)


def quantity_from_row(
    micro: int,
    micro_max: int | None,
    micro_lo: int | None,
    micro_hi: int | None,
    unit: str,
    qualifier: str,
) -> Quantity:
    """The quantity that was stored; equal to the one recorded."""
    value = from_micro(micro)
    if qualifier == Qualifier.EXACT:
        return Quantity(value, unit)
    if qualifier == Qualifier.RANGE:
        top = value if micro_max is None else from_micro(micro_max)
        return Quantity(value, unit, Qualifier.RANGE, top)
    lo = None if micro_lo is None else from_micro(micro_lo)
    hi = None if micro_hi is None else from_micro(micro_hi)
    return Quantity(value, unit, Qualifier(qualifier), bounds=(lo, hi))


def occurred_from_row(start: date | None, end: date | None, precision: str, words: str) -> Occurred:
    """The span that was stored."""
    return Occurred(start, end, Precision(precision), words)


def check_begun(new: NewRecord, today: date) -> None:
    """Refuse work that is told as done or under way before its first day. Raises records.ahead."""
    start = new.occurred.start
    if start is not None and start > today and new.state in (State.DONE, State.ONGOING):
        raise Refusal("records.ahead", date=f"{start.year}年{start.month}月{start.day}日")
