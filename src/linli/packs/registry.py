"""Everything declared, looked up by id; an unknown id is refused with the nearest one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from linli.kernel.errors import Refusal, sentences
from linli.packs.fault import nearest
from linli.packs.schema import Indicator, Kind, Ledger, Measure, Pack, Reconciliation, Stops
from linli.packs.schema_care import CareClass, PersonalField
from linli.packs.schema_flow import Flow
from linli.packs.schema_obligation import ObligationRule
from linli.packs.schema_report import Phrase, ReportPlan

T = TypeVar("T")

sentences(
    {
        "packs.unknown": ("业务包里没有{what} {id}。", "{hint}"),
        "packs.faulty": (
            "业务包有错：{file}：{key}：{problem}。",
            "改好后用 linli pack check 再查一遍。",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Registry:
    """The declarations of all packs together. ``kinds[...].measures`` holds the shared ones too."""

    packs: tuple[Pack, ...]
    kinds: Mapping[str, Kind]
    measures: Mapping[str, Measure]
    ledgers: Mapping[str, Ledger]
    indicators: Mapping[str, Indicator]
    reconciliations: Mapping[str, Reconciliation]
    obligations: Mapping[str, ObligationRule]
    reports: Mapping[str, ReportPlan]
    flows: Mapping[str, Flow]
    phrases: Mapping[str, Phrase]
    roles: Mapping[str, tuple[str, ...]]
    stops: Stops
    care: Mapping[str, CareClass]
    personal: Mapping[str, PersonalField]
    all_indicators: tuple[Indicator, ...] = ()
    versions: Mapping[str, tuple[Indicator, ...]] = field(default_factory=dict)
    kind_words: tuple[tuple[str, str], ...] = field(default=())

    def kind(self, kind_id: str) -> Kind:
        """Return the kind; refuse an unknown id."""
        return _get(self.kinds, kind_id, "事项")

    def measure(self, measure_id: str) -> Measure:
        """Return the measure; refuse an unknown id."""
        return _get(self.measures, measure_id, "计量")

    def ledger(self, ledger_id: str) -> Ledger:
        """Return the ledger, by id or by its Chinese title."""
        titled = next((x for x in self.ledgers.values() if x.title == ledger_id), None)
        return titled or _get(self.ledgers, ledger_id, "台账")

    def indicator(self, indicator_id: str, *, on: date | None = None) -> Indicator:
        """Return the newest version of the indicator, or the one valid ``on`` a day."""
        newest = _get(self.indicators, indicator_id, "指标")
        if on is None:
            return newest
        for version in reversed(self.versions.get(indicator_id, ())):
            if (version.valid_from or date.min) <= on <= (version.valid_to or date.max):
                return version
        return newest

    def care_class(self, class_id: str) -> CareClass:
        """Return the care class; refuse an unknown id."""
        return _get(self.care, class_id, "关爱类别")

    def obligation(self, name: str) -> ObligationRule:
        """Return the obligation rule, by id or by its Chinese title."""
        titled = next((x for x in self.obligations.values() if x.title == name), None)
        return titled or _get(self.obligations, name, "应办规则")

    def flow(self, flow_id: str) -> Flow:
        """Return the flow, by id or by its Chinese title."""
        titled = next((x for x in self.flows.values() if x.title == flow_id), None)
        return titled or _get(self.flows, flow_id, "流程")

    def report(self, type_or_id: str) -> ReportPlan:
        """Return the report plan, by its type (``quarter``) or id; the last pack's wins."""
        of_type = [plan for plan in self.reports.values() if plan.type == type_or_id]
        return of_type[-1] if of_type else _get(self.reports, type_or_id, "报告")


def build(packs: Iterable[Pack]) -> Registry:
    """Join packs that have been found free of faults."""
    packs = tuple(packs)
    shared = {m.id: m for pack in packs for m in pack.measures}
    own = {m.id: m for pack in packs for kind in pack.kinds for m in kind.measures}
    kinds = {kind.id: _with_shared(kind, shared | own) for pack in packs for kind in pack.kinds}
    versions = sorted((i for p in packs for i in p.indicators), key=lambda i: (i.id, i.version))
    return Registry(
        packs=packs,
        kinds=MappingProxyType(kinds),
        measures=MappingProxyType(shared | own),
        ledgers=MappingProxyType({x.id: x for pack in packs for x in pack.ledgers}),
        indicators=MappingProxyType({i.id: i for i in versions}),
        reconciliations=MappingProxyType({x.id: x for p in packs for x in p.reconciliations}),
        obligations=MappingProxyType({x.id: x for pack in packs for x in pack.obligations}),
        reports=MappingProxyType({x.id: x for x in _plans(packs)}),
        flows=MappingProxyType({x.id: x for pack in packs for x in pack.flows}),
        phrases=MappingProxyType({x.id: x for pack in packs for x in pack.phrases}),
        roles=MappingProxyType(_roles(packs)),
        stops=_stops(packs),
        care=MappingProxyType({x.id: x for pack in packs for x in pack.care}),
        personal=MappingProxyType({x.id: x for pack in packs for x in pack.personal}),
        all_indicators=tuple(versions),
        versions=_by_id(versions),
        kind_words=_kind_words(kinds.values()),
    )


def _by_id(versions: Iterable[Indicator]) -> Mapping[str, tuple[Indicator, ...]]:
    found: dict[str, tuple[Indicator, ...]] = {}
    for version in versions:
        found[version.id] = (*found.get(version.id, ()), version)
    return MappingProxyType(found)


def _plans(packs: tuple[Pack, ...]) -> Iterable[ReportPlan]:
    supplements = [x for pack in packs for x in pack.supplements]
    for plan in (plan for pack in packs for plan in pack.reports):
        made = plan
        for supplement in supplements:
            if plan.id in supplement.reports:
                made = supplement.applied(made)
        yield made


def _with_shared(kind: Kind, measures: Mapping[str, Measure]) -> Kind:
    return kind.model_copy(
        update={"measures": kind.measures + tuple(measures[name] for name in kind.uses)}
    )


def _roles(packs: tuple[Pack, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for role in (role for pack in packs for role in pack.roles):
        for word in role.words:
            roles = found.setdefault(word, [])
            if role.id not in roles:
                roles.append(role.id)
    return {word: tuple(roles) for word, roles in found.items()}


def _stops(packs: tuple[Pack, ...]) -> Stops:
    keys = Stops.model_fields
    return Stops(**{k: tuple(w for p in packs for w in getattr(p.stops, k)) for k in keys})


def _kind_words(kinds: Iterable[Kind]) -> tuple[tuple[str, str], ...]:
    """All (word, kind id), longest word first, so that 志愿者清理 wins over 志愿者."""
    words = [(word, kind.id) for kind in kinds for word in (*kind.words, kind.title)]
    return tuple(sorted(set(words), key=lambda pair: (-len(pair[0]), pair)))


def _get(known: Mapping[str, T], name: str, what: str) -> T:
    found = known.get(name)
    if found is None:
        near = nearest(name, known)
        hint = f"是不是 {near}？" if near else "用 linli pack show 看有哪些。"
        raise Refusal("packs.unknown", what=what, id=name, hint=hint)
    return found
