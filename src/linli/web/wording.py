"""Codes in words: how pages name grains, states, qualifiers, bases and days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from linli.kernel.clock import beijing
from linli.kernel.days import Occurred, Precision
from linli.kernel.quantities import Qualifier, Quantity
from linli.kernel.wording import phrase

GRAINS: Mapping[str, str] = MappingProxyType(
    {"event": "一件事", "summary": "一段时间的合计", "observation": "某日的状况"}
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        "done": "已办",
        "ongoing": "进行中",
        "planned": "计划",
        "source_wanted": "来源待补",
        "withdrawn": "已撤销",
    }
)
QUALIFIERS: Mapping[str, str] = MappingProxyType(
    {
        "exact": "确数",
        "at_least": "以上（含本数）",
        "at_most": "以内（含本数）",
        "over": "余（多于）",
        "nearly": "近（少于）",
        "about": "约",
        "range": "范围",
    }
)
BASES: Mapping[str, str] = MappingProxyType(
    {"computed": "逐条算出：由一条条记录计算", "declared": "申报：由申报的合计或状况得出"}
)
AUDITED: Mapping[str, str] = MappingProxyType(
    {
        "records.record": "登记记录",
        "records.repeat": "重复提交（未再登记）",
        "records.correct": "更正记录",
        "records.fill": "补填记录",
        "records.withdraw": "撤销记录",
        "records.name_source": "补明来源",
        "records.attach": "附佐证",
        "records.commit_import": "导入表格",
        "intake.remember": "记住表格对照",
        "flows.start": "转入流程",
        "flows.move": "办理一步",
        "flows.repeat": "重复提交（未再办理）",
        "flows.erase_reason": "抹去流转理由",
        "flows.send": "发给别的辖区",
        "flows.deliver": "收到来件",
        "flows.accept": "签收来件",
        "flows.refuse": "退回来件",
        "evidence.store": "保存文件",
        "periods.close": "关账",
        "reports.write": "写报告",
        "insight.fill": "计算数据",
        "areas.create": "建立辖区",
        "access.grant": "授予角色",
        "access.revoke": "收回角色",
    }
)
"""What an entry of the audit chain says was done."""

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "profile": "社区概况",
        "organisation": "组织领导",
        "plan": "计划制度",
        "party": "党的建设",
        "democracy": "居民自治",
        "service": "便民服务",
        "visit": "走访救助",
        "employment": "就业保障",
        "facilities": "阵地设施",
        "publicity": "宣传",
        "education": "教育学习",
        "culture": "文体活动",
        "volunteering": "志愿服务",
        "environment": "环境卫生",
        "two_oriented": "两型创建",
        "funds": "工程资金",
        "safety": "平安法治",
        "disaster": "防灾减灾",
        "enterprises": "驻区单位",
        "honours": "荣誉表彰",
        "readiness": "档案迎检",
        "kpi": "指标目标",
        "other": "其他",
    }
)
"""Titles of the sections under which kinds and indicators are filed, in the order of pages."""


def section_title(section: str) -> str:
    """The title of a section; a local pack's own section is shown by its id."""
    return SECTIONS.get(section, section)


def who(actor: str, known: Mapping[str, str]) -> str:
    """An actor id as pages name it; `known` are the names that the gate gives out."""
    if actor.startswith("operator-"):
        return "命令行操作员"
    return known.get(actor, "已删除的用户")


def stamp(instant: datetime | None) -> str:
    """An instant in Beijing time: 2010-03-31 10:05."""
    return f"{beijing(instant):%Y-%m-%d %H:%M}" if instant else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _span(start: date, end: date) -> str:
    if start == end:
        return _day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{_day(start)}至{end.day}日"
    if start.year == end.year:
        return f"{_day(start)}至{end.month}月{end.day}日"
    return f"{_day(start)}至{_day(end)}"


def when(occurred: Occurred) -> str:
    """The days of a record in words, with the year: 2010年3月5日, 2010年3月下旬, 2007–2009年."""
    start, end = occurred.start, occurred.end
    if start is None:
        return f"至{_day(end)}" if end else (occurred.words or "日期未写明")
    year, month = f"{start.year}年", f"{start.month}月"
    match occurred.precision:
        case Precision.DAY | Precision.HALF_DAY if end in (None, start):
            half = next((w for w in ("上午", "下午", "晚上") if w in occurred.words), "")
            return _day(start) + half
        case Precision.DEKAD:
            return f"{year}{month}{'上中下'[min((start.day - 1) // 10, 2)]}旬"
        case Precision.MONTH:
            return year + month
        case Precision.QUARTER:
            return f"{year}第{'一二三四'[(start.month - 1) // 3]}季度"
        case Precision.HALF:
            return year + ("上半年" if start.month == 1 else "下半年")
        case Precision.YEAR:
            return year
        case Precision.YEARS if end is not None:
            return f"{start.year}–{end.year}年"
        case Precision.FESTIVAL:
            return f"{_span(start, end or start)}（{occurred.words}）"
    return _span(start, end or start)


def said(quantity: Quantity | None) -> str:
    """A quantity as a report says it: 200余人次; — where there is none."""
    return "—" if quantity is None else phrase(quantity)


def number(value: Decimal | None) -> str:
    """A bare number without trailing zeros, thousands parted: 2,552."""
    if value is None:
        return "—"
    short = value.normalize()
    return f"{short:,f}"


def sign(quantity: Quantity) -> str:
    """The word that the qualifier adds, for a figure whose number stands apart: 余, 近, 以上."""
    return {
        Qualifier.OVER: "余",
        Qualifier.NEARLY: "近",
        Qualifier.ABOUT: "约",
        Qualifier.AT_LEAST: "以上",
        Qualifier.AT_MOST: "以内",
    }.get(quantity.qualifier, "")


ROLES: Mapping[str, str] = MappingProxyType(
    {
        "date": "日期",
        "cadence": "频次",
        "number": "序号",
        "title": "名称",
        "content": "内容",
        "category": "类别",
        "object": "对象",
        "value": "数值",
        "people": "人数",
        "households": "户数",
        "money": "金额",
        "times": "次数",
        "measure": "数量",
        "unit": "单位",
        "place": "地点",
        "organiser": "主办",
        "partner": "协办",
        "level": "级别",
        "result": "结果",
        "state": "状态",
        "person": "人员",
        "deadline": "期限",
        "remark": "备注",
        "identifier": "证件、电话（不导入）",
        "total": "合计（只核对）",
        "field": "其他文字",
        "skip": "不导入",
    }
)
"""What a column of a workbook may be."""


def sureness(confidence: float) -> str:
    """How sure a reading is: in words, for a person who decides whether to look closer."""
    if confidence >= 0.8:
        return "有把握"
    return "大致如此" if confidence >= 0.5 else "没有把握"
