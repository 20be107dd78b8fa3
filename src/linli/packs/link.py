"""Hold the declarations of several packs against each other: references, doubles, units, cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from linli.kernel.units import UNITS, canonical_unit
from linli.packs.fault import Fault, nearest
from linli.packs.link_flows import FlowLinker
from linli.packs.link_obligations import ObligationLinker
from linli.packs.link_reports import ReportLinker
from linli.packs.parse import Parsed
from linli.packs.schema import (
    CALENDAR_FIELDS,
    Indicator,
    Kind,
    Ledger,
    Measure,
    Pack,
    Reconciliation,
    Term,
)

BUILT_IN_FIELDS = CALENDAR_FIELDS | {"@area"}
BUILT_IN_CONDITIONS = frozenset({"@grain", "@state", "@kind"})
_MOST_INDEXED = 8


@dataclass(slots=True)
class Known:
    """All ids of all packs, for references."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    plans: set[str] = field(default_factory=set)
    flows: set[str] = field(default_factory=set)


def link(parsed: Iterable[Parsed]) -> list[Fault]:
    """Return every fault that shows only when the declarations are seen together."""
    made = [(p.pack, p) for p in parsed if p.pack is not None]
    known = Known()
    faults: list[Fault] = []
    for pack, _ in made:
        known.measures.update({m.id: m for m in pack.measures})
        known.measures.update({m.id: m for kind in pack.kinds for m in kind.measures})
        known.kinds.update({kind.id: kind for kind in pack.kinds})
        known.indicators.update({i.id: i for i in pack.indicators})
        known.plans.update(plan.id for plan in pack.reports)
        known.flows.update(flow.id for flow in pack.flows)
    faults.extend(_doubles(made))
    for pack, source in made:
        faults.extend(_Linker(pack, source, known).faults())
    return faults


def _doubles(made: list[tuple[Pack, Parsed]]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], str] = {}
    for pack, source in made:
        for sort, name in _declared(pack):
            if (sort, name) in seen:
                owner = seen[sort, name]
                problem = (
                    "同一编号写了两次"
                    if owner == pack.id
                    else f"业务包 {owner} 已有这个编号，本地业务包只能增加，不能改写"
                )
                file = source.places.get((sort, name.partition("@")[0]), pack.id)
                yield Fault(file, f"{sort}.{name}", problem)
            seen.setdefault((sort, name), pack.id)


def _declared(pack: Pack) -> Iterator[tuple[str, str]]:
    for sort in (
        "measures",
        "kinds",
        "ledgers",
        "reconciliations",
        "obligations",
        "reports",
        "flows",
        "phrases",
        "supplements",
        "care",
        "personal",
    ):
        for entry in getattr(pack, sort):
            yield sort, entry.id
    for kind in pack.kinds:
        for measure in kind.measures:
            yield "measures", measure.id
    for indicator in pack.indicators:
        yield "indicators", f"{indicator.id}@{indicator.version}"


