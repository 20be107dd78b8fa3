"""Cells that are not what they should be: formula errors, garbled text, text that looks alive."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.work.intake.lines import Line, address
from linli.work.intake.problems import Problems
from linli.work.intake.read import Sheet
from linli.work.intake.words import Sort

SHORT = 5000
_TOTALS = (Sort.TOTAL, Sort.SUBTOTAL, Sort.RUNNING)
_GARBLED = re.compile(
    "\ufffd|锟斤拷|烫烫|屯屯屯|[\u00c2-\u00ef][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]"
)
_SUSPECT = re.compile(f"{_GARBLED.pattern}|^[=@]", re.MULTILINE)


@dataclass(slots=True)
class Inspector:
    """Looks at the cells of one sheet; ``needed`` says whether there is anything to look for."""

    sheet: Sheet
    problems: Problems

    @property
    def needed(self) -> bool:
        """In a long sheet only what the guard saw in its bytes is worth a look at every cell."""
        sheet = self.sheet
        suspect = bool(sheet.marks.faults) or sheet.garbled or sheet.formulas
        return suspect or sheet.height <= SHORT

    def inspect(self, line: Line, sort: Sort) -> None:
        """Report what is wrong with the cells of a line."""
        if line.row in self.sheet.marks.faults:
            self._faults(line, sort)
        # Most lines are clean: one look at all of their texts says so.
        if _SUSPECT.search("\n".join([value for value in line.own if type(value) is str])):
            for column, value in line.texts():
                if type(value) is str:
                    self._text(address(line.row, column), value)

    def _faults(self, line: Line, sort: Sort) -> None:
        """Error values and formulas without a value: errors in work, a warning in a total row."""
        for column, fault in self.sheet.marks.faults[line.row].items():
            cell = address(line.row, column)
            what = "公式出错" if fault.startswith("#") else "公式没有算出的值"
            way_out = "请在 Excel 或 WPS 里改好公式并保存，或改成数值后再导入"
            if sort in _TOTALS:
                said = f"合计行的{what}，没法核对"
                self.problems.warn(self.sheet.name, cell, fault, said, way_out)
            elif sort in (Sort.WORK, Sort.PART):
                self.problems.error(self.sheet.name, cell, fault, what, way_out)

    def _text(self, cell: str, text: str) -> None:
        if is_garbled(text):
            self.problems.error(
                self.sheet.name, cell, text, "是乱码，编码弄错了",
                "请用原来的软件重新导出为 UTF-8 编码，或在表里改正后再导入",
            )  # fmt: skip
        elif text[0] in "=@":
            self.problems.warn(
                self.sheet.name, cell, text, "看着像公式，按文字保存，不会执行",
                "不要的请在表里删去",
            )  # fmt: skip


def is_garbled(text: str) -> bool:
    """Whether a text shows the marks of a wrong decoding."""
    return _GARBLED.search(text) is not None
