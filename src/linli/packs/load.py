"""Load packs: the base pack that ships with Linli, and the local ones of an installation."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from linli.kernel.errors import Refusal, Refusals
from linli.packs.fault import Fault
from linli.packs.link import link
from linli.packs.parse import Parsed, parse
from linli.packs.read import read_folder
from linli.packs.registry import Registry, build

BASE = Path(__file__).parent / "base"


def load(folders: Iterable[Path]) -> Registry:
    """Load packs in order; raise ``Refusals`` with all their faults if there are any."""
    parsed, faults = examine(folders)
    if faults:
        raise Refusals([Refusal("packs.faulty", **fault.as_json()) for fault in faults])
    return build(p.pack for p in parsed if p.pack is not None)


def examine(folders: Iterable[Path]) -> tuple[list[Parsed], list[Fault]]:
    """Return the packs of the folders as far as readable, and all faults of all of them."""
    every: list[Parsed] = []
    faults: list[Fault] = []
    for folder in folders:
        documents, unread = read_folder(folder)
        parsed = parse(documents)
        faults += [*unread, *parsed.faults]
        every.append(parsed)
    return every, faults + link(every)


def registry(home: Path | None = None) -> Registry:
    """Return the base pack with the local packs of ``home``; read once a process and folder."""
    root = home or Path(os.environ.get("LINLI_HOME") or Path.home() / ".linli")
    return _registry(_stamp(root / "packs"), root / "packs")


def local_packs(folder: Path) -> list[Path]:
    """Return the folders of local packs, by name."""
    return sorted(path.parent for path in folder.glob("*/pack.toml"))


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """What changes when a local pack changes, so that an edit is seen without a restart."""
    files = sorted(folder.rglob("*.toml")) if folder.is_dir() else []
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=8)
def _registry(stamp: tuple[tuple[str, int], ...], folder: Path) -> Registry:
    del stamp  # only the cache's key
    return load([BASE, *local_packs(folder)])
