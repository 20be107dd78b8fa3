"""The streams of an OLE compound file ([MS-CFB]), as far as an .xls workbook needs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error, iter_unpack, unpack_from

_END = 0xFFFFFFFC  # from here on: no sector
_ENTRY = 128
_ROOT = "Root Entry"
Damaged = (error, IndexError, ValueError)
"""What reading a damaged file raises."""


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    size: int


def stream(data: bytes, *names: str) -> bytes | None:
    """The first stream of one of these names; None if there is none. Raises Damaged."""
    shift = unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):  # sectors of 512 or 4096 bytes, of no other size
        raise ValueError("no such size of sectors")
    sector = 1 << shift
    table = _table(data, sector)
    places = _directory(data, table, sector)
    found = next((places[name] for name in names if name in places), None)
    if found is None:
        return None
    if found.size >= unpack_from("<I", data, 56)[0]:
        return _joined(data, table, found.start, sector, sector)[: found.size]
    root, (first,) = places[_ROOT], unpack_from("<I", data, 60)
    small = _joined(data, table, root.start, sector, sector)
    links = [n for (n,) in iter_unpack("<I", _joined(data, table, first, sector, sector))]
    return _joined(small, links, found.start, 64, 0)[: found.size]


def _joined(data: bytes, table: list[int], start: int, size: int, head: int) -> bytes:
    """The sectors of a chain, one after the other; ``head`` bytes stand before sector 0."""
    return b"".join(
        data[head + number * size : head + (number + 1) * size] for number in _chain(table, start)
    )


def _chain(table: list[int], start: int) -> Iterator[int]:
    steps = 0
    while start < _END:
        steps += 1
        if steps > len(table):
            raise ValueError("a chain of sectors that bites its tail")
        yield start
        start = table[start]


def _table(data: bytes, sector: int) -> list[int]:
    """Which sector follows which."""
    numbers = list(unpack_from("<109I", data, 76))
    following, count = unpack_from("<2I", data, 68)
    if count > len(data) // sector:
        raise ValueError("more sectors than the file has room for")
    for _ in range(count):
        *more, following = unpack_from(f"<{sector // 4}I", data, (following + 1) * sector)
        numbers += more
    table: list[int] = []
    for number in numbers:
        if number < _END:
            table += unpack_from(f"<{sector // 4}I", data, (number + 1) * sector)
    return table


def _directory(data: bytes, table: list[int], sector: int) -> dict[str, _Place]:
    (first,) = unpack_from("<I", data, 48)
    entries = _joined(data, table, first, sector, sector)
    places: dict[str, _Place] = {}
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        (length,) = unpack_from("<H", entries, at + 64)
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        start, size = unpack_from("<2I", entries, at + 116)
        if name:
            places.setdefault(name, _Place(start, size))
    return places
