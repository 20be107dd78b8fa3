"""The questions that all contenders answer, and the world that they ask about."""

from __future__ import annotations

from dataclasses import dataclass

START, END = "2008-01-01", "2010-12-31"

SHAPES: dict[str, tuple[str, ...]] = {
    "count": ("base.joint_actions",),
    "sum": ("base.visited_households", "base.visit_money"),
    "tally": ("base.visits",),
    "ratio": ("base.guidance_rectified",),
    "distinct": ("base.joint_units",),
    "stock": ("base.profile_households",),
}
"""Shape → indicators of the base pack: together seven indicators for every area of the tree."""

CALC_SHAPES = ("count", "sum", "ratio", "stock")
"""What a spreadsheet can say in one formula a cell."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: records, and how many areas each of the five levels has."""

    records: int
    levels: tuple[int, int, int, int, int] = (1, 10, 100, 1_000, 10_000)

    @property
    def areas(self) -> int:
        """Areas of all levels."""
        return sum(self.levels)

    @property
    def each(self) -> int:
        """Records of one community."""
        return self.records // self.levels[-1]

    @property
    def first_community(self) -> int:
        """Number of the first area of the lowest level; areas are numbered from 1, level by level."""
        return 1 + sum(self.levels[:-1])

    def tree(self) -> list[tuple[int, int]]:
        """Every area with itself and all above it."""
        firsts = [1 + sum(self.levels[:n]) for n in range(len(self.levels))]
        rows = []
        for level, width in enumerate(self.levels):
            for place in range(width):
                above, at = level, place
                rows.append((firsts[level] + place, firsts[level] + place))
                while above:
                    at = at * self.levels[above - 1] // self.levels[above]
                    above -= 1
                    rows.append((firsts[level] + place, firsts[above] + at))
        return rows
