"""A row on its way to becoming records: pieces collected, then sealed with identity and content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from linli.core.records.rules import NewQuantity, NewRecord
from linli.kernel.days import Occurred, Precision
from linli.kernel.ids import uuid7
from linli.packs.schema import Kind

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
    named: bool = False  # a named thing (an honour): an event, however many it counts

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
    """Gives each record its id, its identity among all rows of the area, and its content's digest."""

    area: str
    sheet: str
    shape: str
    periods: dict[str, Occurred] = field(default_factory=dict)
    _seen: dict[bytes, int] = field(default_factory=dict)
    _prefix: bytes = b""
    _occurred_keys: dict[int, tuple[Occurred, str]] = field(default_factory=dict)

    def seal(self, draft: Draft) -> Iterator[NewRecord]:
        """Yield the records of a row: one for each date or period, most often a single one."""
        if not any(period for _, period, _ in draft.quantities):
            quantities = tuple(q for _, _, q in draft.quantities)
            if len(draft.occurred) == 1:
                yield self._record(draft, draft.occurred[0], quantities, "")
            elif quantities:
                yield self._record(draft, _joined(draft.occurred), quantities, "")
            else:
                for number, occurred in enumerate(draft.occurred):
                    yield self._record(draft, occurred, (), str(number))
            return
        yield from self._by_period(draft)

    def _by_period(self, draft: Draft) -> Iterator[NewRecord]:
        groups: dict[str, list[NewQuantity]] = {}
        for _, period, quantity in draft.quantities:
            groups.setdefault(period, []).append(quantity)
        for period, quantities in groups.items():
            occurred = self.periods.get(period) if period else None
            summed = Draft(
                draft.kind, draft.row, draft.title, draft.occurred, False, draft.raw,
                draft.fields, [], draft.cadence, draft.state, True,
            )
            yield self._record(
                summed, occurred or draft.occurred[0], tuple(quantities), period
            )

    def _record(
        self, draft: Draft, occurred: Occurred, quantities: tuple[NewQuantity, ...], piece: str
    ) -> NewRecord:
        kind = draft.kind
        said = f"{kind.id}\x1f{self._key(occurred)}\x1f{draft.title}\x1f{draft.state}"
        for q in quantities:
            n = q.quantity
            said += f"\x1f{q.measure}\x1f{n.value}\x1f{n.unit}\x1f{n.qualifier}"
            if n.value_max is not None:
                said += f"\x1f{n.value_max}"
        return NewRecord(
            uuid7(),
            kind.id,
            grain_of(draft, occurred, bool(quantities)),
            occurred,
            draft.title[:500],
            draft.fields,
            quantities,
            self._identity(draft.raw, piece),
            blake2b(said.encode(), digest_size=16).digest(),
            self.sheet,
            draft.row + 1,
            draft.state,
            self.shape,
        )

    def _key(self, occurred: Occurred) -> str:
        found = self._occurred_keys.get(id(occurred))
        if found is None:
            if len(self._occurred_keys) > 20_000:
                self._occurred_keys.clear()
            key = f"{occurred.start}/{occurred.end}/{occurred.precision}"
            found = self._occurred_keys[id(occurred)] = (occurred, key)
        return found[1]

    def _identity(self, raw: str, piece: str) -> bytes:
        """Area, shape, content as it stands in the row, and ordinal among equal rows."""
        if not self._prefix:
            self._prefix = f"{self.area}\x1f{self.shape}\x1f".encode()
        digest = blake2b(
            self._prefix + raw.encode("utf-8", "surrogatepass") + piece.encode(), digest_size=16
        ).digest()
        ordinal = self._seen.get(digest, 0)
        self._seen[digest] = ordinal + 1
        if not ordinal:
            return digest
        return blake2b(digest + str(ordinal).encode(), digest_size=16).digest()


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
