"""Hold report plans and phrases against what is declared: every name in a template must exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from linli.packs.fault import nearest
from linli.packs.schema import Kind
from linli.packs.schema_report import Phrase, ReportPlan, Section, Supplement

_SLOT = re.compile(r"\{([a-z]+):([^{}:]+)(?::([^{}]+))?\}")

Finding = tuple[str, str, str]
"""Key below the plan, problem, nearest right word."""


class ReportLinker:
    """Checks plans and phrases against the ids of all packs."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        measures: Iterable[str],
        indicators: Iterable[str],
        plans: Iterable[str] = (),
    ) -> None:
        self.kinds = kinds
        self.measures = frozenset(measures)
        self.indicators = frozenset(indicators)
        self.plans = frozenset(plans)
        self.sections = frozenset(kind.section for kind in kinds.values())

    def plan(self, plan: ReportPlan) -> Iterator[Finding]:
        """Yield what a plan names and nobody declares."""
        yield from self._sections(plan.sections)
        for key in ("title", "closing", "signature"):
            yield from self._slots(key, getattr(plan, key))

    def supplement(self, supplement: Supplement) -> Iterator[Finding]:
        """Yield what a supplement names and nobody declares."""
        yield from self._names("reports", supplement.reports, self.plans, "报告")
        yield from self._sections(supplement.sections)

    def _sections(self, sections: Iterable[Section]) -> Iterator[Finding]:
        for section in sections:
            for number, block in enumerate(section.blocks, start=1):
                key = f"sections.{section.id}.blocks[{number}]"
                data = block.model_dump()
                yield from self._names(f"{key}.kinds", data.get("kinds", ()), self.kinds, "事项")
                yield from self._names(
                    f"{key}.sections", data.get("sections", ()), self.sections, "事项分组"
                )
                yield from self._names(
                    f"{key}.figures", data.get("figures", ()), self.indicators, "指标"
                )
                for text in _texts(data):
                    yield from self._slots(key, text)

    def phrase(self, phrase: Phrase) -> Iterator[Finding]:
        """Yield what a phrase names and nobody declares."""
        kind = self.kinds.get(phrase.id)
        named = {*self.kinds, *self.measures, *self.indicators}
        yield from self._names("id", [phrase.id], named, "事项、计量或指标")
        for text in phrase.says:
            yield from self._slots("says", text, kind)

    def _slots(self, key: str, text: str, kind: Kind | None = None) -> Iterator[Finding]:
        for sort, name, field in _SLOT.findall(text):
            match sort:
                case "figure":
                    yield from self._names(key, [name], self.indicators, "指标")
                case "titles" | "count":
                    yield from self._names(key, [name], self.kinds, "事项")
                case "one":
                    yield from self._names(key, [name], self.kinds, "事项")
                    if name in self.kinds:
                        yield from self._fields(key, field, self.kinds[name])
                case "m":
                    yield from self._names(key, [name], self.measures, "计量")
                case "f" if kind is not None:
                    yield from self._fields(key, name, kind)

    def _fields(self, key: str, name: str, kind: Kind) -> Iterator[Finding]:
        yield from self._names(key, [name], [f.id for f in kind.fields], f"{kind.title}的字段")

    def _names(
        self, key: str, names: Iterable[str], known: Iterable[str], what: str
    ) -> Iterator[Finding]:
        known = set(known)
        for name in names:
            if name not in known:
                yield key, f"没有{what} {name}", nearest(name, known)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
