"""Evidence: on disk before its row, once for each hash, held against it when read."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.evidence import files, queries
from linli.core.evidence.actions import store
from linli.core.evidence.models import Evidence
from linli.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CONTENT = "签到表".encode()


def test_a_file_lies_under_its_hash_and_is_kept_once(
    operator: Actor, community: AreaView, tmp_path: Path
) -> None:
    path = tmp_path / "签到.csv"
    path.write_bytes(CONTENT)
    first = store(actor=operator, area="garden", content=path, proves="会议")
    again = store(actor=operator, area="garden", content=CONTENT, name="副本.csv")
    assert again == first
    assert (first.sha256, first.size, first.mime) == (sha256(CONTENT).hexdigest(), 9, "text/csv")
    kept = queries.file_of(operator, "garden", first.id)
    assert kept.read_bytes() == CONTENT
    assert kept.parent.name == first.sha256[:2]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(list(files.stored())) == Evidence.objects.count() == 1
    assert not list(files.drafts())
    assert trail.verify().ok


def test_another_area_has_a_row_of_its_own(
    operator: Actor, community: AreaView, street: AreaView
) -> None:
    store(actor=operator, area="garden", content=CONTENT)
    store(actor=operator, area="street", content=CONTENT)
    assert (Evidence.objects.count(), len(list(files.stored()))) == (2, 1)


def test_file_and_folder_are_synced_before_the_row(
    operator: Actor, community: AreaView, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, int]] = []
    real = os.fsync

    def watch(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        synced.append((path.name, Evidence.objects.count()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    kept = store(actor=operator, area="garden", content=CONTENT)
    names = [name for name, rows in synced]
    assert names[0].endswith(".part")
    assert names[1:] == ["evidence", kept.sha256[:2]]
    assert {rows for _, rows in synced} == {0}


def test_an_altered_or_missing_file_is_refused(operator: Actor, community: AreaView) -> None:
    kept = store(actor=operator, area="garden", content=CONTENT)
    path = files.path_of(kept.sha256)
    path.write_bytes(b"x")
    with pytest.raises(Refusal, match="与登记时不同"):
        queries.file_of(operator, "garden", kept.id)
    path.unlink()
    with pytest.raises(Refusal, match="不在存放目录里"):
        queries.file_of(operator, "garden", kept.id)


def test_an_unreadable_file_is_refused(
    operator: Actor, community: AreaView, tmp_path: Path
) -> None:
    with pytest.raises(Refusal) as refused:
        store(actor=operator, area="garden", content=tmp_path / "没有.jpg")
    assert refused.value.code == "evidence.unreadable"
    assert "没有.jpg" in refused.value.sentence


def test_what_a_kill_left_is_found(operator: Actor, community: AreaView, settings: Any) -> None:
    files.put(b"no row speaks of this")
    store(actor=operator, area="garden", content=CONTENT)
    assert [path.name for path in queries.orphans()] == [
        sha256(b"no row speaks of this").hexdigest()
    ]
