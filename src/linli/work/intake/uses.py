"""What a kind means for one table: where its fields and measures are found. Compiled once a kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import add

from linli.kernel.units import UNITS
from linli.packs.registry import Registry
from linli.packs.schema import Kind, Measure
from linli.work.intake.columns import IDENTIFIERS, VALUE_ROLES, Column
from linli.work.intake.header_units import Unit
from linli.work.intake.lines import letters
from linli.work.intake.words import Vocabulary

# Units of one sort stand for each other where a unit is only suggested: 人 and 名, never 人次.
SORTS: dict[str, str] = {name: unit.kind for name, unit in UNITS.items()}
Matches = tuple[tuple[int, int], ...]  # (length of the word, index of the measure)
SENTENCE = "，。；：、,;:！!"
OBJECT_UNITS = tuple(
    (word, Unit(unit))
    for word, unit in (
        ("家庭", "户"), ("户", "户"), ("社区", "个"), ("单位", "家"), ("企业", "家"), ("商户", "家"),
        ("队", "支"), ("个人", "人"), ("居民", "人"), ("人员", "人"), ("老人", "人"), ("党员", "名"),
        ("学生", "名"), ("儿童", "名"), ("志愿者", "名"),
    )
)  # fmt: skip
NOTABLE = frozenset(word[:2] for word in (*IDENTIFIERS, *(w for w, _ in OBJECT_UNITS))) | frozenset(
    f"{SENTENCE}（）()码"
)
"""The first two characters of words that say something of a row beside its measures."""


def sort_of_unit(unit: str) -> str:
    """What a unit measures (people, households, money …); itself where it is unknown."""
    return SORTS.get(unit, unit)


@dataclass(slots=True)
class Use:
    """One kind in one table. ``places``: column, field id or header, options, free name."""

    kind: Kind
    places: list[tuple[int, str, frozenset[str] | None, str]] = field(default_factory=list)
    cadence: str = "频次"
    required: list[tuple[str, str]] = field(default_factory=list)
    shared: tuple[Measure, ...] = ()
    _words: list[tuple[str, int, int]] = field(default_factory=list)
    _heads: frozenset[str] = frozenset()
    _notable: frozenset[str] = frozenset()
    _matched: dict[str, Matches] = field(default_factory=dict)
    _best: dict[tuple[object, ...], tuple[Measure | None, bool]] = field(default_factory=dict)

    def is_plain(self, text: str) -> bool:
        """Whether a text surely says nothing: no measure, unit, identifier, sentence or bracket."""
        heads = self._notable
        return heads.isdisjoint(map(add, text, text[1:])) and heads.isdisjoint(text)

    def matches(self, text: str) -> Matches:
        """The measures whose words stand in the text, with the length of the word."""
        # Most texts of a long ledger name no measure: pairs of characters say so at once.
        heads = self._heads
        if heads.isdisjoint(map(add, text, text[1:])) and heads.isdisjoint(text):
            return ()
        found = self._matched.get(text)
        if found is None:
            if len(self._matched) > 5_000:
                self._matched.clear()
            found = self._matched[text] = tuple(
                [(length, index) for word, length, index in self._words if word in text]
            )
        return found

    def wholes(self, matches: Matches) -> Matches:
        """Those of the matches that are no part of another measure."""
        return tuple([one for one in matches if self.kind.measures[one[1]].whole is None])

    def measure(
        self, unit: str, matched: tuple[Matches, ...], *, part: bool
    ) -> tuple[Measure | None, bool]:
        """The measure that the first matching text names, and whether one was named.

        A measure of another sort than the stated unit does not fit. Without a name: the kind's own
        whole measure of that sort, then a shared one.
        """
        key = (unit, matched, part)
        found = self._best.get(key)
        if found is None:
            if len(self._best) > 20_000:
                self._best.clear()
            found = self._best[key] = self._find(unit, matched, part)
        return found

    def _find(
        self, unit: str, matched: tuple[Matches, ...], part: bool
    ) -> tuple[Measure | None, bool]:
        measures, sort = self.kind.measures, sort_of_unit(unit)
        for matches in matched:
            fitting = [
                (length, (measures[i].whole is not None) == part, measures[i].unit == unit, -i)
                for length, i in matches
                if not unit or sort_of_unit(measures[i].unit) == sort
            ]
            if fitting:
                return measures[-max(fitting)[3]], True
        return (self._only(unit, sort) if unit else None), False

    def _only(self, unit: str, sort: str) -> Measure | None:
        """Without a name: the kind's only whole measure of that unit, or sort; else a shared one.

        Among several it would be a guess (11 名社区工作者 are not the 常住人口).
        """
        wholes = [m for m in self.kind.measures if m.whole is None and sort_of_unit(m.unit) == sort]
        own = [m for m in wholes if m.id.startswith(f"{self.kind.id}.")]
        exact = [m for m in own if m.unit == unit]
        for group in (exact, own):
            if len(group) == 1:
                return group[0]
        shared = sorted((m for m in wholes if m not in own), key=lambda m: m.unit != unit)
        return shared[0] if shared else None

    def measure_id(self, measure: Measure | None, unit: str) -> str:
        """The measure's id, else that of a shared measure of the unit or its sort."""
        if measure is not None:
            return measure.id
        for candidate in self.shared:
            if candidate.unit == unit:
                return candidate.id
        sort = sort_of_unit(unit)
        fitting = (m.id for m in self.shared if sort_of_unit(m.unit) == sort)
        return next(fitting, "base.items")


def use_of(kind: Kind, columns: list[Column], registry: Registry) -> Use:
    """Compile a kind for the columns of a table; an unknown column stays under its own name."""
    use = Use(kind, shared=tuple(m for pack in registry.packs for m in pack.measures))
    use._words = [
        (word, len(word), index)
        for index, measure in enumerate(kind.measures)
        for word in dict.fromkeys((*measure.words, measure.title))
    ]
    use._heads = frozenset(word[:2] for word, _, _ in use._words)
    use._notable = use._heads | NOTABLE
    use.cadence = next((f.id for f in kind.fields if f.type == "cadence"), "频次")
    use.required = [
        (f.id, f.options[0] if f.options else "")
        for f in kind.fields
        if f.required or f.id == kind.titled_by
    ]
    taken: set[str] = set()
    for column in columns:
        if column.role in (*VALUE_ROLES, "number", "date", "unit", "total", "skip", "identifier"):
            continue
        header = Vocabulary.bare_header(column.header) or letters(column.index)
        name = _field_for(kind, column, header, taken)
        taken.add(name)
        options = next((frozenset(f.options) for f in kind.fields if f.id == name), None)
        use.places.append((column.index, name, options or None, _free(header)))
    return use


def _free(header: str) -> str:
    """A header as the name of a free field: never that of a declared one, which is ASCII."""
    return header if not header.isascii() else f"栏{header}"


_BY_TYPE = {"place": "place", "level": "level", "organiser": "organisation", "cadence": "cadence"}


def _field_for(kind: Kind, column: Column, header: str, taken: set[str]) -> str:
    best: tuple[int, str] = (0, "")
    for declared in kind.fields:
        if declared.id in taken or (declared.type == "cadence") != (column.role == "cadence"):
            continue
        for word in (declared.title, *declared.words):
            score = (
                100 if word == header else (len(word) if len(word) > 1 and word in header else 0)
            )
            best = max(best, (score, declared.id), key=lambda pair: pair[0])
    if best[0]:
        return best[1]
    wanted = _BY_TYPE.get(column.role)
    typed = next((f.id for f in kind.fields if f.type == wanted and f.id not in taken), "")
    return typed or _free(header)
