"""Which column of a sheet says what: header words of the pack, and those of places and households."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from linli.packs.registry import Registry

Value = str | int | float | bool | date | datetime | time | timedelta
Rows = Sequence[Sequence[Value]]

PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "building": ("楼栋", "楼号", "栋号", "幢号", "楼栋号", "栋", "幢", "楼"),
        "stairwell": ("单元", "单元号", "门洞"),
        "number": ("房号", "室号", "门牌号", "门牌", "房间号", "户室", "室"),
        "household": ("户号", "户编号", "家庭编号", "户口簿号"),
        "head": ("户主", "户主姓名"),
        "category": (
            "人员类别",
            "类别",
            "人员类型",
            "人群分类",
            "特殊人群",
            "关爱类别",
            "身份类别",
        ),
        "tie": ("人户关系", "人户状态", "居住状态", "人户一致", "户籍类型"),
        "elsewhere": ("户籍地址", "户籍地", "户籍所在地", "人户分离地址"),
        "since": ("迁入日期", "入住日期", "入户日期", "登记日期"),
        "remark": ("备注", "说明"),
        "ordinal": ("序号", "编号"),
    }
)
"""Header words for what the pack does not name: where people live, and with whom."""

_SOMEBODY_ELSE = re.compile(
    r"^(?:户主|监护人|紧急联系人|联系人|配偶|父亲|母亲|房东)(?!$|姓名$|关系)"
)
_BRACKETS = re.compile(r"[（(].*?[）)]")
_NOISE = re.compile(r"[\s:：*＊/、]+")
_FIRST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet's table begins and what its columns are: role → column, from 0."""

    first: int
    columns: Mapping[str, int]
    care: Mapping[int, str]


def layout_of(rows: Rows, registry: Registry) -> Layout | None:
    """The layout of a sheet; None where no row looks like the header of a register."""
    words = _words(registry)
    best: tuple[int, int, dict[str, int], dict[int, str]] | None = None
    for number, row in enumerate(rows[:_FIRST_ROWS]):
        columns, care = _roles(row, words, registry)
        if "name" in columns and len(columns) > 1 and (best is None or len(columns) > best[0]):
            best = (len(columns), number, columns, care)
    if best is None:
        return None
    _, number, columns, care = best
    first = number + 1
    if first < len(rows):
        below, more = _roles(rows[first], words, registry)
        own = _plain(_cell(rows[first], columns["name"]))
        if below and own in ("", _plain(_cell(rows[number], columns["name"]))):
            columns, care, first = below | columns, more | care, first + 1
    return Layout(first, MappingProxyType(columns), MappingProxyType(care))


def _words(registry: Registry) -> dict[str, str]:
    found = {word: role for role, words in PLACES.items() for word in words}
    for field in registry.personal.values():
        found |= dict.fromkeys((field.title, *field.words), field.what)
    return found


def _roles(
    row: Sequence[Value], words: Mapping[str, str], registry: Registry
) -> tuple[dict[str, int], dict[int, str]]:
    columns: dict[str, int] = {}
    care: dict[int, str] = {}
    for number, cell in enumerate(row):
        header = _plain(cell)
        if not header or len(header) > 16:
            continue
        role = _role(header, words)
        if role is not None:
            columns.setdefault(role, number)
        elif (found := care_class_of(header.removeprefix("是否"), registry)) is not None:
            care[number] = found
    return columns, care


def _role(header: str, words: Mapping[str, str]) -> str | None:
    """The role of a header: its words exactly, else the longest that it holds."""
    if header in words:
        return words[header]
    if _SOMEBODY_ELSE.match(header):
        return None
    held = [word for word in words if len(word) > 1 and word in header]
    return words[max(held, key=len)] if held else None


def care_class_of(word: str, registry: Registry) -> str | None:
    """The id of the care class that a word means."""
    for one in registry.care.values():
        if word and word in (one.title, *one.words):
            return one.id
    return None


def _plain(cell: object) -> str:
    text = unicodedata.normalize("NFKC", str(cell)) if isinstance(cell, str) else ""
    return _NOISE.sub("", _BRACKETS.sub("", text))


def _cell(row: Sequence[Value], column: int) -> Value:
    return row[column] if column < len(row) else ""


def cell_name(row: int, column: int) -> str:
    """The name of a cell as a spreadsheet shows it; both from 0."""
    letters, rest = "", column
    while rest >= 0:
        letters = chr(65 + rest % 26) + letters
        rest = rest // 26 - 1
    return f"{letters}{row + 1}"


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet's name and its cells, merged cells filled."""

    name: str
    rows: list[list[Value]]


def page_of(
    name: str, rows: Iterable[Sequence[Value]], merges: Iterable[tuple[int, int, int, int]] = ()
) -> Page:
    """A page; each cell of a merged rectangle (top, left, bottom, right) says what its first says."""
    filled = [list(row) for row in rows]
    for top, left, bottom, right in merges:
        if top >= len(filled) or left >= len(filled[top]):
            continue
        value = filled[top][left]
        for row in filled[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = value
    return Page(name, filled)
