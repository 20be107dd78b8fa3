"""The folder inside an empty home where a backup is unpacked, before anybody can see it."""

from __future__ import annotations

import shutil
from pathlib import Path

from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "life.not_empty": (
            "{home} 里已经有东西：{found}。",
            "恢复只写进空文件夹。请换一个，例如 linli restore 文件 --home 新文件夹。",
        ),
    }
)
DRAFT = ".restoring"


def draft_of(home: Path) -> Path:
    """An empty folder to unpack into. Raises Refusal life.not_empty."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home / DRAFT
    if draft.exists():
        shutil.rmtree(draft)  # of a restore that was killed
    found = sorted(path.name for path in home.iterdir() if path.name != "logs")
    if found:
        raise Refusal("life.not_empty", home=home, found="、".join(found[:5]))
    draft.mkdir(mode=0o700)
    return draft
