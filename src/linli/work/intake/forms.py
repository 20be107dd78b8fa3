"""Forms without a header: labels beside their values (总户数 | 1208 | 社区面积 | 0.8平方公里)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.kernel.days import read_date
from linli.kernel.lexer import read_quantity
from linli.work.intake.lines import Line, Lines
from linli.work.intake.read import Value
from linli.work.intake.words import Sort, Vocabulary, bare

_LABEL_LENGTH = 20
_WORDS = re.compile(r"[\u4e00-\u9fff]{4}")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the value to its right."""

    label: str
    column: int
    value: Value


def pairs_of(line: Line, words: Vocabulary) -> list[Pair] | None:
    """The label and value pairs that make up the whole line; None if it is not of that form."""
    if line.filled < 2 or line.filled % 2:
        return None
    texts = line.texts()
    if type(texts[0][1]) is not str:
        return None
    found = []
    for (_, label), (column, value) in zip(texts[::2], texts[1::2], strict=True):
        if not _is_label(label, words):
            return None
        if isinstance(value, str) and words.is_role_word(value):
            return None
        found.append(Pair(bare(str(label)).strip("：:"), column, value))
    return found


def _is_label(value: Value, words: Vocabulary) -> bool:
    if not isinstance(value, str) or len(bare(value)) > _LABEL_LENGTH:
        return False
    if words.sort_of(value) not in (Sort.WORK, Sort.PART) or read_quantity(value) is not None:
        return False
    plain = words.bare_header(value)
    if not plain or read_date(plain) is not None:
        return False
    return not plain[0].isdigit() or _WORDS.search(plain) is not None  # 60周岁以上老人


def begins_form(lines: Lines, ahead: int, words: Vocabulary) -> bool:
    """Whether two lines of label and value pairs stand here, at least one value being a number."""
    first, second = lines.peek(ahead), lines.peek(ahead + 1)
    if first is None or second is None:
        return False
    upper, lower = pairs_of(first, words), pairs_of(second, words)
    if not upper or not lower:
        return False
    if all(words.is_role_word(p.label) for p in upper) and not any(map(_counts, upper)):
        return False  # names of columns
    if len({p.label for p in upper}) < len(upper):
        return False
    if {p.column for p in upper}.isdisjoint(p.column for p in lower):
        return False
    return any(map(_counts, (*upper, *lower)))


def _counts(pair: Pair) -> bool:
    """Whether the value is a number or a quantity."""
    return not isinstance(pair.value, str) or read_quantity(pair.value) is not None
