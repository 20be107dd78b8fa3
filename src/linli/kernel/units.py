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

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit, the kind of thing it measures, and its other spellings.

    An alias of the form `公斤=1000` would convert; here an alias only renames, factors stand in
    `_CONVERTED`.
    """

    name: str
    kind: str
    aliases: tuple[str, ...] = ()


def _units(kind: str, table: str) -> list[Unit]:
    """`户 家庭户|栋 幢` → one unit a bar, its aliases after it."""
    return [Unit(name, kind, tuple(rest)) for name, *rest in map(str.split, table.split("|"))]


_TABLE = (
    _units("people", "人|名|位|口|员")
    + _units("person_times", "人次 人（次） 人(次)")
    + _units("households", "户")
    + _units("times", "次|场次|场|期|届|轮|回|遍|趟|户次|车次|课时 学时|班次")
    + _units("money", "元 块钱 人民币元 RMB 元人民币 圆 元整 ￥ ¥")
    + _units("rate", "% 百分比 百分率|‰ 千分比|个百分点 百分点|分")
    + _units("area", "平方米 ㎡ m² m2 M2 M² 平米 平方 平方公尺 m^2|平方公里 km² km2 ㎢|亩|公顷")
    + _units("length", "米 m 公尺 延米 延长米|公里 千米 km KM|厘米 cm")
    + _units("volume", "立方米 m³ m3 立方|升")
    + _units("mass", "公斤 千克 kg KG|吨|斤|克")
    + _units("degree", "度 ℃ °C 摄氏度")
    + _units("energy", "千瓦时 kWh|千瓦 kW")
    + _units("duration", "年|个月|天 日|小时 个小时|分钟|周 个星期 星期|学期 个学期")
    + _units("age", "岁 周岁")
    + _units(
        "count",
        "个|只|支|处|所|座|栋 幢|册|本|份|张|件|起|项|条|面|块|盏|台|辆|部|套|间|层|门|棵|株|头|对|组"
        "|班|篇|幅|版|封|箱|袋|桶|瓶|盒|家|批|片|则|款|枚|把|根|道|盆|床|架|艘|扇|顶|双|节|类|种|级"
        "|步|楼|单元|院|车|例|宗|桩|笔|样|村|镇|街|店|队|站|室|栏|校|盘|场所|支队|小区 个小区"
        "|平台 个平台|网格 个网格|点 个点|包|副|堆|挂|首|部门|排|尊|眼|口井|卷|期刊|字|万字",
    )
)

UNITS: Mapping[str, Unit] = MappingProxyType({unit.name: unit for unit in _TABLE})
"""Every canonical unit by its name."""

_NAMES: Mapping[str, str] = MappingProxyType(
    {spelling: unit.name for unit in _TABLE for spelling in (unit.name, *unit.aliases)}
)
# Words a header may put before a unit as its scale: 万元, 千册, 百户, 亿元.
_SCALES: Mapping[str, Decimal] = MappingProxyType(
    {
        "十": Decimal(10),
        "百": Decimal(100),
        "千": Decimal(1000),
        "万": Decimal(10_000),
        "十万": Decimal(100_000),
        "百万": Decimal(1_000_000),
        "千万": Decimal(10_000_000),
        "亿": Decimal(100_000_000),
    }
)
_SCALED = re.compile(r"([十百千]?万|[十百千亿])(.+)")
# Traditional spellings of number and measure words, one character for one, so positions hold.
TRADITIONAL = str.maketrans("戶個棟萬億餘幾場項條間層輛張隻組處歲圓畝貳兩頃門點類種級樓單車樣",
                            "户个栋万亿余几场项条间层辆张只组处岁元亩二两顷门点类种级楼单车样")


@lru_cache(maxsize=4096)
def canonical_unit(text: str) -> tuple[str, Decimal] | None:
    """The canonical unit of a word and its factor: `万元` → (`元`, 10000), `㎡` → (`平方米`, 1).

    `次/月` keeps both parts. None when the word is not a unit.
    """
    word = "".join(text.translate(TRADITIONAL).split()).replace("％", "%").replace("／", "/")
    if word in _NAMES:
        return _NAMES[word], _ONE
    if "/" in word or "每" in word[1:]:
        return _quotient(word.replace("每", "/", 1).replace("//", "/"))
    match = _SCALED.fullmatch(word)
    if match and match[2] in _NAMES:
        return _NAMES[match[2]], _SCALES[match[1]]
    return None


_PER: Mapping[str, str] = MappingProxyType(
    {"月": "月", "季": "季度", "季度": "季度", "半年": "半年", "日": "天", "星期": "周"}
)


def _quotient(word: str) -> tuple[str, Decimal] | None:
    above, _, below = word.partition("/")
    upper = canonical_unit(above)
    lower = _PER.get(below) or _NAMES.get(below)
    return (f"{upper[0]}/{lower}", upper[1]) if upper and lower else None


def kind_of(unit: str) -> str | None:
    """What a canonical unit measures (people, households, money …); None for an unknown one."""
    known = UNITS.get(unit)
    return known.kind if known else None


def spellings() -> tuple[str, ...]:
    """Every spelling of every unit, the longest first (for patterns)."""
    return tuple(sorted(_NAMES, key=lambda word: (-len(word), word)))
