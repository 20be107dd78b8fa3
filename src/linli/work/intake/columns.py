"""What each column of a table is: its role, unit, period and whole, from header and contents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from linli.kernel.days import read_date
from linli.kernel.lexer import canonical_unit, read_quantity
from linli.kernel.units import kind_of
from linli.work.intake.date_parts import join_dates
from linli.work.intake.head import Head, HeadColumn
from linli.work.intake.header_units import NO_UNIT, Unit, header_unit
from linli.work.intake.lines import Line
from linli.work.intake.read import Value
from linli.work.intake.words import Sort, Vocabulary, bare, brackets

_TOTALS = (Sort.TOTAL, Sort.SUBTOTAL, Sort.RUNNING)
VALUE_ROLES = frozenset({"people", "households", "money", "times", "value", "measure"})
TEXT_ORDER = ("title", "content", "category", "object", "organiser", "partner", "place", "person")
# Column names that say nothing of the row but what sort of thing it is, where another says more.
_GENERIC = frozenset("事项 项目 类别 类型 活动 事件 工作 分类 种类 所属 条线 板块 专题".split())
_NAMING = ("名称", "称号", "荣誉", "题目", "主题", "奖项", "职务", "姓名")
IDENTIFIERS = (
    "热线",
    "传真",
    "邮箱",
    "QQ",
    "网址",
    "联系方式",
    "电话",
    "手机",
    "证号",
    "身份证",
    "编号",
    "号码",
    "邮编",
    "门牌",
    "房号",
    "账号",
    "卡号",
    "代码",
    "文号",
    "楼号",
    "户号",
    "批次号",
    "学号",
    "工号",
)
_YEARS = frozenset(range(1900, 2101))
# Since when a thing exists, not when work was done: 启用年份, 出生日期.
_SINCE = re.compile(
    r"启用|投用|投入使用|建成|竣工|建造|成立|创办|设立|出生|入党|入职|参加工作|购置|生产日期"
)
_NOT_ADDED = ("平均", "人均", "户均", "年龄", "单价", "均价")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as intake reads it. ``part_of``: the column that holds its whole (其中…)."""

    index: int
    header: str
    label: str
    role: str = "field"
    unit: Unit = NO_UNIT
    period: str = ""
    part_of: int | None = None
    confidence: float = 0.5
    row: int = 0  # of the lowest header cell
    joined: tuple[int, ...] = ()  # columns of year, month and day that make one date; -1: none

    @property
    def added(self) -> bool:
        """Whether values of the column may be added up (rates and ages may not)."""
        return kind_of(self.unit.name) not in ("rate", "degree", "age") and not any(
            word in self.header for word in _NOT_ADDED
        )


@dataclass(slots=True)
class Stats:
    """What a column's cells hold, in the sample."""

    filled: int = 0
    numbers: int = 0
    quantities: int = 0
    dates: int = 0
    cadences: int = 0
    units: int = 0
    years: int = 0
    texts: list[str] = field(default_factory=list)

    def share(self, count: int) -> float:
        """The share of the filled cells."""
        return count / self.filled if self.filled else 0.0


def read_columns(head: Head, sample: list[Line], words: Vocabulary, scale: Unit) -> list[Column]:
    """Return the table's columns with roles; ``scale`` is the title's unit (单位：万元)."""
    width = max([len(line.own) for line in sample] or [0])
    stats = [_stats(i, sample, words) for i in range(width)]
    named = {c.index: c for c in head.columns}
    drafts = [
        _draft(named.get(i, HeadColumn(i, ("",), head.first_row)), stats[i], words)
        for i in range(width)
        if i in named or stats[i].filled
    ]
    columns = [_with_scale(column, stats[column.index], scale) for column in drafts]
    columns = _unique_roles(join_dates(columns, named, sample), stats)
    return _with_parts(columns)


def _stats(index: int, sample: list[Line], words: Vocabulary) -> Stats:
    stats = Stats()
    for line in sample:
        value = line.own[index] if index < len(line.own) else ""
        if value == "" or isinstance(value, bool) or _is_total(line, words):
            continue
        stats.filled += 1
        _count(stats, value)
    return stats


def _is_total(line: Line, words: Vocabulary) -> bool:
    first = next(v for v in line.own if v != "")
    return isinstance(first, str) and words.sort_of(first) in (
        Sort.TOTAL,
        Sort.SUBTOTAL,
        Sort.RUNNING,
        Sort.NOTE,
        Sort.SIGNATURE,
    )


