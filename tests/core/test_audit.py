"""The chain holds, shows every kind of tampering, and no action escapes it."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from django.db import connection

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.action import ACTIONS, Unaudited, action
from linli.core.audit.models import ChainHead, Entry
from linli.core.audit.rules import GENESIS, Permission, leaf, merkle_root

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def note(actor: Actor, area: int = 7, payload: object = "x") -> Entry:
    return trail.note(
        actor=actor, area=area, action="test", subject=("thing", "1"), payload=payload
    )


def allow_updates() -> None:
    with connection.cursor() as cursor:
        table = " ON audit_entry" if connection.vendor == "postgresql" else ""
        cursor.execute("DROP TRIGGER audit_entry_append_only" + table)


def test_each_entry_holds_the_hash_before_it(operator: Actor) -> None:
    first, second = note(operator), note(operator)
    assert (first.seq, second.seq) == (1, 2)
    assert bytes(first.prev) == GENESIS
    assert bytes(second.prev) == bytes(first.hash)
    report = trail.verify()
    assert (report.ok, report.entries, report.broken_at) == (True, 2, None)


def test_chains_of_areas_are_independent(operator: Actor) -> None:
    assert note(operator, 7).seq == 1
    assert note(operator, 8).seq == 1


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "someone else"},
        {"action": "another"},
        {"subject": "2"},
        {"facts": {"rows": 3}},
        {"digest": bytes(32)},
        {"rows": 5},
        {"merkle_root": bytes(32)},
        {"hash": bytes(32)},
        {"seq": 9},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_breaks_the_chain_there(operator: Actor, change: dict[str, object]) -> None:
    for _ in range(3):
        note(operator)
    allow_updates()
    Entry.objects.filter(chain=7, seq=2).update(**change)
    report = trail.verify()
    assert not report.ok
    assert report.entries == 1
    assert report.broken_at == ("7/3" if "seq" in change else "7/2")


def test_a_removed_entry_breaks_the_chain(operator: Actor) -> None:
    for _ in range(3):
        note(operator)
    Entry.objects.filter(seq=2).delete()
    assert trail.verify().broken_at == "7/3"


def test_a_truncated_chain_is_seen(operator: Actor) -> None:
    for _ in range(3):
        note(operator)
    Entry.objects.filter(seq=3).delete()
    assert trail.verify().broken_at == "7/3"


def test_a_lost_head_is_seen(operator: Actor) -> None:
    note(operator)
    ChainHead.objects.all().delete()
    assert trail.verify().broken_at == "7/1"


def test_an_entry_cannot_be_updated(operator: Actor) -> None:
    note(operator)
    with pytest.raises(Exception, match="append-only"):
        Entry.objects.update(actor="another")


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_a_transaction(operator: Actor) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        note(operator)


def test_an_action_without_an_entry_fails_and_writes_nothing(operator: Actor) -> None:
    @action("test.silent", permission=Permission.ADMINISTER, on=None)
    def silent(*, actor: Actor) -> None:
        ChainHead.objects.create(chain=99, hash=b"")

    try:
        with pytest.raises(Unaudited, match="left no audit entry"):
            silent(actor=operator)
    finally:
        del ACTIONS["test.silent"]
    assert not ChainHead.objects.filter(chain=99).exists()


def test_an_entry_of_an_inner_action_counts_for_the_outer(operator: Actor) -> None:
    @action("test.inner", permission=None)
    def inner(*, actor: Actor) -> None:
        note(actor)

    @action("test.outer", permission=None)
    def outer(*, actor: Actor) -> None:
        inner(actor=actor)

    try:
        outer(actor=operator)
    finally:
        del ACTIONS["test.inner"], ACTIONS["test.outer"]
    assert Entry.objects.count() == 1


def test_an_action_takes_keywords_only(operator: Actor, community: AreaView) -> None:
    name, one = next(iter(ACTIONS.items()))
    with pytest.raises(TypeError, match=name):
        one.function(operator)


def _node(left: bytes, right: bytes) -> bytes:
    return blake2b(b"\1" + left + right, digest_size=32).digest()


def test_merkle_root_of_three_leaves_by_hand() -> None:
    a, b, c = (blake2b(b"\0" + one, digest_size=32).digest() for one in (b"a", b"b", b"c"))
    assert leaf(b"a") == a
    assert merkle_root([b"a", b"b", b"c"]) == _node(_node(a, b), c)
    assert merkle_root([b"a"]) == a
    assert merkle_root([]) == GENESIS
    assert merkle_root([b"a", b"b"]) != merkle_root([b"b", b"a"])
