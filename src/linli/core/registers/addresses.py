"""Addresses inside a community: building, stairwell and number from what people write. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BUILDING = re.compile(
    r"(?P<street>.*?)(?:第?(?P<building>[0-9A-Za-z甲乙丙丁东西南北一二三四五六七八九十]{1,6}?)"
    r"(?:号楼|栋|幢|座|#楼?|楼(?!道)))(?P<rest>.*)"
)
_STAIRWELL = re.compile(
    r"(?:第?(?P<stairwell>[0-9A-Za-z一二三四五六七八九十]{1,3})(?:单元|门洞|门))(?P<rest>.*)"
)
_NUMBER = re.compile(r"(?P<number>[0-9A-Za-z]{1,6}(?:-[0-9A-Za-z]{1,4})?)(?:室|房|号房|号|户)?")
_SHORT = re.compile(
    r"(?P<building>[0-9A-Za-z]{1,4})[-－—/](?:(?P<stairwell>[0-9]{1,2})[-－—/])?(?P<number>[0-9A-Za-z]{2,6})"
)
_PAIR = re.compile(r"(\d{1,2})-(\d{2,6})(?:室|房|号)?")
_DIGITS = {word: str(number) for number, word in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True, slots=True)
class Address:
    """A dwelling's place: street, and building, stairwell, number in one spelling."""

    building: str
    stairwell: str
    number: str
    street: str = ""

    @property
    def said(self) -> str:
        """As it is said: 3栋2单元301."""
        building = self.building if not self.building.isalnum() else f"{self.building}栋"
        return f"{building}{f'{self.stairwell}单元' if self.stairwell else ''}{self.number}"


def read_address(text: str) -> Address | None:
    """The parts of 幸福路12号3栋2单元301室, 3#2-301, 3-2-301; None where no dwelling is named."""
    place = read_place(text)
    return place if place is not None and place.number else None


def read_place(text: str) -> Address | None:
    """As `read_address`, but 3栋 and 3栋2单元 will do; what is not named is empty."""
    plain = _plain(text).replace("—", "-")
    short = _SHORT.fullmatch(plain)
    if short is not None:
        return Address(short["building"].upper(), short["stairwell"] or "", short["number"].upper())
    found = _BUILDING.fullmatch(plain)
    if found is None:
        return None
    stairwell, rest = _stairwell(found["rest"].lstrip("-,，"))
    number = _NUMBER.fullmatch(rest)
    if rest and number is None:
        return None
    said = number["number"].upper() if number else ""
    return Address(building_mark(found["building"]), stairwell, said, found["street"])


def _stairwell(rest: str) -> tuple[str, str]:
    """The stairwell that `rest` begins with, and what follows it."""
    written = _STAIRWELL.fullmatch(rest)
    if written is not None:
        return stairwell_mark(written["stairwell"]), written["rest"].lstrip("-,，")
    pair = _PAIR.fullmatch(rest)
    return (pair[1], pair[2]) if pair is not None else ("", rest)


def in_parts(building: str, stairwell: str, number: str, street: str = "") -> Address:
    """The address of three columns: 3号楼 | 2单元 | 301室."""
    plain = _NUMBER.fullmatch(_plain(number))
    return Address(
        building_mark(building),
        stairwell_mark(stairwell),
        plain["number"].upper() if plain else _plain(number),
        _plain(street),
    )


def building_mark(text: str) -> str:
    """One spelling of a building: 3号楼, 3幢, 第3栋 and 三栋 are 3."""
    plain = re.sub(r"^第|(?:号楼|栋|幢|座|#楼?|楼)$", "", _plain(text)).upper()
    return _DIGITS.get(plain, plain.lstrip("0") or plain)


def stairwell_mark(text: str) -> str:
    """One spelling of a stairwell: 2单元 and 二单元 are 2."""
    plain = re.sub(r"^第|(?:单元|门洞|门)$", "", _plain(text))
    return _DIGITS.get(plain, plain.lstrip("0"))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")
