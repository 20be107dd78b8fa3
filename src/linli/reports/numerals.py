"""Where the numbers of a text are: digit runs, and Chinese numerals before a measure word.

List numbering is no number: 一、 at the start of a paragraph, （一）, 1. and (1) at the start or
after a stop. Ordinals (第三), set phrases (三个代表, 一系列) and names are not numbers either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FULL = str.maketrans("０１２３４５６７８９．％", "0123456789.%", "\u200b\u2060\ufeff")
_DIGITS = r"[0-9０-９]"
_ARABIC = re.compile(
    rf"{_DIGITS}+(?:[,，.．·]{_DIGITS}+)*(?:[%％‰])?"
    rf"(?:\s?[-–—~～至]\s?{_DIGITS}+(?:[.．]{_DIGITS}+)?[%％]?)*"
)
# Measure words of things an office counts; 一个 and 一项 are weighed apart below.
_MEASURES = (
    "人次|人|名|户|次|个|项|家|期|场|支|栋|处|件|起|条|册|篇|批|届|辆|盏|元|万元|岁|年|天|月|日|"
    "小时|平方米|平方公里|公里|米|亩|吨|公斤|套|台|块|面|班|队|所|座|位|张|份|幅|例|宗|度|组|对|只|间|棵|株"
)
_HAN = re.compile(
    rf"(?P<number>[〇零一二两三四五六七八九十百千万亿]+)(?P<over>余|多)?(?={_MEASURES})"
)
_HAN_DATE = re.compile(
    r"[〇零0０一二三四五六七八九十]{2,4}年(?:[一二三四五六七八九十]{1,2}月)?"
    r"(?:[一二三四五六七八九十]{1,3}日)?"
)
# Words that begin like a number and are none.
_SET = re.compile(
    r"一次性|一家亲|一家人|一对一|一条龙|一条街|一个(?:个|都|也)|一人一|万家|千家万户|万户|"
    r"三个代表|两个率先|两个维护|两个确立|四个(?:意识|自信|全面)|三个文明|五个一|一天天|一件件|一年一度|"
    r"十年树木|百年|千年|一方面|一块儿|一日(?:捐|游)|三五成群|一起|一家老小|万年|两会|一面"
)
_BEFORE_NONE = re.compile(
    r"(?:第|统|唯|同|每|另|某|任何|这|那|哪|是|为|之|专|单|逐|周|初|星期|礼拜|进|成为|像|当)$"
)

_NUMBERING_START = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|"
    r"[0-9０-９]{1,2}(?:[.．、](?![0-9０-９]))|[（(][0-9０-９]{1,2}[)）])"
)
_NUMBERING_INSIDE = re.compile(r"(?<=[。；;：:，])\s*[（(][0-9０-９]{1,2}[)）]")
_YISHI = re.compile(r"[一二三四五六七八九十]是")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral run of a text, from ``start`` up to ``end``."""

    start: int
    end: int
    text: str


def numbering(text: str) -> list[tuple[int, int]]:
    """Return the spans of list numbering in a paragraph."""
    spans: list[tuple[int, int]] = []
    first = _NUMBERING_START.match(text)
    if first:
        spans.append(first.span())
    spans.extend(found.span() for found in _NUMBERING_INSIDE.finditer(text))
    return spans


def _han(text: str, spans: list[tuple[int, int]]) -> list[Numeral]:
    sets = [found.span() for found in _SET.finditer(text)]
    found_all = [
        Numeral(found.start(), found.end(), found.group()) for found in _HAN_DATE.finditer(text)
    ]
    taken = [(one.start, one.end) for one in found_all] + sets + spans
    for found in _HAN.finditer(text):
        start, end = found.span()
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        if _BEFORE_NONE.search(text[max(0, start - 2) : start]):
            continue
        if text[start - 1 : start].isdigit():  # 1.5万: one number, already met by its digits
            continue
        found_all.append(Numeral(start, end, found.group()))
    return found_all


def numerals(text: str) -> list[Numeral]:
    """Return every numeral run of a paragraph outside its list numbering, in order."""
    spans = numbering(text)
    out: list[Numeral] = []
    for found in _ARABIC.finditer(text):
        start, end = found.span()
        if any(start < stop and begin < end for begin, stop in spans):
            continue
        out.append(Numeral(start, end, found.group()))
    for one in _han(text, spans):
        if not any(one.start < other.end and other.start < one.end for other in out):
            out.append(one)
    return sorted(out, key=lambda one: one.start)


def plain(text: str) -> str:
    """Return the text as it is compared: half-width digits, no white space, no joiners."""
    return "".join(text.translate(_FULL).split())
