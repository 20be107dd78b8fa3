"""Finds the quantities of a running text, and leaves alone what only looks like one.

Not quantities: dates, ordinals (第三, 首届), ages and other conditions (90周岁以上, 46岁, 温度不低于26度),
numbers of lists, roads and telephones, slogans (三个代表, 三位一体), cadences (每季度更换一次), and
words without a number (几万元, 一批, 多次).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from linli.kernel import grammar
from linli.kernel.naming import noun_of
from linli.kernel.numerals import EVERYDAY, number_of, spoken_range, tidy
from linli.kernel.quantities import Qualifier, Quantity
from linli.kernel.units import PER, UNITS, canonical_unit, kind_of


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity in a text: `text[start:end]`, and the words beside it that name what is counted."""

    quantity: Quantity
    start: int
    end: int
    text: str
    noun: str


# 上 is that of 上百户 alone, 近 not that of 附近, 超 not that of B超.
_BEFORE = (
    rf"(?:{grammar.either(set(grammar.BEFORE) - {'上', '近', '超'})}"
    r"|(?<![A-Za-z高])超|(?<![附最邻])近|(?<![以之及路楼街网马])上(?=[百千万]))"
)
_AFTER = grammar.either(grammar.AFTER)
_NUMBER = grammar.number_pattern(EVERYDAY)
_ANY = re.compile(
    rf"百分之(?P<percent>{_NUMBER})(?P<after_percent>{_AFTER})?"
    rf"|(?P<low>{_NUMBER})(?P<unit_low>{grammar.UNIT})?{grammar.JOINT}"
    rf"(?P<high>{_NUMBER})\s?(?P<unit_range>{grammar.UNIT})"
    rf"|(?P<before>{_BEFORE})?\s?{grammar.amount_pattern(_NUMBER)}(?P<after_number>{_AFTER})?\s?"
    rf"(?P<unit>{grammar.UNIT})(?P<after>{_AFTER})?"
)

# What may not stand just before a number: the rest of a bigger or damaged token, an ordinal, an
# indefinite, the opening quotation mark of a name.
_BAD_BEFORE = re.compile(
    r"(?:\d[.,\-~+]|[A-Za-z?？+#*_=/]|第\s?|首批?|[几头某每]|若干|(?<!以)前|[“‘「『\"'])$"
)
# Spans that belong together and count nothing, though a unit seems to stand in them.
_STOP = rf"(?!\d|[.余多万亿%]|{grammar.JOINT}|{grammar.UNIT})"  # 8000000元 is money, 62345678 a telephone
_NAMED = re.compile(
    rf"{_NUMBER}(?:周年|周?岁|年级|班级|年代|代表|世纪)|[一二三四五六七八九]位一体"
    rf"|(?<!\d)(?:0\d{{2,3}}-)?\d{{7,8}}{_STOP}|(?<!\d)1[3-9]\d{{9}}{_STOP}"
    r"|(?<!\d)\d{15,}|\d{1,2}[:点]\d\d"
)
_ABSTRACT = re.compile(
    "[大项]?(?:方面|层面|角度|环节|阶段|原则|文明|代表|率先|坚持|结合|确保|统一|必须|务必|转变|重点|中心|"
    "基本点|百分百|满意|加强|注重|强化|到位|落实|优先|不准|严禁|一律|第一|一流|意识|自信|维护|字)"
)
_NOT_IN_TEXT = frozenset("年 日 周 分 届 班 节 道 面 头 门 首 m 平方 圆".split())
_MADE_ONE = re.compile(
    "(?:建立|成立|组建|设立|开设|新建|建成|配备|购置|新增|增设|举办|召开|开办|捐赠|建有|设有|拥有|只有|仅有|"
    "引进|聘请|发展|安装|添置|修建|开通|创办|资助|慰问|解决|调解|化解|开展|组织|接待|救助|开|有)[了起过]?$"
)
_NEVER_ONE = frozenset("起 批 样 类 种 片 把 对 口 回 层 部 则 项".split())
_THINGS = frozenset(
    "台 套 座 处 所 间 辆 部 块 面 架 栋 支 张 幅 份 枚 只 顶 条 本 册 名 户".split()
)
_VILLAGE = re.compile("[村社]$")  # 某村8组 is its eighth group
_EVERY = re.compile(r"每(?:逢|隔)?(?:天|日|周|星期|旬|个?月|季度?|半年|年|学期)[^，。；,;！]{0,8}$")
_PER_EACH = re.compile(rf"每(?:(?P<per>{PER})|(?P<whom>[人户名])[^，。；,;！\d]{{1,6}})$")
_PHASE = re.compile("工程|项目|建设|改造")  # 二期工程 is the second one
_CONDITION = re.compile("(?:温度|气温|水温|室温|体温)[^，。；,;]{0,6}$")
_LIVING = frozenset(("people", "households"))
_DISCRETE = frozenset(("people", "person_times", "households", "times", "count"))


