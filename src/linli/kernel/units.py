"""Units of quantities: one canonical name each, what else it is called, and what it measures.

人, 名, 人次 and 户 are different units: a person who comes twice is one 人 and two 人次.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from linli.kernel.numerals import factor_of, tidy

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit, the kind of thing that it measures, and its other spellings."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()


def _units(kind: str, table: str) -> list[Unit]:
    """One unit a bar, its aliases after it: `户|栋 幢`."""
    return [Unit(name, kind, tuple(rest)) for name, *rest in map(str.split, table.split("|"))]


_TABLE = (
    *_units("people", "人|名|位|口"),
    *_units("person_times", "人次 人(次)"),
    *_units("households", "户"),
    *_units("times", "次|场次|场|期|轮|回|遍|趟|户次|车次|班次|课时|学时|台次|届"),
    *_units("money", "元 块钱 人民币元 元人民币 圆 元整 RMB ￥ ¥"),
    *_units("rate", "% 百分比 百分率|‰ 千分比|个百分点 百分点|分"),
    *_units("area", "平方米 ㎡ m² m2 M2 M² m^2 平米 平方|平方公里 km² km2 ㎢|亩|公顷"),
    *_units("length", "米 m 公尺 延米 延长米|公里 千米 km KM|厘米 cm"),
    *_units("volume", "立方米 m³ m3 立方|升"),
    *_units("mass", "公斤 千克 kg KG|吨|斤|克"),
    *_units("degree", "度 ℃ °C 摄氏度"),
    *_units("energy", "千瓦时 kWh|千瓦 kW"),
    *_units("duration", "年|个月|天 日|小时 个小时|分钟|周 个星期 星期|学期 个学期"),
    *_units("age", "岁 周岁"),
    *_units(
        "count",
        "个|只|支|处|所|座|栋 幢|册|本|份|张|件|起|项|条|面|块|盏|台|辆|部|套|间|层|门|棵|株|头|对"
        "|组|班|篇|幅|版|封|箱|袋|桶|瓶|盒|家|批|片|则|款|枚|把|根|道|盆|床|架|艘|扇|顶|双|节|类|种"
        "|例|宗|桩|笔|样|网格|副|堆|首|部门|排|卷|车|盘|眼|尊|具|颗|捆|筐|粒",
    ),
)

UNITS: Mapping[str, Unit] = MappingProxyType({unit.name: unit for unit in _TABLE})
"""Every canonical unit by its name."""

_NAMES: Mapping[str, str] = MappingProxyType(
    {spelling: unit.name for unit in _TABLE for spelling in (unit.name, *unit.aliases)}
)
_SCALED = re.compile(r"([十百千]?[万亿]|[十百千])(.+)")  # 万元, 千册, 百户, 亿元
_PER: Mapping[str, str] = MappingProxyType(
    {
        **{word: word for word in ("人", "户", "名", "次", "天", "周", "月", "季度", "半年", "年")},
        "日": "天",
        "星期": "周",
        "季": "季度",
    }
)

PER = "(?:人|户|名|次|天|日|周|星期|月|季度|季|半年|年)"
"""What a rate may be counted by: 次/月, 元/户."""


@lru_cache(maxsize=4096)
def canonical_unit(text: str) -> tuple[str, Decimal] | None:
    """The canonical unit of a word and its factor: `万元` → (`元`, 10000), `㎡` → (`平方米`, 1).

    `次/月` keeps both parts. None when the word is not a unit.
    """
    word = tidy("".join(text.split()))
    if word in _NAMES:
        return _NAMES[word], _ONE
    above, bar, below = word.partition("/")
    if bar:
        upper = canonical_unit(above)
        return (f"{upper[0]}/{_PER[below]}", upper[1]) if upper and below in _PER else None
    match = _SCALED.fullmatch(word)
    if match and match[2] in _NAMES:
        return _NAMES[match[2]], Decimal(factor_of(match[1]))
    return None


def kind_of(unit: str) -> str | None:
    """What a canonical unit measures (people, households, money …); None for an unknown one."""
    known = UNITS.get(unit.partition("/")[0])
    return known.kind if known else None


def spellings() -> tuple[str, ...]:
    """Every spelling of every unit, the longest first (for patterns)."""
    return tuple(sorted(_NAMES, key=lambda word: (-len(word), word)))
