"""A ledger on paper: .xlsx that prints well, and .csv; no cell is ever a formula."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from linli.kernel.clock import now

if TYPE_CHECKING:
    from linli.insight.ledgers import LedgerTable

_A4 = 9
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EMPTY = "本期没有记录"


def write_xlsx(table: LedgerTable, path: Path) -> None:
    """Write the ledger for A4 landscape: head on each page, page numbers, place to sign."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": table.heading, "created": now().replace(tzinfo=None)})
        sheet = book.add_worksheet(sheet_name(table.title))
        _lay_out(sheet, table)
        _fill(sheet, table, _formats(book))


def write_csv(table: LedgerTable, path: Path) -> None:
    """Write the ledger as UTF-8 CSV that Excel opens; what could run as a formula is made inert."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([inert(table.heading)])
        writer.writerow([inert(column.title) for column in table.columns])
        rows = [*table.rows, *([table.totals] if table.totals else [])]
        writer.writerows([inert(cell) for cell in row] for row in rows)
        if not rows:
            writer.writerow([_EMPTY])
        writer.writerow([f"{word}：" for word in table.signature])


def inert(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def sheet_name(title: str) -> str:
    """A name that Excel accepts: no more than 31 signs, none of []:*?/\\ ."""
    kept = "".join("" if sign in "[]:*?/\\'" else sign for sign in title)
    return kept[:31] or "台账"


def _lay_out(sheet: Any, table: LedgerTable) -> None:
    last = max(len(table.columns) - 1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.set_footer("&C第 &P 页  共 &N 页")
    sheet.center_horizontally()
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
    sheet.print_area(0, 0, 2 + len(table.rows) + bool(table.totals) + 1, last)


def _formats(book: Any) -> dict[str, Any]:
    font = {"font_name": "宋体", "valign": "vcenter"}
    cell = {**font, "font_size": 10, "border": 1, "text_wrap": True}
    return {
        "title": book.add_format(
            {**font, "bold": True, "font_size": 16, "align": "center", "font_name": "黑体"}
        ),
        "head": book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#EFEBE4"}),
        "text": book.add_format({**cell, "num_format": "@"}),
        "number": book.add_format({**cell, "num_format": "@", "align": "right"}),
        "total": book.add_format({**cell, "bold": True, "num_format": "@"}),
        "empty": book.add_format({**cell, "align": "center", "font_color": "#666666"}),
        "sign": book.add_format({**font, "font_size": 11}),
    }


def _fill(sheet: Any, table: LedgerTable, formats: dict[str, Any]) -> None:
    last = max(len(table.columns) - 1, 0)
    _across(sheet, 0, last, table.heading, formats["title"])
    sheet.set_row(0, 30)
    sheet.set_row(1, 24)
    for place, column in enumerate(table.columns):
        sheet.write_string(1, place, column.title, formats["head"])
    line = 2
    for row in table.rows:
        for place, (column, text) in enumerate(zip(table.columns, row, strict=True)):
            sheet.write_string(line, place, text, formats["number" if column.number else "text"])
        line += 1
    if not table.rows:
        _across(sheet, line, last, _EMPTY, formats["empty"])
        line += 1
    if table.totals:
        for place, text in enumerate(table.totals):
            sheet.write_string(line, place, text, formats["total"])
        line += 1
    _sign(sheet, line + 1, last, table, formats["sign"])


def _sign(sheet: Any, line: int, last: int, table: LedgerTable, form: Any) -> None:
    """The foot: who reports is known, the rest is signed by hand."""
    words = [
        f"{word}：{table.area_name}" if word == "填报单位" else f"{word}："
        for word in table.signature
    ]
    step = max((last + 1) // max(len(words), 1), 1)
    if last + 1 < len(words):
        _across(sheet, line, last, "    ".join(words), form)
        return
    for place, word in enumerate(words):
        sheet.write_string(line, place * step, word, form)


def _across(sheet: Any, line: int, last: int, text: str, form: Any) -> None:
    if last:
        sheet.merge_range(line, 0, line, last, "", form)
    sheet.write_string(line, 0, text, form)
