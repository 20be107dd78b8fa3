"""Which kind a row is: the table's words first, then what its category, item and content say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import add

from linli.packs.schema import Kind
from linli.work.intake.columns import VALUE_ROLES, Column, is_naming
from linli.work.intake.head import Head, is_label
from linli.work.intake.words import KindMatch, Vocabulary, bare, without_brackets

FALLBACK = "base.work"
_MOST = 20_000  # rows whose kind is kept
Matched = tuple[KindMatch, ...]
_TITLE, _SHEET, _HEADER = 1.0, 0.8, 0.5
_CATEGORY, _ITEM, _CONTENT = 1.6, 1.5, 1.0
_GENERIC = 0.5
_HEAD_NOUN = 4  # a kind's word of so many characters at the end of an item is what the item is
_CLAUSES = frozenset("，、：；。,;:")
_SURE = 3.0  # a specific word of three characters in the title settles a table without categories


@dataclass(slots=True)
class TableKind:
    """The kind of a table, how sure it is, and whether its rows may differ from it."""

    words: Vocabulary
    prior: dict[str, float] = field(default_factory=dict)
    varied: bool = True
    fixed: str = ""
    by_category: Mapping[str, str] = field(default_factory=dict)
    _rows: dict[tuple[str, str, str], Kind] = field(default_factory=dict)
    _found: dict[tuple[str, Matched, Matched, int, Matched], Kind] = field(default_factory=dict)
    _own: Kind | None = None
    _own_words: tuple[str, ...] | None = None
    _own_heads: frozenset[str] = frozenset()

    @property
    def kind(self) -> Kind:
        """The kind that the table's own words mean."""
        registry = self.words.registry
        if self.fixed:
            return registry.kind(self.fixed)
        best = max(self.prior.items(), key=lambda item: item[1], default=(FALLBACK, 0.0))
        return registry.kinds.get(best[0]) or next(iter(registry.kinds.values()))

    @property
    def confidence(self) -> float:
        """Between 0 and 1: how far the best kind is ahead of the next."""
        if self.fixed:
            return 1.0
        ranked = [*sorted(self.prior.values(), reverse=True), 0.0, 0.0]
        if not ranked[0]:
            return 0.0
        lead = (ranked[0] - ranked[1]) / ranked[0]
        return round(min(1.0, 0.4 + 0.3 * lead + 0.05 * ranked[0]), 2)

    def of_row(self, category: str, item: str, content: str) -> Kind:
        """The kind of a row from its texts; equal texts are looked at once."""
        key = (category, item, content)
        found = self._rows.get(key)
        if found is None:
            if len(self._rows) > _MOST:
                self._rows.clear()
            found = self._rows[key] = self._of_row(category, item, content)
        return found

    def _of_row(self, category: str, item: str, content: str) -> Kind:
        if category and category in self.by_category:
            return self.words.registry.kind(self.by_category[category])
        if not self.varied or self.fixed:
            return self.kind
        if self._own_words is None:
            self._compile()
        kinds_in = self.words.kinds_in
        if "（" in item:
            item = without_brackets(item) or item
        of_item = kinds_in(item) if item else ()
        asked = content and content != item and (category or not of_item)
        of_content = kinds_in(content) if asked else ()
        heads = self._heads(item, of_item) if of_item and not category else ()
        key = (category, of_item, of_content, self._stays(item), heads)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > _MOST:
                self._found.clear()
            found = self._found[key] = self._best(*key)
        return found

    @staticmethod
    def _heads(item: str, matched: Matched) -> Matched:
        """Matches that end an item of one clause: its head noun."""
        if not _CLAUSES.isdisjoint(item):
            return ()
        return tuple(m for m in matched if len(m.word) >= _HEAD_NOUN and item.endswith(m.word))

    def _compile(self) -> None:
        own = self.kind
        self._own_words = tuple({w for m in own.measures for w in (*m.words, m.title)})
        self._own_heads = frozenset(word[:2] for word in self._own_words)
        self._own = own

    def _stays(self, item: str) -> int:
        """An item that names a measure of the table's own kind speaks for that kind."""
        if not item or not self.prior or self._own_words is None:
            return 0
        heads = self._own_heads
        if heads.isdisjoint(map(add, item, item[1:])) and heads.isdisjoint(item):
            return 0
        return max([len(word) for word in self._own_words if word in item], default=0)

    def _best(
        self, category: str, item: Matched, content: Matched, stays: int, heads: Matched
    ) -> Kind:
        scores = dict(self.prior)
        # 下岗技能培训 in an employment ledger is a training: the head noun stands last.
        self._add(scores, heads, _ITEM)
        of_category = self.words.kinds_in(category) if category else ()
        for matched, weight in ((of_category, _CATEGORY), (item, _ITEM), (content, _CONTENT)):
            self._add(scores, matched, weight)
        own = self._own if self._own is not None else self.kind
        if stays:
            scores[own.id] = scores.get(own.id, 0.0) + _ITEM * stays
        kind = max(scores.items(), key=lambda pair: pair[1], default=(FALLBACK, 0.0))[0]
        return self.words.registry.kinds.get(kind) or own

    def _add(self, scores: dict[str, float], matched: Matched, weight: float) -> None:
        kinds = self.words.registry.kinds
        for match in matched:
            factor = 0.9 if kinds[match.kind].generic else 1.0
            gain = weight * factor * len(match.word)
            scores[match.kind] = scores.get(match.kind, 0.0) + gain


def table_kind(head: Head, sheet: str, columns: list[Column], words: Vocabulary) -> TableKind:
    """Weigh the words of title, sheet name and headers."""
    kinds = words.registry.kinds
    prior: dict[str, float] = {}
    best = 0.0
    others = [
        (p.text, _TITLE) for p in head.titles if p.text != head.title and not is_label(p.text)
    ]
    texts = [(head.title, _TITLE), *others, (sheet, _SHEET), *_headers(columns)]
    for text, weight in texts:
        for match in words.kinds_in(bare(without_brackets(text) or text)):
            factor = _GENERIC if kinds[match.kind].generic else 1.0
            gain = weight * factor * len(match.word)
            prior[match.kind] = prior.get(match.kind, 0.0) + gain
            if weight >= _SHEET and gain > best:
                best = gain
    return TableKind(words, prior, _varied(columns, best))


def _headers(columns: list[Column]) -> list[tuple[str, float]]:
    return [(c.label, _HEADER) for c in columns if c.role in ("title", "content", "category")]


def _varied(columns: list[Column], best: float) -> bool:
    """Rows may differ in kind, unless the items are names or the title is sure and no category."""
    item = next((c for c in columns if c.role == "title"), None)
    category = next((c for c in columns if c.role == "category"), None)
    if item is not None and is_naming(item.label) and best > 0:
        return False
    if category is not None and Vocabulary.bare_header(category.header) in (
        "类别",
        "事项",
        "类型",
        "项目",
        "活动",
        "工作",
        "事件",
        "活动类别",
        "工作类别",
        "事项类别",
        "工作类型",
        "活动类型",
        "条线",
        "板块",
        "分类",
    ):
        return True
    if item is not None and any(c.role in VALUE_ROLES for c in columns):
        return True
    return best < _SURE
