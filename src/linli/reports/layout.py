"""The page of GB/T 9704-2012, the same numbers for every rendering.

A4; margins 37 (top), 35 (bottom), 28 (left) and 26 mm (right) leave a text area of 156 × 225 mm:
22 lines of 28 characters. Body 三号 (16 pt) 仿宋 at exactly 28 pt, first line indented by two
characters; title 二号 (22 pt) 小标宋, centred; levels 一、黑体 （一）楷体 1. 仿宋.
"""

from __future__ import annotations

from typing import Final

from linli.reports.draft import Cell

PAGE_MM: Final = (210, 297)
MARGINS_MM: Final = (37, 26, 35, 28)  # top, right, bottom, left
BODY_PT: Final = 16
TITLE_PT: Final = 22
TITLE_PITCH_PT: Final = 36
PITCH_PT: Final = 28
TABLE_PT: Final = 12
TABLE_PITCH_PT: Final = 18
FOOT_PT: Final = 14
LINES: Final = 22
CHARACTERS: Final = 28

TITLE_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
LEVEL_FONTS: Final = {1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312"}
TABLE_FONT: Final = "仿宋_GB2312"
HEAD_FONT: Final = "黑体"
FOOT_FONT: Final = "宋体"

APPENDIX_TITLE: Final = "附录：数据说明"
APPENDIX_HEAD: Final = ("数据", "写为", "含义", "依据的记录")
APPENDIX_WIDTHS: Final = (20, 16, 34, 30)
UNVERIFIED: Final = "（未核）"


def _width(cell: Cell) -> float:
    """Width in characters of the title's size; a digit with its share of the gap is 0.6 wide."""
    return sum(0.6 if letter.isascii() else 1.0 for run in cell for letter in run.text)


def title_lines(title: Cell) -> list[Cell]:
    """Return the title in one line, or in two that break between its words and not inside them."""
    fits = (PAGE_MM[0] - MARGINS_MM[1] - MARGINS_MM[3]) / 25.4 * 72 / TITLE_PT
    if _width(title) <= fits:
        return [title]
    splits = [(title[:at], title[at:]) for at in range(1, len(title))]
    whole = [split for split in splits if max(_width(split[0]), _width(split[1])) <= fits]
    if not whole:
        return [title]
    best = min(whole, key=lambda split: abs(_width(split[0]) - _width(split[1])))
    return [best[0], best[1]]


def heading(number: str, text: str) -> str:
    """Return a heading as it is printed: 一、 and （一） stand close, 1. takes no space either."""
    return f"{number}{text}"
