"""Evidence as others see it. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.errors import sentences

sentences(
    {
        "evidence.missing": ("佐证文件 {sha256} 不在存放目录里。", "请从备份恢复 evidence 目录。"),
        "evidence.altered": ("佐证文件 {sha256} 的内容与登记时不同。", "请从备份恢复这个文件。"),
        "evidence.unreadable": ("文件“{name}”读不出来：{why}", "请核对文件是否存在、是否有权限。"),
    }
)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A stored file."""

    id: UUID
    sha256: str
    name: str
    size: int
    mime: str
    proves: str
    taken: datetime | None
    place: str
    received: datetime
