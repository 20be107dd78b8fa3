"""Hold obligation rules against what is declared: kinds, fields, measures and levels must exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from linli.packs.fault import nearest
from linli.packs.schema import Kind
from linli.packs.schema_obligation import ObligationRule
from linli.packs.schema_predicate import Predicate

CONDITIONS = frozenset({"@grain", "@state", "@kind"})
LEVELS = ("province", "city", "district", "street", "community", "grid")

Finding = tuple[str, str, str]
"""Key below the rule, problem, nearest right word."""


class ObligationLinker:
    """Checks obligation rules against the kinds of all packs."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds

    def rule(self, rule: ObligationRule) -> Iterator[Finding]:
        """Yield what a rule names and nobody declares."""
        yield from self._known("kind", [rule.kind], self.kinds, "事项")
        yield from self._known("level", [rule.level], LEVELS, "辖区级别")
        by = rule.fulfilment
        yield from self._records("by", by.kinds, by.where, by.subject)
        if by.measure is not None:
            measures = {
                name
                for kind in self._those(by.kinds)
                for name in (*kind.uses, *(measure.id for measure in kind.measures))
            }
            yield from self._known("by.measure", [by.measure], measures, "计量")
        if rule.after is not None:
            yield from self._records(
                "after", rule.after.kinds, rule.after.where, rule.after.subject
            )
            yield from self._day(rule)
        if rule.each is not None:
            yield from self._records("each", rule.each.kinds, rule.each.where, rule.each.field)
        yield from self._paired(rule)

    def _day(self, rule: ObligationRule) -> Iterator[Finding]:
        if rule.after is None or rule.after.field is None:
            return
        fields = {f.id: f for kind in self._those(rule.after.kinds) for f in kind.fields}
        yield from self._known("after.field", [rule.after.field], fields, "字段")
        found = fields.get(rule.after.field)
        if found is not None and found.type != "date":
            yield "after.field", f"字段“{found.title}”不是日期", ""

    def _paired(self, rule: ObligationRule) -> Iterator[Finding]:
        """A subject is asked of the fulfilling record exactly where there are subjects."""
        subjects = rule.each is not None or (
            rule.after is not None and rule.after.subject is not None
        )
        if subjects != (rule.fulfilment.subject is not None):
            yield "by.subject", "by.subject 要和 each 或 after.subject 一起写", ""

    def _records(
        self, key: str, kinds: Iterable[str], where: Predicate | None, field: str | None
    ) -> Iterator[Finding]:
        yield from self._known(f"{key}.kinds", kinds, self.kinds, "事项")
        fields = {f.id for kind in self._those(kinds) for f in kind.fields}
        if where is not None:
            yield from self._known(
                f"{key}.where", sorted(where.fields()), fields | CONDITIONS | {"@title"}, "字段"
            )
        if field is not None:
            name = "field" if key == "each" else "subject"
            yield from self._known(f"{key}.{name}", [field], fields | {"@title"}, "字段")

    def _those(self, kinds: Iterable[str]) -> list[Kind]:
        return [self.kinds[name] for name in kinds if name in self.kinds]

    def _known(
        self, key: str, names: Iterable[str], known: Iterable[str], what: str
    ) -> Iterator[Finding]:
        known = set(known)
        for name in names:
            if name not in known:
                yield key, f"没有{what} {name}", nearest(name, known)
