"""Deeds as records: what is staged first, and what is put right afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from uuid import UUID

from linli.core.records.rules import SIMULATED, NewQuantity, NewRecord, NewSource, SourceKind
from linli.kernel.quantities import Quantity
from linli.work.simulation.deeds import Deed
from linli.work.simulation.rules import Asking

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_CLEAR = ~((0xF << 76) | (0b11 << 62)) & (2**128 - 1)


class Writer:
    """Writes the deeds of one simulation in one area; ids follow from what was asked."""

    def __init__(self, area: str, asking: Asking) -> None:
        self._name = f"{area}/{asking.year}/{asking.seed}/{asking.households}"
        self._asking = asking

    def source(self, what: str) -> NewSource:
        """The source of an import, which says what it is."""
        asked = self._asking
        name = f"{SIMULATED}：{asked.year} 年，{asked.households} 户，种子 {asked.seed}，{what}"
        return NewSource(SourceKind.SIMULATION, name, year=asked.year, as_of=asked.until)

    def records(self, deeds: Iterable[Deed]) -> Iterator[NewRecord]:
        """The records of deeds as they are right."""
        return (self.record(deed) for deed in deeds)

    def record(self, deed: Deed) -> NewRecord:
        """A deed as it is rightly recorded."""
        return NewRecord(
            id=self._id(deed),
            kind=deed.kind.id,
            grain=deed.grain,
            occurred=deed.occurred,
            title=deed.title,
            fields=deed.fields,
            quantities=tuple(
                NewQuantity(
                    one.measure.id,
                    one.measure.title,
                    one.written,
                    part_of=_whole(deed, one.measure.whole),
                )
                for one in deed.amounts
            ),
            state=deed.state,
            captured=deed.captured,
        )

    def wrong(self, deed: Deed) -> NewRecord:
        """The same with slips of the pen: wholes that are one too many."""
        right = self.record(deed)
        slips = tuple(
            one if one.part_of else replace(one, quantity=_one_more(one.quantity))
            for one in right.quantities
        )
        return replace(right, title=f"{right.title}（误）", quantities=slips)

    def late(self, deed: Deed) -> NewRecord:
        """The record of somebody who writes it down only now."""
        return replace(self.record(deed), captured=None)

    def _id(self, deed: Deed) -> UUID:
        """A UUIDv7 of the deed's day; the rest follows from seed, kind and number."""
        name = f"{self._name}/{deed.kind.id}/{deed.number}".encode()
        digest = int.from_bytes(blake2b(name, digest_size=10).digest())
        millis = int(deed.captured.timestamp() * 1000)
        return UUID(int=(millis << 80 | digest) & _CLEAR | _VERSION_7 | _VARIANT)


def _whole(deed: Deed, whole: str | None) -> str | None:
    found = deed.amount(whole) if whole else None
    return found.measure.title if found else None


def _one_more(quantity: Quantity) -> Quantity:
    return Quantity(quantity.value + 1, quantity.unit)
