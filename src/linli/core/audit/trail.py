"""The only writer of the audit chain, and its verifier.

Each area has a chain of its own (chain 0 is the installation's). An entry holds the hash of the
entry before it; the head row of the chain is locked while an entry is added, so that two writers
cannot both follow the same link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db import connection

from linli.core.audit.models import ChainHead, Entry
from linli.core.audit.reading import one_view
from linli.core.audit.rules import GENESIS, ChainReport, Link, digest_of
from linli.kernel.clock import now

Witness = Callable[[Entry], str | None]
"""Holds an entry against what it speaks of; answers what does not agree, or None."""


class Acting(Protocol):
    """Who acts, as far as the trail needs to know."""

    @property
    def id(self) -> str: ...


_noted: ContextVar[list[str] | None] = ContextVar("audit_noted", default=None)
_witnesses: dict[str, Witness] = {}


def witness(subject_kind: str, check: Witness) -> None:
    """Register how entries about a sort of subject are held against the tables."""
    _witnesses[subject_kind] = check


@contextmanager
def watching() -> Iterator[list[str]]:
    """Collect the names of actions noted inside; an outer watcher sees them too."""
    outer = _noted.get()
    names: list[str] = []
    token = _noted.set(names)
    try:
        yield names
    finally:
        _noted.reset(token)
        if outer is not None:
            outer.extend(names)


def lock(chain: int) -> ChainHead:
    """Take the chain for this transaction. Raises RuntimeError outside of one."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of what it speaks of")
    heads = ChainHead.objects.select_for_update()
    head = heads.filter(chain=chain).first()
    if head is None:
        ChainHead.objects.get_or_create(chain=chain, defaults={"seq": 0, "hash": GENESIS})
        head = heads.get(chain=chain)
    return head


def note(
    *,
    actor: Acting,
    area: int,
    action: str,
    subject: tuple[str, str],
    payload: Any = None,
    facts: Mapping[str, str | int | bool | None] | None = None,
    merkle_root: bytes | None = None,
    rows: int | None = None,
) -> Entry:
    """Add an entry to the chain of `area` (its key; 0: the installation).

    `payload` is hashed and not kept; `facts` are kept and must not hold personal values. A digest
    that already exists may be given as bytes.
    """
    head = lock(area)
    digest = payload if isinstance(payload, bytes) else digest_of(payload)
    link = Link(
        chain=area,
        seq=head.seq + 1,
        at=now(),
        actor=actor.id,
        action=action,
        subject_kind=subject[0],
        subject=subject[1],
        digest=digest,
        facts=dict(facts or {}),
        merkle_root=merkle_root,
        rows=rows,
        prev=bytes(head.hash),
    )
    entry = _write(link)
    head.seq, head.hash = link.seq, entry.hash
    head.save(update_fields=["seq", "hash"])
    names = _noted.get()
    if names is not None:
        names.append(action)
    return entry


def _write(link: Link) -> Entry:
    values = {name: getattr(link, name) for name in Link.__slots__}
    return Entry.objects.create(**values, hash=link.hash())


def as_link(entry: Entry) -> Link:
    """The entry as the chain hashes it."""
    return Link(
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject=entry.subject,
        digest=bytes(entry.digest),
        facts=entry.facts,
        merkle_root=None if entry.merkle_root is None else bytes(entry.merkle_root),
        rows=entry.rows,
        prev=bytes(entry.prev),
    )


def verify(*, tables: bool = True) -> ChainReport:
    """Recompute every chain; with `tables`, hold each entry against the rows it speaks of."""
    with one_view():
        return _verify(tables=tables)


def _verify(*, tables: bool) -> ChainReport:
    heads = {head.chain: (head.seq, bytes(head.hash)) for head in ChainHead.objects.all()}
    last: dict[int, tuple[int, bytes]] = {}
    count = 0
    for entry in Entry.objects.order_by("chain", "seq").iterator(chunk_size=2000):
        seq, prev = last.get(entry.chain, (0, GENESIS))
        problem = _fault(entry, seq, prev) or (_witness(entry) if tables else None)
        if problem:
            return ChainReport(False, count, f"{entry.chain}/{entry.seq}", problem)
        last[entry.chain] = (entry.seq, bytes(entry.hash))
        count += 1
    for chain, (seq, digest) in heads.items():
        if last.get(chain, (0, GENESIS)) != (seq, digest):
            return ChainReport(False, count, f"{chain}/{seq}", "链的末尾被截断")
    if last.keys() - heads.keys():
        chain = min(last.keys() - heads.keys())
        return ChainReport(False, count, f"{chain}/{last[chain][0]}", "链头不见了")
    return ChainReport(True, count)


def _fault(entry: Entry, seq: int, prev: bytes) -> str | None:
    if entry.seq != seq + 1:
        return "前面缺少审计条目"
    if bytes(entry.prev) != prev:
        return "与前一条接不上"
    if bytes(entry.hash) != as_link(entry).hash():
        return "审计条目被改动"
    return None


def _witness(entry: Entry) -> str | None:
    check = _witnesses.get(entry.subject_kind)
    return check(entry) if check else None
