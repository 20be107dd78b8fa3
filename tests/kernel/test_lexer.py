"""Cells and sentences beyond the tables of docs/quantities.md."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.lexer import exact_decimal, find_quantities, read_quantity
from linli.kernel.quantities import Qualifier, Quantity

D = Decimal


@pytest.mark.parametrize(
    ("cell", "value"),
    [(20, "20"), (20.0, "20"), (17.4, "17.4"), (0.1 + 0.2, "0.3"), (1e15, "1E+15"), (-3, "-3"),
     (D("2.50"), "2.5"), (1 / 3, "0.333333333333333"), (1234567.891, "1234567.891")],
)  # fmt: skip
def test_numbers_are_taken_as_they_show(cell: float | Decimal, value: str) -> None:
    assert read_quantity(cell, unit="户") == Quantity(D(value), "户")


@pytest.mark.parametrize("cell", [True, False, float("nan"), float("inf"), 1e30, D("NaN"), 10**24])
def test_what_a_number_cell_is_not(cell: float | Decimal) -> None:
    assert read_quantity(cell) is None


def test_a_column_scales_its_numbers() -> None:
    assert read_quantity(17.4, unit="元", scale=10_000) == Quantity(D(174_000), "元")
    assert read_quantity(1, unit="%", scale=100) == Quantity(D(100), "%")
    assert read_quantity(0.97, unit="%", scale=100) == Quantity(D(97), "%")
    assert read_quantity("2.50", unit="元", scale=10_000) == Quantity(D(25_000), "元")
    assert f"{read_quantity('17.4', unit='元', scale=D(10_000)).value}" == "174000"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("cell", "value", "unit", "qualifier"),
    [
        ("约200余人", 200, "人", "about"), ("至少200余人", 200, "人", "at_least"),
        ("共约30户", 30, "户", "about"),
        ("超过千人", 1000, "人", "over"), ("近万元", 10_000, "元", "nearly"),
        ("百余户", 100, "户", "over"),
        ("千余", 1000, "", "over"), ("≥95%", 95, "%", "at_least"), ("<3", 3, "", "nearly"),
        (">5个", 5, "个", "over"),
        ("100元起", 100, "元", "at_least"), ("5吨多", 5, "吨", "over"),
        ("3个小时", 3, "小时", "exact"),
        ("百户", 100, "户", "exact"), ("4.5‰", "4.5", "‰", "exact"), ("20户。", 20, "户", "exact"),
        ("￥300", 300, "元", "exact"), ("300元整", 300, "元", "exact"),
        ("负3度", -3, "度", "exact"),
        ("60 个", 60, "个", "exact"), ("46岁", 46, "岁", "exact"), ("30几户", 30, "户", "over"),
        ("3324戶", 3324, "户", "exact"), ("伍拾元", 50, "元", "exact"),
        ("1,234,567", 1234567, "", "exact"),
        ("百分之一百", 100, "%", "exact"), ("５００餘元", 500, "元", "over"),
        ("不到100", 100, "", "nearly"),
    ],
)  # fmt: skip
def test_cells(cell: str, value: object, unit: str, qualifier: str) -> None:
    found = read_quantity(cell)
    assert found is not None
    assert (found.value, found.unit, found.qualifier.value) == (D(str(value)), unit, qualifier)


@pytest.mark.parametrize(
    ("cell", "low", "high", "unit"),
    [
        ("2-3", 2, 3, ""), ("20至30人", 20, 30, "人"), ("20人-30人", 20, 30, "人"),
        ("5%~10%", 5, 10, "%"),
        ("500—1000元", 500, 1000, "元"), ("2万至3万元", 20_000, 30_000, "元"),
        ("8千-2万元", 8000, 20_000, "元"),
        ("三至五名", 3, 5, "名"), ("十七八个", 17, 18, "个"), ("约2~3次左右", 2, 3, "次"),
        ("1.5-2小时", "1.5", 2, "小时"), ("5到6万", 50_000, 60_000, ""),
        ("900-1万", 900, 10_000, ""),
    ],
)  # fmt: skip
def test_ranges(cell: str, low: object, high: object, unit: str) -> None:
    expected = Quantity(D(str(low)), unit, Qualifier.RANGE, D(str(high)))
    assert read_quantity(cell) == expected


@pytest.mark.parametrize(
    "cell",
    ["", " ", "无", "上30户", "上3", "5余余户", "三四-五六人", "一二-二十人",
     "-", "—", "/", "=A1", "#DIV/0!", "12a", "a12", "20户9人", "5-", "3-3", "5-2",
     "百分之几", "十分", "约约约3", "1" * 30 + "个",
     "备注：20户的情况见附件，请各位同志认真核对以后再上报街道办事处备案存查",
     "一一", "万", "百千", "十几几", "3.14.15", "几户", "数十人", "5余多余户", "1.2.3万"],
)  # fmt: skip
def test_what_is_no_quantity(cell: str) -> None:
    found = read_quantity(cell)
    assert found is None or (cell == "十分" and found.unit == "分")


@given(st.text(max_size=30))
def test_any_text_is_read_or_left(text: str) -> None:
    read_quantity(text)
    for found in find_quantities(text):
        assert text[found.start : found.end] == found.text


@given(st.integers(0, 10**12), st.sampled_from(["", "户", "人次", "元", "%"]))
def test_plain_numbers_come_back(number: int, unit: str) -> None:
    expected = Quantity(D(number), unit)
    assert read_quantity(f"{number}{unit}") == expected
    assert read_quantity(f"{number:,}{unit}") == expected
    assert read_quantity(str(number), unit=unit) == expected


@given(st.floats(0, 10**9, allow_nan=False).map(lambda number: round(number, 4)))
def test_floats_come_back_as_they_show(number: float) -> None:
    assert exact_decimal(number) == D(repr(number)).normalize() + 0 or abs(
        exact_decimal(number) - D(repr(number))  # type: ignore[operator]
    ) < D(repr(number)) * D("1e-14")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("培训三五名骨干", "3-5名"), ("每年投入20万元，每天接待20人", "20万元 20人"),
        ("百分之九十以上的家庭", "90%以上"),
        ("每名学生500元，每人10元", "500元/名 10元/人"), ("吃了3个月饼，做了3个月", "3个 3个月"),
        ("1.3户", ""), ("受损?281户", ""), ("编号A12个", ""), ("前3名，每10户，数百人，某2家", ""),
        ("第 3 次会议，首批百户，第十二届", ""), ("12家庭，3部门，2支部", "3部门"),
        ("八千余人和三十来户", "8000余人 30余户"),
        ("约占95%左右", "约95%"), ("上千人围观，上百户受益", "1000人以上 100户以上"),
        ("楼上3户，附近3家", "3户 3家"),
        ("超2万人次，B超3次", "超过2万人次 3次"),
        ("热线62345678，手机13912345678，投入8000000元", "800万元"),
        ("一户一档，一起开展，一批骨干，一次次上门", ""),
        ("举办了一期，开设一处，建成两处", "1期 1处 2处"),
        ("8时30分、9点、18:30开会", ""),
        ("住5幢2单元301，11栋402室，另有住宅楼6栋", "6栋"), ("三级联动，二级支部6个", "6个"),
        ("身份证110101199003070000号", ""),
        ("20户30人", "20户 30人"), ("不足10户", "不足10户"), ("3月5日20户", "20户"),
        ("1、3户家庭", "3户"),
        ("去年9月慰问", ""), ("温度26度，节电500度", "500度"),
        ("五六十户，十五六人", "50-60户 15-16人"),
        ("60个以上，50人以下", "60个以上 50人以内"), ("2010年3户", "3户"), ("一等奖2名", "2名"),
        ("形成12个，人数441人，数十人", "12个 441人"), ("陆家五口，伍家两户", "5口 2户"),
        ("复印机一台、音响一套，换了一套", "1台 1套 1套"), ("花园村8组，二期工程，三期培训", "3期"),
        ("六个字，两个半小时，200 多位老人", "200余位"), ("百分之百百的，三至二名", ""),
    ],
)  # fmt: skip
def test_sentences(text: str, found: str) -> None:
    from linli.kernel.wording import phrase

    said = [phrase(one.quantity).replace("至", "-") for one in find_quantities(text)]
    expected = [word.replace("2万人次", "20000人次") for word in found.split()]
    assert said == expected
