"""What a record version says, as one text: stored fields, digest of the content, seal. Plain Python."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from json.encoder import encode_basestring as _quoted
from typing import Any

from linli.core.records.rules import NewRecord

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical_fields(fields: Mapping[str, Any]) -> str:
    """The stored text of the fields: one form for one content."""
    if not fields:
        return "{}"
    for value in fields.values():
        if type(value) is not str:
            return _ENCODE(dict(fields))
    # Nearly always texts under the names of the row before: the same JSON in a third of the time.
    pairs = [head + _quoted(fields[name]) for name, head in _order(tuple(fields))]
    return "{" + ",".join(pairs) + "}"


@lru_cache(maxsize=1024)
def _order(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names as canonical JSON sorts and writes them."""
    return tuple((name, f"{_quoted(name)}:") for name in sorted(names))


def seal(record: Sequence[Any], quantities: Iterable[Sequence[Any]]) -> bytes:
    """16-byte digest of a version as stored; what the audit's Merkle root is built over."""
    return seal_of([_joined(record), *map(_joined, quantities)])


def seal_of(rows: Iterable[str]) -> bytes:
    """The same where the texts of the rows, their parts joined by U+001F, are at hand."""
    return blake2b("\x1e".join(rows).encode(), digest_size=16).digest()


def _joined(row: Sequence[Any]) -> str:
    return "\x1f".join(
        [part if type(part) is str else "" if part is None else str(part) for part in row]
    )


def content_digest(new: NewRecord) -> bytes:
    """16-byte digest of what a record says, apart from who said it, where and when."""
    said = [
        new.kind,
        new.grain,
        new.occurred.start,
        new.occurred.end,
        new.occurred.precision,
        new.title,
        canonical_fields(new.fields),
        new.state,
        *((q.measure, q.label, q.quantity, q.part_of) for q in new.quantities),
    ]
    return blake2b(repr(said).encode(), digest_size=16).digest()
