"""What an audit chain is: permissions by name, hashes of entries, Merkle roots. Plain Python.

The permission names stand here, on the lowest app, because every action names one; who holds
which is decided in `core.access.rules`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b, sha256
from typing import Any

GENESIS = bytes(32)
INSTALLATION = 0
"""Chain of what belongs to no area: users, packs, keys."""


class Permission(StrEnum):
    """What an actor may do in an area."""

    READ = "read"  # see records, figures, ledgers
    RECORD = "record"  # enter work, correct and withdraw it
    HANDLE = "handle"  # move what has to be handled through its flow
    IMPORT = "import"  # bring in whole workbooks
    EVIDENCE = "evidence"  # attach files
    CLOSE = "close"  # close a period, after which changes are dated corrections
    REPORT = "report"  # write and sign a report
    SCHEDULE = "schedule"  # say how often a thing is due, pause or waive it
    REMIND = "remind"  # send reminders of what is due
    REGISTER = "register"  # keep organisations, bodies and posts
    RESIDENTS = "residents"  # see who lives where
    ENROL = "enrol"  # keep the registers of persons, households and dwellings
    CARE = "care"  # see and keep who belongs to which care class
    REVEAL = "reveal"  # read a sealed field of a person, for a purpose
    RIGHTS = "rights"  # answer what a person asks about their own data
    AUDIT = "audit"  # read and verify the audit chain
    ADMINISTER = "administer"  # areas, users, grants, packs


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it goes into the chain. `facts` holds no personal values."""

    chain: int
    seq: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject: str
    digest: bytes
    facts: Mapping[str, Any]
    merkle_root: bytes | None
    rows: int | None
    prev: bytes

    def hash(self) -> bytes:
        """SHA-256 over every part of the entry and the hash before it."""
        parts = [
            self.chain,
            self.seq,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            self.action,
            self.subject_kind,
            self.subject,
            self.digest.hex(),
            dict(self.facts),
            self.merkle_root.hex() if self.merkle_root is not None else None,
            self.rows,
            self.prev.hex(),
        ]
        return sha256(canonical(parts)).digest()


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying found. `broken_at` is `chain/seq` of the first entry that does not hold."""

    ok: bool
    entries: int
    broken_at: str | None = None
    problem: str | None = None


def canonical(value: Any) -> bytes:
    """One byte form for one JSON value."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    ).encode()


def digest_of(value: Any) -> bytes:
    """SHA-256 of the canonical form."""
    return sha256(canonical(value)).digest()


def leaf(parts: bytes) -> bytes:
    """A leaf of the tree; the prefix keeps leaves and nodes apart (RFC 6962 §2.1)."""
    return blake2b(b"\0" + parts, digest_size=32).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root over the leaves in their order. An odd node moves up unpaired; no leaf: zeros."""
    level = [leaf(one) for one in leaves]
    if not level:
        return GENESIS
    while len(level) > 1:
        pairs = [
            blake2b(b"\1" + level[i] + level[i + 1], digest_size=32).digest()
            for i in range(0, len(level) - 1, 2)
        ]
        level = pairs if len(level) % 2 == 0 else [*pairs, level[-1]]
    return level[0]
