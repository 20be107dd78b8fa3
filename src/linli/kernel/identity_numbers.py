"""Citizen identity numbers: read from a cell, checked, never guessed.

A number has 18 characters (GB 11643-1999): 6 of the region, 8 of the birth date, 3 of the sequence
whose last is odd for men, and a check character (ISO 7064 MOD 11-2). Numbers of 15 digits were
issued until 1999; their year has two digits and they have no check character.

Excel keeps 15 digits of a number. A number typed into a cell that is not text has lost its last
three: they read 000, and nobody can say what they were.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linli.kernel.clock import today
from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "identity.length": (
            "身份证号“{shown}”有 {length} 位，应为 18 位（旧号 15 位）。",
            "请对照证件补全或改正。",
        ),
        "identity.characters": (
            "身份证号“{shown}”里有不该有的字符：{strange}。",
            "只能是数字，末位可以是 X。",
        ),
        "identity.zeros": (
            "身份证号“{shown}”的后三位被 Excel 改成了 000：单元格是数字格式，只保留 15 位有效数字。",
            "原来的后三位已经丢失，请对照证件重新填写，并先把这一列设为文本格式。",
        ),
        "identity.region": (
            "身份证号“{shown}”的前两位 {region} 不是省级地区代码。",
            "请对照证件改正。",
        ),
        "identity.birth": ("身份证号“{shown}”里的出生日期 {birth} 不成立。", "请对照证件改正。"),
        "identity.check": (
            "身份证号“{shown}”的校验位不对，至少有一位写错了。",
            "请对照证件改正，不要只改末位。",
        ),
        "identity.century": (
            "15 位身份证号“{shown}”的顺序码是百岁老人专用的，看不出是哪个世纪出生。",
            "请改填 18 位号码。",
        ),
    }
)

PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46"
    " 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
"""GB/T 2260, first two digits; 81 to 83 are residence permits (港澳台居民居住证)."""

_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))
_CHECKS = "10X98765432"
_CENTENARIANS = ("996", "997", "998", "999")
_DAMAGED = re.compile(r"\d{15}000")
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+?17")
_SPACES = re.compile(r"[\s\-'’`]+")


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number that holds: 18 characters, and what they say."""

    text: str
    birth: date
    sex: str

    @property
    def region(self) -> str:
        """Six digits of the place where the number was first issued (GB/T 2260)."""
        return self.text[:6]


def read_identity_number(cell: str | int | float) -> IdentityNumber:
    """The number of a cell; 15 digits become 18. Raises Refusal identity.*."""
    if isinstance(cell, int | float):
        cell = f"{Decimal(f'{cell:.15g}'):f}"  # what a spreadsheet keeps of a number
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", cell)).upper()
    if _EXPONENT.fullmatch(plain):
        raise Refusal("identity.zeros", shown=plain)
    strange = "".join(dict.fromkeys(re.sub(r"[0-9X]", "", plain) or _misplaced(plain)))
    if strange:
        raise Refusal("identity.characters", shown=_shown(plain), strange=strange)
    if len(plain) == 15:
        plain = _lengthened(plain)
    if len(plain) != 18:
        raise Refusal("identity.length", shown=_shown(plain), length=len(plain))
    return _checked(plain)


def check_character(first: str) -> str:
    """The 18th character of 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _misplaced(plain: str) -> str:
    return "X" if "X" in plain[:-1] or (plain.endswith("X") and len(plain) != 18) else ""


def _lengthened(plain: str) -> str:
    """15 digits to 18: the century 19 and the check character."""
    if plain.endswith(_CENTENARIANS):
        raise Refusal("identity.century", shown=_shown(plain))
    first = f"{plain[:6]}19{plain[6:]}"
    return first + check_character(first)


def _checked(plain: str) -> IdentityNumber:
    right = check_character(plain[:17]) == plain[17]
    if not right and _DAMAGED.fullmatch(plain):
        raise Refusal("identity.zeros", shown=_shown(plain))
    if plain[:2] not in PROVINCES:
        raise Refusal("identity.region", shown=_shown(plain), region=plain[:2])
    birth = _birth(plain)
    if not right:
        raise Refusal("identity.check", shown=_shown(plain))
    return IdentityNumber(plain, birth, "男" if int(plain[16]) % 2 else "女")


def _birth(plain: str) -> date:
    digits = plain[6:14]
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as fault:
        raise Refusal("identity.birth", shown=_shown(plain), birth=digits) from fault
    if birth.year < 1850 or birth > today():
        raise Refusal("identity.birth", shown=_shown(plain), birth=digits)
    return birth


def _shown(plain: str) -> str:
    """Enough to find the cell, too little to carry away: a refusal may reach a log."""
    return masked(plain)


def masked(text: str) -> str:
    """Region and last two characters, stars between: 4301**********12."""
    if len(text) <= 6:
        return "*" * len(text)
    return text[:4] + "*" * (len(text) - 6) + text[-2:]
