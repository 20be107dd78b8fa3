"""Areas as others see them, and the order of their levels. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "areas.unknown": ("没有名为“{slug}”的辖区。{hint}", "请核对辖区代号，或先建立这个辖区。"),
        "areas.taken": ("辖区代号“{slug}”已经有了。", "请换一个代号。"),
        "areas.level": ("“{level}”不是辖区的级别。", "请用 {levels} 之一。"),
        "areas.order": (
            "{level}不能设在{parent_level}“{parent}”之下。",
            "请选择上一级辖区。",
        ),
        "areas.dates": ("辖区“{slug}”的起止日期不成立：{since} 至 {until}。", "请核对日期。"),
    }
)


class Level(StrEnum):
    """Levels of the tree, highest first."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


LEVEL_NAMES = {
    Level.PROVINCE: "省",
    Level.CITY: "市",
    Level.DISTRICT: "区县",
    Level.STREET: "街道乡镇",
    Level.COMMUNITY: "社区",
    Level.GRID: "网格",
}


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area at a date. `path` and `names` lead from the root down to the area itself."""

    key: int
    id: UUID
    slug: str
    name: str
    level: str
    path: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """All names from the root down, run together as in an address."""
        return "".join(self.names)


AreaRef = str | int | AreaView
"""How an area may be given: slug, key, or the view itself."""


def check_level(level: str, parent: AreaView | None) -> Level:
    """Refuse a level that is none, or that does not lie below the parent's."""
    try:
        found = Level(level)
    except ValueError as fault:
        raise Refusal("areas.level", level=level, levels="、".join(Level)) from fault
    order = list(Level)
    if parent is not None and order.index(found) <= order.index(Level(parent.level)):
        raise Refusal(
            "areas.order",
            level=LEVEL_NAMES[found],
            parent_level=LEVEL_NAMES[Level(parent.level)],
            parent=parent.name,
        )
    return found
