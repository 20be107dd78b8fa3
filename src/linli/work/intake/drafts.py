"""A row on its way to becoming records: pieces collected, then sealed with identity and content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

from linli.core.records.rules import NewQuantity, NewRecord
from linli.kernel.days import Occurred, Precision
from linli.kernel.ids import uuid7
from linli.packs.schema import Kind
from linli.work.intake.problems import Problems

_SHORT = frozenset(
    (Precision.DAY, Precision.HALF_DAY, Precision.DEKAD, Precision.FESTIVAL, Precision.MONTH)
)


@dataclass(slots=True)
class Draft:
    """A row with what has been read from it so far. ``own_date``: the row itself says when."""

    kind: Kind
    row: int
    title: str
    occurred: tuple[Occurred, ...]
    own_date: bool
    raw: str
    fields: dict[str, str] = field(default_factory=dict)
    quantities: list[tuple[int, str, NewQuantity]] = field(default_factory=list)
    cadence: bool = False
    state: str = "done"
    summed: bool = False
    said: str = ""  # the value columns' quantities, for the digest of the content
    named: bool = False  # a named thing (an honour): an event, however many it counts

    def add(self, column: int, quantity: NewQuantity) -> None:
        """Add a quantity that stands in words."""
        n = quantity.quantity
        self.said += f"\x1f{quantity.measure}\x1f{n.value}\x1f{n.unit}\x1f{n.qualifier}"
        self.quantities.append((column, "", quantity))

    def whole_of(self, column: int, unit: str) -> str | None:
        """The cell of the whole for a part in that column: same column, else the same unit."""
        for index, _, quantity in self.quantities:
            if index == column and quantity.part_of is None:
                return quantity.cell
        for _, _, quantity in self.quantities:
            if quantity.part_of is None and quantity.quantity.unit == unit:
                return quantity.cell
        return None


@dataclass(slots=True)
class Sealer:
    """Gives each record its id, its identity among all rows of the area, and its content's digest.

    ``stated``: the period that the sheet itself writes; it belongs to the row's content, unlike a
    year supplied by hand. ``new_id``: makes ids (a dry run needs none).
    """

    area: str
    sheet: str
    shape: str
    problems: Problems
    stated: str = ""
    new_id: Callable[[], UUID] = uuid7
    periods: dict[str, Occurred] = field(default_factory=dict)
    seen: dict[bytes, int] = field(default_factory=dict)
    _prefix: bytes = b""
    _dates: dict[int, tuple[Occurred, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._prefix = f"{self.area}\x1f{self.shape}\x1f{self.stated}\x1f".encode()

    def seal(self, draft: Draft) -> list[NewRecord]:
        """The records of a row: one for each date or period, most often a single one."""
        identity, occurred = self._identity(draft), draft.occurred
        if self.periods and any(period for _, period, _ in draft.quantities):
            return list(self._by_period(draft, identity))
        quantities = tuple([q for _, _, q in draft.quantities])
        if len(occurred) == 1:
            return [self._record(draft, occurred[0], quantities, draft.said, identity)]
        if quantities:
            return [self._record(draft, _joined(occurred), quantities, draft.said, identity)]
        return [
            self._record(draft, one, (), "", _piece(identity, str(number)))
            for number, one in enumerate(occurred)
        ]

    def _by_period(self, draft: Draft, identity: bytes) -> Iterator[NewRecord]:
        """Months as columns: a summary for each month."""
        groups: dict[str, list[NewQuantity]] = {}
        for _, period, quantity in draft.quantities:
            groups.setdefault(period, []).append(quantity)
        draft.summed = True
        for period, quantities in groups.items():
            occurred = self.periods[period] if period else draft.occurred[0]
            said = "".join(
                f"\x1f{q.measure}\x1f{q.quantity.value}\x1f{q.quantity.unit}" for q in quantities
            )
            piece = _piece(identity, period)
            yield self._record(draft, occurred, tuple(quantities), said, piece)

    def _record(
        self,
        draft: Draft,
        occurred: Occurred,
        quantities: tuple[NewQuantity, ...],
        said: str,
        identity: bytes,
    ) -> NewRecord:
        kind = draft.kind
        content = f"{kind.id}\x1f{self._date(occurred)}\x1f{draft.title}\x1f{draft.state}{said}"
        return NewRecord(
            self.new_id(),
            kind.id,
            grain_of(draft, occurred, bool(quantities)),
            occurred,
            draft.title,
            draft.fields,
            quantities,
            identity,
            blake2b(content.encode("utf-8", "replace"), digest_size=16).digest(),
            self.sheet,
            draft.row + 1,
            draft.state,
            self.shape,
        )

    def _date(self, occurred: Occurred) -> str:
        found = self._dates.get(id(occurred))
        if found is None:
            if len(self._dates) > 20_000:
                self._dates.clear()
            text = f"{occurred.start}/{occurred.end}/{occurred.precision}"
            found = self._dates[id(occurred)] = (occurred, text)
        return found[1]

    def _identity(self, draft: Draft) -> bytes:
        """Area, shape, content as it stands in the row, and ordinal among equal rows."""
        raw = draft.raw.encode("utf-8", "replace")
        digest = blake2b(self._prefix + raw, digest_size=16).digest()
        ordinal = self.seen.get(digest)
        if ordinal is None:
            self.seen[digest] = draft.row
            return digest
        self.problems.warn(
            self.sheet, f"A{draft.row + 1}", draft.title,
            f"与第 {ordinal + 1} 行完全相同，两行都记，可能重复",
            "是同一件事的请在表里删去一行",
        )  # fmt: skip
        number = 1
        while (piece := _piece(digest, str(number))) in self.seen:
            number += 1
        self.seen[piece] = draft.row
        return piece


def _piece(identity: bytes, name: str) -> bytes:
    """The identity of one of several records of a row."""
    return blake2b(identity + name.encode(), digest_size=16).digest()


def grain_of(draft: Draft, occurred: Occurred, counted: bool) -> str:
    """Event, summary or observation: the kind's stock first, then how exactly the row is dated."""
    grain = draft.kind.grain
    if grain == "observation":
        return "observation"
    if draft.cadence or draft.summed or grain == "summary":
        return "summary"
    if draft.own_date and occurred.precision in _SHORT:
        return "event"
    return "summary" if counted and not draft.named else "event"


def _joined(occurred: tuple[Occurred, ...]) -> Occurred:
    """Several dates of one counted row: the span from the first to the last."""
    starts = [o.start for o in occurred if o.start]
    ends = [o.end for o in occurred if o.end]
    words = "、".join(o.words for o in occurred)
    return Occurred(min(starts, default=None), max(ends, default=None), Precision.SPAN, words)
