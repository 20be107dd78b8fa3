"""A date in two or three columns (年 | 月 | 日): the columns found, and a row's parts joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from linli.work.intake.head import HeadColumn
from linli.work.intake.lines import Line
from linli.work.intake.read import Row, Value
from linli.work.intake.words import bare

if TYPE_CHECKING:
    from linli.work.intake.columns import Column

_NAMES = {
    "year": frozenset(("年", "年份", "年度")),
    "month": frozenset(("月", "月份")),
    "day": frozenset(("日", "号", "日期", "日子")),
}
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])月?份?")
_ONE_DAY = r"(?:0?[1-9]|[12]\d|3[01])[日号]?"
_DAY = re.compile(rf"{_ONE_DAY}(?:[-~—至到、，,]{_ONE_DAY})*|[上中下]旬|[初底]")


def join_dates(
    columns: list[Column], heads: dict[int, HeadColumn], sample: list[Line]
) -> list[Column]:
    """Make one date of a month and the day to its right, with the year to its left if there is one."""
    names = [_name(heads.get(column.index)) for column in columns]
    for place in range(len(columns) - 1):
        month, day = columns[place], columns[place + 1]
        if names[place] not in _NAMES["month"] or names[place + 1] not in _NAMES["day"]:
            continue
        if not (_all(month, sample, _MONTH) and _all(day, sample, _DAY)):
            continue
        year = columns[place - 1] if place and names[place - 1] in _NAMES["year"] else None
        if year is not None and not _all(year, sample, _YEAR):
            year = None
        parts = (year.index if year else -1, month.index, day.index)
        changed = {month.index: replace(month, role="date", confidence=1.0, joined=parts)}
        for other in (year, day):
            if other is not None:
                changed[other.index] = replace(other, role="skip", confidence=1.0)
        return [changed.get(column.index, column) for column in columns]
    return columns


def joined(cells: Row, parts: Sequence[int]) -> str:
    """The date that a row's parts make: 2015年3月5日, 3月5日, or what of it is filled."""
    year, month, day = (_text(cells[index]) if index >= 0 else "" for index in parts)
    text = f"{year.rstrip('年度')}年" if year else ""
    text += f"{month.rstrip('月份')}月" if month else ""
    return text + (day if not day or not day[-1].isdigit() else f"{day}日")


def _name(head: HeadColumn | None) -> str:
    return bare(head.texts[-1]) if head is not None else ""


def _all(column: Column, sample: list[Line], pattern: re.Pattern[str]) -> bool:
    """Whether something stands in the column, and nothing but such a part of a date."""
    texts = [_text(line.own[column.index]) for line in sample if column.index < len(line.own)]
    filled = [text for text in texts if text and not text.endswith(("计", "："))]
    matching = sum(1 for text in filled if pattern.fullmatch(text))
    return len(filled) > 0 and matching >= 0.8 * len(filled)


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return bare(str(value))