def _count(stats: Stats, value: Value) -> None:
    if isinstance(value, int | float):
        stats.numbers += 1
        stats.years += value in _YEARS
        return
    if not isinstance(value, str):
        stats.dates += 1
        return
    if len(stats.texts) < 50:
        stats.texts.append(value)
    if read_quantity(value) is not None:
        stats.quantities += 1
    if canonical_unit(bare(value)) is not None:
        stats.units += 1
    reading = read_date(value) if len(value) < 30 else None
    if reading is not None:
        stats.cadences += reading.cadence is not None
        stats.dates += bool(reading.occurred or reading.needs or reading.fault)


def _draft(head: HeadColumn, stats: Stats, words: Vocabulary) -> Column:
    header = "".join(head.texts)
    lowest = next((t for t in reversed(head.texts) if not _is_unit_row(t)), head.texts[-1])
    period = next((bare(t) for t in head.texts if is_period(t)), "")
    label = _label(head.texts, period)
    role, confidence = _role(lowest, head.texts, stats, words)
    if (
        period
        and role in ("field", "title", "date", "value")
        and (stats.numbers or stats.quantities or not stats.filled)
    ):
        role, confidence = "value", 0.9
    if role in VALUE_ROLES or role == "total":
        unit = header_unit(head.texts)
    else:
        unit = Unit()
    if role in VALUE_ROLES and words.sort_of(bare(lowest)) in (Sort.TOTAL, Sort.SUBTOTAL):
        role = "total"
    return Column(head.index, header, label, role, unit, period, None, confidence, head.row)


def _is_unit_row(text: str) -> bool:
    return canonical_unit(bare(text).strip("（）()")) is not None


