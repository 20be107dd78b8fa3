"""Days as people write them: `3月5日`, `3.12下午`, `2009.3`, `元宵节`, `三年来`, `每季度`.

`read_date` never guesses: where the text leaves out the year, or counts from today, the reading says
what it needs, and nothing is filled in that the caller did not give.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from linli.kernel.cadences import read_cadence
from linli.kernel.occurrences import Cadence, DateReading, Occurred, Precision
from linli.kernel.spans import read_occurred

__all__ = ["Cadence", "DateReading", "Occurred", "Precision", "read_date", "signature", "words"]

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 75_000)  # 1954 to 2105: smaller numbers are counts, not Excel days
_YEARS = range(1900, 2200)
_LONGEST = 60  # a longer cell is prose


def read_date(
    text: str | date | datetime | int | float, *, year: int | None = None, as_of: date | None = None
) -> DateReading | None:
    """The days or the cadence that a cell states; None when it is not a date at all.

    `year` is the year of the sheet or report, `as_of` the day it was written. Numbers are read as
    they stand in a date column: Excel day numbers, 3.12 as 3月12日, 2010 as a year.
    """
    if isinstance(text, str):
        return _read_text(text.strip(), year, as_of)
    if isinstance(text, datetime):
        return _of_day(text.date())
    if isinstance(text, date):
        return _of_day(text)
    return None if isinstance(text, bool) else _read_number(text, year, as_of)


def _of_day(day: date) -> DateReading:
    return DateReading((Occurred(day, day, Precision.DAY, day.isoformat()),))


def _read_number(number: float, year: int | None, as_of: date | None) -> DateReading | None:
    if not 0 < number < _SERIALS.stop:
        return None
    if int(number) in _SERIALS:
        return _of_day(_EXCEL_EPOCH + timedelta(days=int(number)))
    shown = f"{number:.15g}"
    whole, _, part = shown.partition(".")
    if not part:
        return _read_text(shown, year, as_of) if int(number) in _YEARS else None
    reading = _read_text(shown, year, as_of)
    # Excel drops the last nought: 3.1 may have been typed as 3.10, 2009.1 as 2009.10.
    more = part == "1" if len(whole) == 4 else part in ("1", "2", "3")
    return replace(reading, ambiguous=True) if reading and more else reading


@lru_cache(maxsize=16_384)
def _read_text(text: str, year: int | None, as_of: date | None) -> DateReading | None:
    if not text or len(text) > _LONGEST:
        return None
    reading = read_occurred(text, year, as_of)
    if reading is not None:
        return reading
    cadence = read_cadence(text)
    return None if cadence is None else DateReading(cadence=cadence)


_SPELLED = str.maketrans("0123456789", "〇一二三四五六七八九")


def words(day: date, *, year: bool = False) -> str:
    """`3月5日`, or `2010年3月5日` with the year."""
    short = f"{day.month}月{day.day}日"
    return f"{day.year}年{short}" if year else short


def signature(day: date) -> str:
    """The day as a report is signed with: 二〇一〇年五月十二日."""
    return f"{str(day.year).translate(_SPELLED)}年{_spoken(day.month)}月{_spoken(day.day)}日"


def _spoken(number: int) -> str:
    tens, ones = divmod(number, 10)
    digit = str(ones).translate(_SPELLED) if ones else ""
    if not tens:
        return digit
    return ("" if tens == 1 else str(tens).translate(_SPELLED)) + "十" + digit
