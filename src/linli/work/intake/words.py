"""What the words of a ledger mean to intake: stop words, header roles and kinds, looked up quickly.

All words come from the packs (``Registry``); here they are only indexed for hundreds of thousands
of cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from operator import add

from linli.kernel.lexer import canonical_unit
from linli.packs.recognise import roles_of
from linli.packs.registry import Registry

_BLANKS = re.compile(r"[\s　]+")
_BRACKETS = re.compile(r"[（(【\[〔][^（(【\[〔）)】\]〕]*[）)】\]〕]")
_SIGNATURE = re.compile(r"[^：:]{2,8}[：:]")
_TOTAL_OF = re.compile(r"[（(]?[合总小共累]计[）)]?[（(：:].*")
_UNIT_OF = re.compile(r"^(?:单位|计量单位|金额单位)[：:]?")
_HEADER_END = "：:*＊"


class Sort(Enum):
    """What a text at the head of a row makes of the row."""

    WORK = auto()
    TOTAL = auto()
    SUBTOTAL = auto()
    RUNNING = auto()  # 累计: over more rows than the sheet has; cannot be checked
    PART = auto()
    NOTE = auto()
    SIGNATURE = auto()
    REMARK = auto()  # （第三支未列名）: a remark in brackets, no row of its own


@dataclass(frozen=True, slots=True)
class KindMatch:
    """A kind whose word stands in a text."""

    kind: str
    word: str


@dataclass(slots=True)
class Vocabulary:
    """The registry's words, indexed, with caches bounded by ``_CACHE``."""

    registry: Registry
    _sorts: dict[str, Sort] = field(default_factory=dict)
    _kinds: dict[str, tuple[KindMatch, ...]] = field(default_factory=dict)
    _by_head: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _totals: frozenset[str] = frozenset()
    _heads: frozenset[str] = frozenset()
    _single: bool = False
    _singles: frozenset[str] = frozenset()
    _heads_of_words: frozenset[str] = frozenset()
    _CACHE = 20_000

    def __post_init__(self) -> None:
        stops = self.registry.stops
        self._totals = frozenset(bare(word) for word in stops.total) | _TOTALS
        words = (*self._totals, *_PARTS, *_NOTES, *stops.part, *stops.note, *stops.signature)
        self._heads = frozenset(word[0] for word in words) | frozenset("（([【〔 　#＃合总小共累")
        for word, kind in self.registry.kind_words:
            self._by_head.setdefault(word[:2], []).append((word, kind))
        self._singles = frozenset(head for head in self._by_head if len(head) == 1)
        self._single = bool(self._singles)
        self._heads_of_words = frozenset(self._by_head)

    def sort_of(self, text: str) -> Sort:
        """What the text makes of its row; cached."""
        if (
            text[:1] not in self._heads
            and text[-1:] != "计"
            and "：" not in text
            and ":" not in text
        ):
            return Sort.WORK
        found = self._sorts.get(text)
        if found is None:
            if len(self._sorts) > self._CACHE:
                self._sorts.clear()
            found = self._sorts[text] = self._sort(text)
        return found

    def _sort(self, text: str) -> Sort:
        word = bare(text)
        head = word.rstrip("：:")
        if head in self._totals or _TOTAL_OF.fullmatch(word):
            return _TOTAL_SORTS.get(head.strip("（）()")[:2], Sort.TOTAL)
        if _GROUP_TOTAL.fullmatch(head):
            return Sort.SUBTOTAL
        stops = self.registry.stops
        if word.startswith(_PARTS) or any(word.startswith(bare(w)) for w in stops.part):
            return Sort.PART
        if word.startswith(_NOTES) or any(word.startswith(bare(w)) for w in stops.note):
            return Sort.NOTE
        if any(bare(w) in word for w in stops.signature) and _SIGNATURE.match(word):
            return Sort.SIGNATURE
        if len(word) > 2 and word[0] in "（(" and word[-1] in "）)" and not _BRACKETS.sub("", word):
            return Sort.REMARK
        return Sort.WORK

    def kinds_in(self, text: str) -> tuple[KindMatch, ...]:
        """Kinds whose words stand in the text, the longest word first, then the later; cached."""
        found = self._kinds.get(text)
        if found is None:
            # Most texts of a long ledger hold no word at all: pairs of characters say so at once.
            heads = self._heads_of_words.intersection(map(add, text, text[1:]))
            if not heads and not self._single:
                return ()
            if len(self._kinds) > self._CACHE:
                self._kinds.clear()
            found = self._kinds[text] = self._match(text, heads)
        return found

    def _match(self, text: str, heads: Iterable[str]) -> tuple[KindMatch, ...]:
        best: dict[str, tuple[int, int, str]] = {}
        for head in (*heads, *(self._singles.intersection(text) if self._single else ())):
            for word, kind in self._by_head[head]:
                start = text.rfind(word)
                if start >= 0:
                    rank = (len(word), start, word)
                    if rank > best.get(kind, (0, 0, "")):
                        best[kind] = rank
        ordered = sorted(best.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
        return tuple(KindMatch(kind, rank[2]) for kind, rank in ordered)

    def roles(self, header: str) -> tuple[str, ...]:
        """The roles a header may mean, best first."""
        return roles_of(self.registry, header)

    def is_role_word(self, header: str) -> bool:
        """Whether the header, without its brackets, is exactly a known column name."""
        return self.bare_header(header) in self.registry.roles

    @staticmethod
    def bare_header(header: str) -> str:
        """A header without blanks, brackets and stars."""
        return bare(_BRACKETS.sub("", header)).strip(_HEADER_END)


_TOTALS = frozenset(
    "合计 总计 小计 共计 累计 总合计 合计数 总和 汇总 全年合计 本年合计 本月合计 本季合计".split()
)
# 一季度小计, 东片合计; but 常住人口总计 is an item like any other, so 合计 asks for a group before it.
_GROUP_TOTAL = re.compile(r".{1,10}小计|.{0,8}[年季度月周旬页组片区栋楼幢类段](?:合计|总计|共计)")
_TOTAL_SORTS = {"小计": Sort.SUBTOTAL, "累计": Sort.RUNNING}
_PARTS = ("其中", "#其中", "内：", "内:")
_NOTES = (
    "注：",
    "注:",
    "注1",
    "注2",
    "注释",
    "说明：",
    "说明:",
    "备注：",
    "备注:",
    "附注",
    "※",
    "*注",
    "★注",
    "填表说明",
    "注意事项：",
)


_NUMBERED = re.compile(r"[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．](?!\d)")


def goes_on(text: str) -> bool:
    """Whether a line under a note is one of its points: ``2. …``, ``（二）…``."""
    return _NUMBERED.match(text) is not None


def bare(text: str) -> str:
    """The text without any blanks."""
    return _BLANKS.sub("", text) if _BLANKS.search(text) else text


def unit_in_brackets(header: str) -> tuple[str, int] | None:
    """The unit and factor that a header's last brackets name: ``金额（万元）`` → (元, 10000)."""
    for found in reversed(_BRACKETS.findall(header)):
        inner = _UNIT_OF.sub("", bare(found)[1:-1])
        unit = canonical_unit(inner)
        if unit:
            return unit[0], int(unit[1])
    return None


def without_brackets(text: str) -> str:
    """The text without bracketed remarks."""
    return _BRACKETS.sub("", text)


def brackets(text: str) -> list[str]:
    """What stands in brackets, without them."""
    return [found[1:-1] for found in _BRACKETS.findall(text)]