def find_quantities(text: str) -> list[Found]:
    """The quantities of a running text in order, each the longest that stands there."""
    plain = tidy(text)
    named = [match.span() for match in _NAMED.finditer(plain)]
    found: list[Found] = []
    for match in _ANY.finditer(plain):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = match.end()
        if any(start < close and opening < end for opening, close in named):
            continue
        quantity = _quantity(match, plain[max(0, start - 16) : start], plain[end : end + 8])
        if quantity is not None:
            noun = _noun(plain, start, end, quantity, found[-1] if found else None)
            found.append(Found(quantity, start, end, text[start:end], noun))
    return found


def _noun(plain: str, start: int, end: int, quantity: Quantity, last: Found | None) -> str:
    """The name of what is counted; 常住居民1208户,3145人 names its households and people once."""
    begin = last.end if last else 0
    noun = noun_of(plain, start, end, begin)
    if noun or last is None or plain[begin:start].strip("，,、和共 "):
        return noun
    both = {kind_of(quantity.unit), kind_of(last.quantity.unit)}
    return last.noun if both <= _LIVING else ""


def _quantity(match: re.Match[str], before: str, after: str) -> Quantity | None:
    spelled = match["unit"] or match["unit_range"]
    if _BAD_BEFORE.search(before) and not _PER_EACH.search(before):
        return None
    if spelled and _is_no_count(match, spelled, before, after):
        return None
    quantity = _read(match, spelled or "%")
    if quantity is None or _is_fraction_of_a_thing(quantity, match):
        return None
    each = _PER_EACH.search(before)
    per = canonical_unit(f"{quantity.unit}/{each['per'] or each['whom']}") if each else None
    if per is None:
        return quantity
    return Quantity(quantity.value, per[0], quantity.qualifier, quantity.value_max, quantity.bounds)


def _is_no_count(match: re.Match[str], unit: str, before: str, after: str) -> bool:
    """Slogans, cadences, conditions, figures of speech and 一 as a mere article."""
    kind = kind_of((canonical_unit(unit) or ("", 0))[0])
    if unit in _NOT_IN_TEXT or kind == "age" or (unit == "个" and _ABSTRACT.match(after)):
        return True
    if _EVERY.search(before) and (kind == "times" or after.startswith(("上午", "下午", "晚上"))):
        return True
    if (unit == "期" and _PHASE.match(after)) or after.startswith("半"):  # 两个半小时
        return True
    if kind == "degree" and _CONDITION.search(before):
        return True
    if unit == "组" and _VILLAGE.search(before):
        return True
    number = match["number"] or ""
    if number == "一":
        return unit in _NEVER_ONE or not (_MADE_ONE.search(before) or _is_listed(unit, after))
    if before.endswith("数") and not number[:1].isdecimal():
        return True  # 数百人; but 体检人数285人
    if not grammar.is_figurative(number):
        return number.startswith(("零", "〇"))  # 零部件
    return not (match["before"] or grammar.is_left_off(match) or match["after"])


def _is_listed(unit: str, after: str) -> bool:
    """打印机一台、音响一套: one thing at the end of an item of a list."""
    return unit in _THINGS and (not after or after[0] in "、，。；,;）)和及\n")


def _read(match: re.Match[str], unit: str) -> Quantity | None:
    if match["high"]:
        return _between(grammar.ends_of(match["low"], match["high"]), unit)
    if match["percent"]:
        value = number_of(match["percent"])
        words = [match["after_percent"]]
        return None if value is None else grammar.qualified(value, unit, words, left_off=False)
    amount = grammar.amount_of(match)
    if amount is None:
        return _between(spoken_range(match["number"]), unit)
    value, name = grammar.in_unit(amount, unit, ("", Decimal(1)), scaled=True)
    words = [match["before"], match["after_number"], match["after"]]
    return grammar.qualified(value, name, words, left_off=grammar.is_left_off(match))


def _between(ends: tuple[Decimal, Decimal] | None, unit: str) -> Quantity | None:
    if ends is None:
        return None
    low, name = grammar.in_unit(ends[0], unit, ("", Decimal(1)), scaled=True)
    high, _ = grammar.in_unit(ends[1], unit, ("", Decimal(1)), scaled=True)
    return Quantity(low, name, Qualifier.RANGE, high)


def _is_fraction_of_a_thing(quantity: Quantity, match: re.Match[str]) -> bool:
    """`1.3户` at the head of a line is item 1 and 3户, or damage: households come whole."""
    unit = UNITS.get(quantity.unit)
    whole = quantity.value == quantity.value.to_integral_value()
    return bool(unit and unit.kind in _DISCRETE and not whole)