class _Linker:
    """The references of one pack."""

    def __init__(self, pack: Pack, source: Parsed, known: Known) -> None:
        self.pack, self.source, self.known = pack, source, known
        self.reports = ReportLinker(known.kinds, known.measures, known.indicators, known.plans)
        fields = {kind.id: {f.id: f.options for f in kind.fields} for kind in known.kinds.values()}
        self.flows = FlowLinker(fields, known.flows)

    def faults(self) -> Iterator[Fault]:
        checks: tuple[tuple[str, Callable[..., Iterator[tuple[str, str, str]]]], ...] = (
            ("measures", self._measure),
            ("kinds", self._kind),
            ("ledgers", self._ledger),
            ("indicators", self._indicator),
            ("reconciliations", self._reconciliation),
            ("obligations", ObligationLinker(self.known.kinds).rule),
            ("reports", self.reports.plan),
            ("flows", self.flows.flow),
            ("phrases", self.reports.phrase),
            ("supplements", self.reports.supplement),
        )
        for sort, check in checks:
            for entry in getattr(self.pack, sort):
                file = self.source.places.get((sort, entry.id), self.pack.id)
                for key, problem, near in check(entry):
                    yield Fault(file, f"{sort}.{entry.id}.{key}", problem, near)
        yield from self._cycles()

    def _refer(
        self, key: str, names: Iterable[str], known: Iterable[str], what: str
    ) -> Iterator[tuple[str, str, str]]:
        known = set(known)
        for name in names:
            if name not in known:
                yield key, f"没有{what} {name}", nearest(name, known)

    def _kind(self, kind: Kind) -> Iterator[tuple[str, str, str]]:
        yield from self._refer("uses", kind.uses, self.known.measures, "计量")
        if kind.titled_by is not None:
            yield from self._refer(
                "titled_by", [kind.titled_by], [f.id for f in kind.fields], "字段"
            )
        for name, count in Counter(f.id for f in kind.fields).items():
            if count > 1:
                yield f"fields.{name}", "同一编号写了两次", ""
        if sum(f.indexed for f in kind.fields) > _MOST_INDEXED:
            yield "fields", f"最多 {_MOST_INDEXED} 个字段建索引", ""
        if any(f.privacy != "plain" for f in kind.fields) and not (kind.purpose and kind.basis):
            yield "purpose", "有个人信息的事项要写明用途 purpose 和法律依据 basis", ""
        for field_ in kind.fields:
            if (field_.type == "choice") != bool(field_.options):
                yield f"fields.{field_.id}.options", "选择型字段要列出选项，其他字段不列", ""
        for measure in kind.measures:
            yield from self._measure(measure, f"measures.{measure.id.rsplit('.', 1)[-1]}.")
            yield from self._part(measure)

    def _measure(self, measure: Measure, at: str = "") -> Iterator[tuple[str, str, str]]:
        known = canonical_unit(measure.unit)
        if known is None:
            yield f"{at}unit", f"没有单位 {measure.unit}", nearest(measure.unit, UNITS)
        elif known[0] != measure.unit:
            yield f"{at}unit", f"单位要写成 {known[0]}", known[0]

    def _part(self, measure: Measure) -> Iterator[tuple[str, str, str]]:
        if measure.whole is None:
            return
        key = f"measures.{measure.id.rsplit('.', 1)[-1]}.whole"
        whole = self.known.measures.get(measure.whole)
        if whole is None:
            yield from self._refer(key, [measure.whole], self.known.measures, "计量")
        elif whole.unit != measure.unit:
            yield key, f"部分的单位是{measure.unit}，总数的单位是{whole.unit}", whole.unit

    def _ledger(self, ledger: Ledger) -> Iterator[tuple[str, str, str]]:
        yield from self._refer("kinds", ledger.kinds, self.known.kinds, "事项")
        kinds = [self.known.kinds[k] for k in ledger.kinds if k in self.known.kinds]
        for number, column in enumerate(ledger.columns, start=1):
            if column.what == "field" and column.id:
                fields = {f.id for kind in kinds for f in kind.fields}
                yield from self._refer(f"columns[{number}].id", [column.id], fields, "字段")
            elif column.what == "measure" and column.id:
                yield from self._refer(
                    f"columns[{number}].id", [column.id], _measures_of(kinds), "计量"
                )

    def _indicator(self, indicator: Indicator) -> Iterator[tuple[str, str, str]]:
        for key in ("numerator", "denominator", "declared"):
            term: Term | None = getattr(indicator, key)
            if term is not None:
                yield from self._term(key, term)
        unit = self._unit(indicator.numerator)
        plain = indicator.denominator is None and indicator.factor == 1
        if plain and unit and unit != indicator.unit:
            problem = f"指标的单位是{indicator.unit}，计量的单位是{unit}"
            yield "unit", problem, unit
        if indicator.denominator is not None:
            yield from self._declared_unit(indicator)

    def _declared_unit(self, indicator: Indicator) -> Iterator[tuple[str, str, str]]:
        unit = self._unit(indicator.declared) if indicator.declared else ""
        if unit and unit != indicator.unit:
            yield "declared.measure", f"指标的单位是{indicator.unit}，自报值的单位是{unit}", ""

    def _unit(self, term: Term) -> str:
        measure = self.known.measures.get(term.measure or "")
        return measure.unit if measure is not None and term.times is None else ""

    def _term(self, key: str, term: Term) -> Iterator[tuple[str, str, str]]:
        yield from self._refer(f"{key}.kinds", term.kinds, self.known.kinds, "事项")
        kinds = [self.known.kinds[k] for k in term.kinds if k in self.known.kinds]
        fields = {f.id for kind in kinds for f in kind.fields}
        if term.measure is not None:
            yield from self._refer(f"{key}.measure", [term.measure], _measures_of(kinds), "计量")
        if term.field is not None:
            yield from self._refer(f"{key}.field", [term.field], fields | BUILT_IN_FIELDS, "字段")
        if term.where is not None:
            read = sorted(term.where.fields())
            yield from self._refer(f"{key}.where", read, fields | BUILT_IN_CONDITIONS, "字段")
        if term.times is not None:
            yield from self._term(f"{key}.times", term.times)

    def _reconciliation(self, rule: Reconciliation) -> Iterator[tuple[str, str, str]]:
        indicators = self.known.indicators
        named = [name for name in (rule.whole, rule.stated) if name]
        yield from self._refer("whole", named, indicators, "指标")
        yield from self._refer("parts", rule.parts, indicators, "指标")
        yield from self._refer("kinds", rule.kinds, self.known.kinds, "事项")
        if rule.rule in ("part_of_whole", "total", "window"):
            yield from self._same_unit(rule)

    def _same_unit(self, rule: Reconciliation) -> Iterator[tuple[str, str, str]]:
        whole = self.known.indicators.get(rule.whole or "")
        for name in rule.parts:
            part = self.known.indicators.get(name)
            if whole and part and whole.unit != part.unit:
                yield "parts", f"{name} 的单位是{part.unit}，{whole.id} 的单位是{whole.unit}", ""

    def _cycles(self) -> Iterator[Fault]:
        for measure in (m for kind in self.pack.kinds for m in kind.measures):
            chain, current = [measure.id], measure.whole
            while current is not None and current not in chain:
                chain.append(current)
                whole = self.known.measures.get(current)
                current = whole.whole if whole else None
            if current == measure.id:
                kind = measure.id.rsplit(".", 1)[0]
                file = self.source.places.get(("kinds", kind), self.pack.id)
                yield Fault(
                    file,
                    f"kinds.{kind}.measures.{measure.id.rsplit('.', 1)[-1]}.whole",
                    f"部分与总数绕成了圈：{' → '.join([*chain, current])}",
                )


def _measures_of(kinds: Iterable[Kind]) -> set[str]:
    return {name for kind in kinds for name in (*kind.uses, *(m.id for m in kind.measures))}
