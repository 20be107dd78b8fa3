"""The unit that a header states, or suggests with its words: 金额（万元）, 参加人数, 受益户数."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.kernel.lexer import canonical_unit
from linli.work.intake.words import bare, unit_in_brackets


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its factor; ``weak``: only the header's wording suggests it (人数 → 人).

    ``of``: in a title, the columns that it is meant for: 面积单位：㎡ is not that of seats.
    """

    name: str = ""
    factor: int = 1
    weak: bool = True
    of: str = ""


NO_UNIT = Unit()

_MONEY = re.compile(
    r"金额|资金|经费|[捐善贷借]款|款$|费$|费用|补贴|补助|预算|支出|收入|投入|投资|造价|价值|奖励|筹资"
)
_PEOPLE = re.compile(
    r"(?:人员?|员|者|民|生|童|妇女|干部|骨干|代表|师|医生|户主|军人|居民|群众|队员)总?数$"
    r"|人数$|人员$|人口数?$|人$|党员$|志愿者$|学生$|儿童$|居民$|妇女$|义工$|队员$"
)
_PIECES = re.compile(r"[/／,，:：]")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]")
_RATE = re.compile(r"率$|比例|占比|比重|百分")
_COUNTED = re.compile(r"(.{1,4})数$")


def header_unit(texts: tuple[str, ...]) -> Unit:
    """The unit that a header states in brackets or in a row of its own, or suggests in words."""
    for text in reversed(texts):
        plain = bare(text)
        found = unit_in_brackets(plain)
        if found:
            return Unit(found[0], found[1], weak=False)
        known = canonical_unit(plain.strip("（）()"))
        if known:
            return Unit(known[0], int(known[1]), weak=False)
        tail = _PIECES.split(plain)[-1]
        known = canonical_unit(tail) if tail != plain else None
        if known:
            return Unit(known[0], int(known[1]), weak=False)
    for text in reversed(texts):
        found_unit = _suggested(bare(text))
        if found_unit.name:
            return found_unit
    return Unit()


def _suggested(header: str) -> Unit:
    factor = 10_000 if "（万）" in header or "(万)" in header else 1
    plain = _BRACKETED.sub("", header)
    if "人次" in plain:
        return Unit("人次", factor, weak=False)
    if _RATE.search(plain):
        return Unit("%", 1)
    if plain.endswith(("户数", "家庭数", "户")):
        return Unit("户", factor)
    if _PEOPLE.search(plain):
        return Unit("人", factor)
    counted = _COUNTED.search(plain)
    if counted:
        for size in (2, 1):
            known = canonical_unit(counted[1][-size:])
            if known and counted[1][-size:] != "个":
                return Unit(known[0], factor * int(known[1]))
    for word, unit in (("场次", "场"), ("面积", "平方米"), ("时长", "小时"), ("次数", "次")):
        if plain.endswith(word):
            return Unit(unit, factor)
    return Unit("元", factor) if _MONEY.search(plain) else Unit()
