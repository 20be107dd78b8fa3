"""Which runs of a text are numbers, and which are list numbering or set phrases."""

from __future__ import annotations

import pytest

from linli.reports.numerals import numbering, numerals, plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("走访居民家庭20户，其中低保户2户", ["20", "2"]),
        ("募集捐款9000余元，占97.5%以上", ["9000", "97.5%"]),
        ("组织学习三次，涉及七项内容", ["三", "七"]),
        ("一、走访帮扶", []),
        ("（一）学习教育", []),
        ("1.政策学习3次", ["3"]),
        ("（1）3月5日，走访20户；（2）3月8日，募捐", ["3", "5", "20", "3", "8"]),
        ("围绕三个代表，进一步做好统一管理，一系列活动", []),
        ("2010年第一季度", ["2010"]),
        ("二〇一〇年五月十二日", ["二〇一〇年五月十二日"]),
        ("每周2~3个上午", ["2~3"]),
        ("１２户、1,234人", ["１２", "1,234"]),
        ("面积1.5万平方米", ["1.5"]),
        ("金秋小区一次性碗筷", []),
        ("有33人（33户）", ["33", "33"]),
    ],
)
def test_numerals(text: str, found: list[str]) -> None:
    assert [one.text for one in numerals(text)] == found


def test_a_number_in_brackets_inside_a_sentence_is_no_numbering() -> None:
    assert numbering("共走访（33）户") == []
    assert numbering("如下：（1）走访") == [(3, 6)]


def test_plain_ignores_width_space_and_joiners() -> None:
    assert plain("２０ \u2060户\n") == "20户"
