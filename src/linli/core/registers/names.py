"""Names: initials with surnames read right, one form for comparison, and masks. Plain Python.

pypinyin reads single characters by their commonest sound; as surnames some are read otherwise
(单 Shàn, not dān). The table holds those whose first letter differs, and the compound surnames.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from pypinyin import Style, lazy_pinyin

SURNAMES: Mapping[str, str] = MappingProxyType(
    {
        "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "查": "zha",
        "覃": "qin", "乜": "nie", "繁": "po", "秘": "bi", "翟": "zhai", "种": "chong",
        "重": "chong", "祭": "zhai", "召": "shao", "乐": "yue", "折": "she", "长": "chang",
        "粘": "nian", "阚": "kan", "隗": "wei", "会": "gui", "郇": "xun", "佴": "nai",
        "颉": "xie", "句": "gou", "藏": "zang",
    }
)  # fmt: skip
"""Surnames of one character that begin with another letter than the character usually does."""

COMPOUND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(reading.split())
        for name, reading in {
            "尉迟": "yu chi", "长孙": "zhang sun", "澹台": "tan tai", "万俟": "mo qi",
            "单于": "chan yu", "令狐": "ling hu", "宰父": "zai fu", "夏侯": "xia hou",
            "欧阳": "ou yang", "上官": "shang guan", "司马": "si ma", "诸葛": "zhu ge",
            "东方": "dong fang", "皇甫": "huang fu", "公孙": "gong sun", "慕容": "mu rong",
            "司徒": "si tu", "司空": "si kong", "宇文": "yu wen", "端木": "duan mu",
            "南宫": "nan gong", "呼延": "hu yan", "轩辕": "xuan yuan", "独孤": "du gu",
            "闻人": "wen ren", "申屠": "shen tu", "太史": "tai shi", "钟离": "zhong li",
            "淳于": "chun yu", "濮阳": "pu yang", "公冶": "gong ye", "赫连": "he lian",
            "拓跋": "tuo ba", "百里": "bai li", "东郭": "dong guo", "西门": "xi men",
            "纳兰": "na lan", "完颜": "wan yan", "鲜于": "xian yu", "闾丘": "lv qiu",
        }.items()
    }
)  # fmt: skip

_SPACES = re.compile(r"\s+")
_DOTS = str.maketrans("•・.．∙‧", "······")
_LETTERS = re.compile(r"[a-z]+")


def plain_name(text: str) -> str:
    """One form of a written name: no blanks between Chinese characters, one sort of middle dot."""
    name = unicodedata.normalize("NFKC", text).strip()
    if any("\u4e00" <= letter <= "\u9fff" for letter in name):
        name = _SPACES.sub("", name).translate(_DOTS)
    return _SPACES.sub(" ", name)


def surname_of(name: str) -> str:
    """The surname: two characters where they are a compound surname and a given name follows."""
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]


def initials_of(name: str) -> str:
    """First letters of the syllables, lower case: 单小明 → sxm, 尉迟恭 → ycg."""
    surname = surname_of(name)
    if len(surname) == 2:
        readings = list(COMPOUND[surname])
    else:
        readings = [SURNAMES[surname]] if surname in SURNAMES else lazy_pinyin(surname)
    readings += lazy_pinyin(name[len(surname) :], style=Style.FIRST_LETTER)
    return "".join(_first(part) for part in readings)


def _first(reading: str) -> str:
    """The first letter of a syllable; a run of Latin letters in a name stays whole."""
    found = _LETTERS.match(reading.lower())
    return "" if found is None else (found[0][0] if len(found[0]) <= 6 else found[0])


def masked_name(name: str) -> str:
    """测*, 欧阳*: the surname and a star for each further character (standards of publication)."""
    surname = surname_of(name)
    return surname + "*" * max(1, len(name) - len(surname))


def alike(first: str, second: str) -> bool:
    """Whether two different names differ in one character of as many: a slip of the pen."""
    return bool(forms(first) & forms(second)) and first != second


def forms(name: str) -> frozenset[str]:
    """The name with one character each left open; two names alike share a form."""
    if len(name) < 2:
        return frozenset()
    return frozenset(f"{name[:n]}*{name[n + 1 :]}" for n in range(len(name)))
