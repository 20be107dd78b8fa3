"""Which kind a row is: the table's words first, then what its category, item and content say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.packs.schema import Kind, Measure
from linli.work.intake.columns import VALUE_ROLES, Column, is_naming
from linli.work.intake.head import Head
from linli.work.intake.words import Vocabulary, bare, without_brackets

FALLBACK = "base.work"
_TITLE, _SHEET, _HEADER = 1.0, 0.8, 0.5
_CATEGORY, _ITEM, _CONTENT = 1.6, 1.5, 1.0
_GENERIC = 0.5
_SURE = 3.0  # a specific word of three characters in the title settles a table without categories


@dataclass(slots=True)
class TableKind:
    """The kind of a table, how sure it is, and whether its rows may differ from it."""

    words: Vocabulary
    prior: dict[str, float] = field(default_factory=dict)
    varied: bool = True
    fixed: str = ""
    by_category: Mapping[str, str] = field(default_factory=dict)
    _rows: dict[tuple[str, str], Kind] = field(default_factory=dict)

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
        ranked = sorted(self.prior.values(), reverse=True) + [0.0, 0.0]
        if not ranked[0]:
            return 0.0
        lead = (ranked[0] - ranked[1]) / ranked[0]
        return round(min(1.0, 0.4 + 0.3 * lead + 0.05 * ranked[0]), 2)

    def of_row(self, category: str, item: str, content: str) -> Kind:
        """The kind of a row from its texts; cached by category and item."""
        if category and category in self.by_category:
            return self.words.registry.kind(self.by_category[category])
        if not self.varied or self.fixed:
            return self.kind
        key = (category, item)
        found = self._rows.get(key)
        if found is None:
            if len(self._rows) > 20_000:
                self._rows.clear()
            found = self._rows[key] = self._best(category, item, content)
        return found

    def _best(self, category: str, item: str, content: str) -> Kind:
        scores = dict(self.prior)
        matched = self._add(scores, category, _CATEGORY)
        matched = self._add(scores, item, _ITEM) or matched
        if not matched or category:
            self._add(scores, content, _CONTENT)
        self._stay(scores, item)
        registry = self.words.registry
        kind = max(scores.items(), key=lambda pair: pair[1], default=(FALLBACK, 0.0))[0]
        return registry.kinds.get(kind) or self.kind

    def _add(self, scores: dict[str, float], text: str, weight: float) -> bool:
        if not text:
            return False
        found = self.words.kinds_in(without_brackets(text) or text)
        kinds = self.words.registry.kinds
        for match in found:
            factor = 0.9 if kinds[match.kind].generic else 1.0
            gain = weight * factor * len(match.word)
            scores[match.kind] = scores.get(match.kind, 0.0) + gain
        return bool(found)

    def _stay(self, scores: dict[str, float], item: str) -> None:
        """An item that names a measure of the table's own kind speaks for that kind."""
        if not item or not self.prior:
            return
        kind = self.kind
        longest = max(
            (len(w) for m in kind.measures for w in (*m.words, m.title) if w in item), default=0
        )
        if longest:
            scores[kind.id] = scores.get(kind.id, 0.0) + _ITEM * longest


def table_kind(head: Head, sheet: str, columns: list[Column], words: Vocabulary) -> TableKind:
    """Weigh the words of title, sheet name and headers."""
    kinds = words.registry.kinds
    prior: dict[str, float] = {}
    best = 0.0
    for text, weight in ((head.title, _TITLE), (sheet, _SHEET), *_headers(columns)):
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
        "类别", "事项", "类型", "项目", "活动", "工作", "事件", "活动类别", "工作类别", "事项类别",
        "工作类型", "活动类型", "条线", "板块", "分类",
    ):
        return True
    if item is not None and any(c.role in VALUE_ROLES for c in columns):
        return True
    return best < _SURE


def measure_for(
    kind: Kind, texts: tuple[str, ...], unit: str, *, part: bool, fits: Mapping[str, str]
) -> tuple[Measure | None, bool]:
    """The kind's measure named by the first text that names one, and whether it was named.

    A measure of another sort than the stated unit does not fit (人 and 名 are one sort). Without a
    name: the kind's own whole measure of that sort, then a shared one.
    """
    sort = fits.get(unit, unit)
    fitting = [m for m in kind.measures if not unit or fits.get(m.unit, m.unit) == sort]
    for text in texts:
        best: tuple[int, bool, bool, int] = (0, False, False, 0)
        found: Measure | None = None
        for index, measure in enumerate(fitting):
            for word in (*measure.words, measure.title):
                if word in text:
                    rank = (
                        len(word), (measure.whole is not None) == part, measure.unit == unit, -index
                    )
                    if rank > best:
                        best, found = rank, measure
        if found is not None:
            return found, True
    wholes = [m for m in fitting if m.whole is None] if unit else []
    ranked = sorted(
        wholes, key=lambda m: (m.unit != unit, not m.id.startswith(f"{kind.id}."))
    )
    return (ranked[0] if ranked else None), False
