"""A community's year as one workbook: four ledgers with the habits of offices in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

YEAR = 2010
_SHARES = {"走访慰问台账": 4, "学习培训记录": 3, "治安巡逻登记": 2, "矛盾纠纷调解台账": 1}
_HEADS: dict[str, tuple[str, ...]] = {
    "走访慰问台账": (
        "序号", "时间", "走访对象", "走访内容", "走访户数（户）", "慰问金额（元）", "经办人", "备注",
    ),
    "学习培训记录": ("序号", "时间", "学习内容", "地点", "参加人数（人次）", "主持人", "备注"),
    "治安巡逻登记": ("序号", "时间", "巡逻路段", "巡逻人数（人）", "发现情况", "带班人"),
    "矛盾纠纷调解台账": ("序号", "时间", "纠纷事由", "受理件数（件）", "调解结果", "调解员"),
}  # fmt: skip
_PEOPLE = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_GIVEN = "文武明德志国建华永兴春秋平安福贵秀英玉兰淑芳桂珍"
_VISITS = ("节日慰问", "走访困难家庭", "看望独居老人", "慰问残疾家庭", "入户了解情况", "送去米和油")
_STUDIES = ("政策学习", "法律知识讲座", "健康知识讲座", "消防安全培训", "业务学习")
_CAUSES = ("邻里噪音", "楼道堆物", "漏水纠纷", "停车纠纷", "家庭矛盾")


def _name(n: int) -> str:
    """One of 13,824 names."""
    return _SURNAMES[n % 24] + _GIVEN[n // 24 % 24] + _GIVEN[n // 576 % 24]


def rows_of(sheet: str, count: int) -> Iterator[tuple[Any, ...]]:
    """The body of a ledger; one amount in eight is inexact, dates are written in three ways."""
    for n in range(count):
        month, day, person = n % 12 + 1, n // 12 % 28 + 1, _PEOPLE[n % 8]
        when: Any = (f"{month}月{day}日", f"{month}.{day}", f"{YEAR}-{month:02d}-{day:02d}")[n % 3]
        number, near = n + 1, n % 8 == 0
        match sheet:
            case "走访慰问台账":
                money: Any = f"{200 + n % 7 * 100}余元" if near else 100 + n % 50 * 10
                yield number, when, _name(n), _VISITS[n % 6], 1 + n % 30, money, person, ""
            case "学习培训记录":
                people: Any = f"{20 + n % 6 * 10}余人" if near else 15 + n % 60
                yield number, when, _STUDIES[n % 5], f"{n % 9}号活动室", people, person, ""
            case "治安巡逻登记":
                yield number, when, f"{n % 40}号路", 2 + n % 6, "正常", person
            case _:
                yield number, when, f"{_name(n)}{_CAUSES[n % 5]}", 1 + n % 3, "已调解", person


def make(path: str, rows: int) -> dict[str, Any]:
    """Write ``rows`` rows of work, over all sheets together."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    for name, share in _SHARES.items():
        sheet = book.add_worksheet(name)
        sheet.write(0, 0, f"{YEAR}年{name}")
        sheet.write_row(1, 0, _HEADS[name])
        for number, row in enumerate(rows_of(name, rows * share // 10), 2):
            sheet.write_row(number, 0, row)
    book.close()
    return {"seconds": {}, "answers": {}}