_EMPTY_GROUPS = (
    "数量",
    "数据",
    "情况",
    "其中",
    "其中：",
    "指标",
    "内容",
    "项目",
    "完成情况",
    "统计",
)
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d年?)?(?:(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?|"
    r"第?[一二三四1-4]季度|[上下]半年)|(?:19|20)\d\d年?度?"
)


def is_period(text: str) -> bool:
    """Whether a header names a month, quarter, half or year (月份 as columns)."""
    return _PERIOD.fullmatch(bare(text.removesuffix(".0"))) is not None


def _label(texts: tuple[str, ...], period: str) -> str:
    """The header without its period and bracketed unit; group and sub-header joined."""
    pieces = [t for t in texts if bare(t) != period and not _is_unit_row(t)]
    if period and not pieces:
        return ""
    pieces = pieces or [texts[-1]]
    if len(pieces) > 1:
        pieces = [t for t in pieces if bare(t) not in _EMPTY_GROUPS] or pieces[-1:]
    return "".join(_bare_header(t) for t in pieces) or bare(texts[-1])


def _bare_header(text: str) -> str:
    plain = bare(text)
    for inner in brackets(plain):
        if canonical_unit(re.sub(r"^单位[：:]?", "", inner)) is not None or inner in ("万", "个"):
            plain = plain.replace(f"（{inner}）", "").replace(f"({inner})", "")
    return plain.strip("：:*＊")


def _role(
    header: str, texts: tuple[str, ...], stats: Stats, words: Vocabulary
) -> tuple[str, float]:
    plain = words.bare_header(header)
    numeric = stats.share(stats.numbers + stats.quantities)
    if is_identifier(plain):
        return "identifier", 0.9
    candidates = words.roles(header)
    exact = plain in words.registry.roles
    if candidates and candidates[0] == "number" and exact:
        return "number", 1.0
    if any(words.sort_of(bare(t)) in _TOTALS for t in (*texts, plain)):
        return "total", 1.0
    if words.sort_of(plain) is Sort.PART and numeric >= 0.5:
        return "value", 0.9
    return _weigh(plain, candidates, exact, header_unit(texts), stats, numeric)


def _weigh(
    header: str,
    candidates: tuple[str, ...],
    exact: bool,
    unit: Unit,
    stats: Stats,
    numeric: float,
) -> tuple[str, float]:
    """Header against contents: contents win where the header is loose or says two things."""
    sure = 1.0 if exact else 0.7
    for role in candidates:
        if role == "unit":
            if stats.share(stats.units) >= 0.5:
                return "unit", sure
        elif role in VALUE_ROLES:
            if numeric > 0 or not stats.filled or stats.cadences:
                return role, sure
        elif role == "date":
            if found := _dated(header, exact, stats):
                return found
        elif role == "cadence" or numeric < 0.5 or not (unit.name or stats.numbers):
            return role, sure
    return _guess(candidates, unit, stats, numeric)


def _dated(header: str, exact: bool, stats: Stats) -> tuple[str, float] | None:
    """The role of a column whose header speaks of time, where its contents bear it out."""
    sure = 1.0 if exact else 0.7
    if not exact and _SINCE.search(header):
        return "field", sure
    written = stats.dates + stats.cadences
    if stats.share(written) >= 0.3 or not stats.filled:
        return "date", sure
    if stats.years and stats.share(stats.years + written) >= 0.8:
        return "date", sure
    return ("date", 0.6) if stats.numbers and exact else None


def _guess(
    candidates: tuple[str, ...], unit: Unit, stats: Stats, numeric: float
) -> tuple[str, float]:
    """What the contents alone suggest, where no word of the header fits them."""
    if numeric >= 0.5 or (unit.name and not unit.weak and numeric > 0):
        return "value", 0.8 if unit.name else 0.5
    if stats.share(stats.dates) >= 0.6:
        return "date", 0.5
    if stats.filled and stats.share(stats.units) >= 0.8:
        return "unit", 0.5
    return ("result", 0.4) if candidates and candidates[0] in VALUE_ROLES else ("field", 0.3)


def _with_scale(column: Column, stats: Stats, scale: Unit) -> Column:
    """The title's unit goes to columns of its sort without their own, and to unnamed ones."""
    if not scale.name or column.role not in (*VALUE_ROLES, "total") or not column.unit.weak:
        return column
    same = kind_of(column.unit.name) == kind_of(scale.name)
    meant = scale.of in column.header if scale.of else not column.unit.name
    if same or meant:
        return replace(column, unit=replace(scale, of=""))
    return column


def _unique_roles(columns: list[Column], stats: list[Stats]) -> list[Column]:
    """One date, title, content, category and unit column; what is left over becomes a field."""
    roles = {c.index: c.role for c in columns}
    taken: set[str] = set()
    for column in columns:
        role = column.role
        plain = Vocabulary.bare_header(column.header)
        if (
            role in ("title", "content")
            and plain in _GENERIC
            and _another_says_more(column, columns)
        ):
            role = "category"
        if role in ("date", "title", "content", "category", "unit", "cadence"):
            role = role if role not in taken else _second(role, taken)
        taken.add(role)
        roles[column.index] = role
    return [replace(c, role=roles[c.index]) for c in columns]


def _another_says_more(column: Column, columns: list[Column]) -> bool:
    """Another column tells the row's story: 内容, 活动内容, 会议名称 (not 岗位/项目)."""
    return any(
        other.index != column.index
        and other.role in ("content", "title")
        and Vocabulary.bare_header(other.header) not in _GENERIC
        and (tells(other.header) or is_naming(other.header))
        for other in columns
    )


def _second(role: str, taken: set[str]) -> str:
    if role == "title" and "content" not in taken:
        return "content"
    return "deadline" if role == "date" and "deadline" not in taken else "field"


def _with_parts(columns: list[Column]) -> list[Column]:
    """``其中：低保户`` columns are parts of the nearest value column before them."""
    whole: int | None = None
    done: list[Column] = []
    for column in columns:
        if column.role not in VALUE_ROLES:
            done.append(column)
            continue
        part = "其中" in column.header
        if part and whole is not None:
            above = next(c.unit for c in columns if c.index == whole)
            # 学生 alone suggests 人, but under 参与人次 it counts what its whole counts.
            heads = column.unit.weak and kind_of(column.unit.name) == "people"
            counted = heads and kind_of(above.name) in ("people", "person_times")
            unit = above if counted or not column.unit.name else column.unit
            label = column.label.replace("其中", "").strip("：:，,") or column.label
            done.append(replace(column, part_of=whole, label=label, unit=unit))
            continue
        whole = column.index
        done.append(column)
    return done


_TELLING = re.compile(
    r"内容|情况|记录|经过|描述|简述|事由|事项|活动|任务|问题|诉求|要点|摘要|简况|主题"
)


def tells(header: str) -> bool:
    """Whether the column's cells say what was done, so that they make a title."""
    return _TELLING.search(header) is not None


_IDENTIFYING = re.compile("|".join([*map(re.escape, IDENTIFIERS), "码(?=$|[（(])"]))


def is_identifier(text: str) -> bool:
    """Whether what the text names is a number that counts nothing: telephone, ID, document."""
    return _IDENTIFYING.search(text) is not None


def is_naming(header: str) -> bool:
    """Whether the column's cells are names: numbers in them mean nothing (百户文明家庭)."""
    return any(word in header for word in _NAMING)
