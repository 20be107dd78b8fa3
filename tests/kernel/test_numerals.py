"""Numerals and units, at their edges."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.numerals import chinese_number, number_of, spoken_range, tidy
from linli.kernel.units import UNITS, canonical_unit, kind_of, spellings

D = Decimal


def _spoken(number: int) -> str:
    """The Chinese numeral of a number below 10^12: an independent writer for the reader."""
    digits = "零一二三四五六七八九"
    if number < 10_000:
        text, gap = "", False
        for place, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = number // place % 10
            if digit:
                text += ("零" if gap and text else "") + digits[digit] + mark
            gap = digit == 0
        return text or "零"
    size, mark = (10**8, "亿") if number >= 10**8 else (10**4, "万")
    head, rest = divmod(number, size)
    link = "零" if 0 < rest < size // 10 else ""
    return _spoken(head) + mark + (link + _spoken(rest) if rest else "")


@given(st.integers(0, 10**12 - 1))
def test_written_numbers_are_read(number: int) -> None:
    assert chinese_number(_spoken(number)) == number


@given(st.integers(0, 10**12), st.booleans())
def test_arabic_numbers_are_read(number: int, commas: bool) -> None:
    assert number_of(f"{number:,}" if commas else str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10), ("廿一", 21), ("卅", 30), ("两千零八", 2008), ("一百二", 120),
        ("一百零二", 102),
        ("两千三", 2300), ("三万五", 35000), ("三万零五", 30005), ("一万二千", 12000),
        ("万", 10000),
        ("二〇一〇", 2010), ("二零", 20), ("壹佰贰拾", 120), ("两亿三", 230_000_000), ("零", 0),
        ("3万5", 35000), ("3万5千", 35000), ("1亿2000万", 120_000_000), ("2千万", 20_000_000),
        ("1,234.5", "1234.5"), ("5百", 500), ("百万", 1_000_000), ("十万", 100_000),
        ("0.5万", 5000),
        ("一百万", 1_000_000), ("三十五", 35), ("一千零一十", 1010), ("3万零", None),
        ("", None), ("三四", None), ("一二三", None), ("一九九八", None), ("十百", None),
        ("一一十", None),
        ("零十", None), ("百十百", None), ("3万5万", None), ("3万50000", None), ("12.3.4", None),
        ("万万", None),
        ("一甲", None), ("甲", None), ("三万四万", None), ("1万a", None),
    ],
)  # fmt: skip
def test_numerals(text: str, number: object) -> None:
    assert number_of(text) == (None if number is None else D(str(number)))


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("二三十", (20, 30)), ("十七八", (17, 18)), ("三五", (3, 5)), ("两三", (2, 3)),
        ("七八百", (700, 800)),
        ("三四千", (3000, 4000)), ("二十五六", (25, 26)), ("五六万", (50_000, 60_000)),
        ("百二三", (120, 130)),
        ("三二", None), ("二四", None), ("十七八百", None), ("三", None), ("走访", None),
    ],
)  # fmt: skip
def test_spoken_ranges(text: str, ends: tuple[int, int] | None) -> None:
    assert spoken_range(text) == ends


@given(st.text(alphabet="０１２％～（），戶個萬餘abc人", max_size=20))
def test_tidying_keeps_every_place(text: str) -> None:
    tidied = tidy(text)
    assert len(tidied) == len(text)
    assert tidy(tidied) == tidied


def test_the_chinese_comma_is_no_thousands_comma() -> None:
    assert tidy("２０，３００") == "20，300"


@pytest.mark.parametrize(
    ("word", "unit", "factor"),
    [
        ("万元", "元", 10_000), ("㎡", "平方米", 1), ("百分比", "%", 1), ("％", "%", 1),
        ("亿元", "元", 10**8),
        ("千元", "元", 1000), ("万人次", "人次", 10_000), ("幢", "栋", 1), ("人（次）", "人次", 1),
        ("戶", "户", 1),
        ("周岁", "岁", 1), ("km²", "平方公里", 1), ("次/月", "次/月", 1),
        ("万元/年", "元/年", 10_000),
        ("次／季", "次/季度", 1), ("千克", "公斤", 1), ("千瓦时", "千瓦时", 1),
        (" 平 米 ", "平方米", 1), ("日", "天", 1),
    ],
)  # fmt: skip
def test_units(word: str, unit: str, factor: int) -> None:
    assert canonical_unit(word) == (unit, factor)
    assert unit.split("/", maxsplit=1)[0] in UNITS


@pytest.mark.parametrize("word", ["", "备注", "万", "次/桌子", "桌子/月", "元每", "万万元", "第"])
def test_what_is_no_unit(word: str) -> None:
    assert canonical_unit(word) is None


def test_kinds_of_units() -> None:
    kinds = {
        unit: kind_of(unit) for unit in ("人", "名", "人次", "户", "元", "次/月", "%", "平方米")
    }
    assert kinds == {
        "人": "people",
        "名": "people",
        "人次": "person_times",
        "户": "households",
        "元": "money",
        "次/月": "times",
        "%": "rate",
        "平方米": "area",
    }
    assert kind_of("桌子") is None


def test_no_spelling_means_two_units() -> None:
    every = [word for unit in UNITS.values() for word in (unit.name, *unit.aliases)]
    assert len(every) == len(set(every)) == len(spellings())
    assert all(canonical_unit(unit) == (unit, 1) for unit in UNITS)
