"""The list of records as a workbook that prints well. Data is always written as text or number."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from linli.core.records.rules import RecordView
from linli.packs.load import registry
from linli.web.wording import GRAINS, STATES, said, stamp, when

_HEAD = ("序号", "时间", "事项", "内容", "数量", "状态", "性质", "来源", "登记时间")
_WIDTHS = (6, 18, 14, 44, 40, 8, 12, 30, 17)


def records_sheet(title: str, records: Iterable[RecordView]) -> bytes:
    """One sheet; the head repeats on each printed page, pages are numbered, a foot is signed."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("工作记录")
        bold = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        last = len(_HEAD) - 1
        sheet.merge_range(0, 0, 0, last, "", bold)
        sheet.write_string(0, 0, title, bold)
        for column, text in enumerate(_HEAD):
            sheet.write_string(1, column, text, head)
        row = 2
        for number, record in enumerate(records, start=1):
            sheet.write_number(row, 0, number, cell)
            for column, text in enumerate(_cells(record), start=1):
                sheet.write_string(row, column, text, cell)
            row += 1
        sheet.write_string(
            row + 1, 0, "填报单位：          填表人：          审核人：          日期："
        )
        _print_set_up(sheet)
    return buffer.getvalue()


def _print_set_up(sheet: Any) -> None:
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _cells(record: RecordView) -> tuple[str, ...]:
    kind = registry().kinds.get(record.kind)
    return (
        when(record.occurred),
        kind.title if kind else record.kind,
        record.title,
        "；".join(f"{one.label} {said(one.quantity)}" for one in record.quantities),
        STATES.get(record.state, record.state),
        GRAINS.get(record.grain, record.grain),
        place_of(record),
        stamp(record.captured),
    )


def place_of(record: RecordView) -> str:
    """File, sheet and row of a record; 手工登记 where it was entered."""
    if not record.sheet:
        return record.file or "手工登记"
    row = f" 第{record.row}行" if record.row else ""
    return f"{record.file or ''}［{record.sheet}{row}］"
