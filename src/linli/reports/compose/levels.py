"""Levels of honours: 国家 to 社区, as written in ledgers, in order and as a report names them."""

from __future__ import annotations

_RANKS = (
    ("国家", ("国家", "全国", "中央")),
    ("省", ("省", "自治区", "直辖市")),
    ("市", ("市", "州", "盟")),
    ("区县", ("区", "县", "旗")),
    ("街道", ("街道", "街", "镇", "乡")),
    ("社区", ("社区", "村")),
)


def rank(level: str) -> int:
    """Return the place of a level, 0 the highest; an unknown one comes last."""
    for place, (_, words) in enumerate(_RANKS):
        if level.startswith(words):
            return place
    return len(_RANKS)


def named(level: str) -> str:
    """Return the level as a report says it: 省 → 省级, 省、市 → 省市级."""
    bare = "".join(letter for letter in level.strip() if letter not in "、，,/ ")
    if not bare:
        return ""
    return bare if bare.endswith("级") else f"{bare}级"
