"""Hold a flow against what is declared, and look for steps that nobody reaches or leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from linli.packs.fault import nearest
from linli.packs.schema_flow import ASSIGNEE, HANDLERS, STAYING, Flow, FlowMove, FlowStep

Finding = tuple[str, str, str]
"""Key below the flow, problem, nearest right word."""

WAITED_FOR = {"parts": ("join",), "answer": ("answer", "refused")}
"""Which acts end the waiting of a step."""


class FlowLinker:
    """Checks flows against kinds (id → field id → options) and the ids of all flows."""

    def __init__(
        self, kinds: Mapping[str, Mapping[str, tuple[str, ...]]], flows: Iterable[str]
    ) -> None:
        self.kinds = kinds
        self.flows = frozenset(flows)

    def flow(self, flow: Flow) -> Iterator[Finding]:
        """Yield every fault of a flow."""
        yield from _known("kinds", flow.kinds, self.kinds, "事项")
        yield from _doubles("steps", (step.id for step in flow.steps))
        yield from _doubles("moves", (move.id for move in flow.moves))
        for step in flow.steps:
            yield from self._step(flow, step)
        for move in flow.moves:
            yield from self._move(flow, move)
        yield from _ways(flow)

    def _fields(self, flow: Flow) -> dict[str, tuple[str, ...]]:
        """Fields that every kind of the flow has."""
        known = [self.kinds[kind] for kind in flow.kinds if kind in self.kinds]
        shared = set(known[0]).intersection(*known[1:]) if known else set()
        return {name: known[0][name] for name in shared}

    def _step(self, flow: Flow, step: FlowStep) -> Iterator[Finding]:
        key = f"steps.{step.id}"
        fields = self._fields(flow)
        yield from _known(f"{key}.sets", step.sets, fields, "字段")
        for name, value in step.sets.items():
            options = fields.get(name, ())
            if options and value not in options:
                yield f"{key}.sets.{name}", f"没有选项 {value}", nearest(value, options)
        if step.end and step.deadline:
            yield f"{key}.deadline", "结束的环节没有期限", ""
        acts = {move.act for move in flow.moves_from(step.id)}
        for act in WAITED_FOR.get(step.waits or "", ()):
            if act not in acts:
                yield f"{key}.waits", f"等候的环节要有一个 act 为 {act} 的流转", ""
        if "pause" in acts and "resume" not in acts:
            yield key, "这个环节可以暂停，却没有恢复（act 为 resume 的流转）", ""

    def _move(self, flow: Flow, move: FlowMove) -> Iterator[Finding]:
        key = f"moves.{move.id}"
        steps = {step.id: step for step in flow.steps}
        yield from _known(f"{key}.from", move.from_, steps, "环节")
        if move.to is not None:
            yield from _known(f"{key}.to", [move.to], steps, "环节")
        yield from _known(f"{key}.who", move.who, (*HANDLERS, ASSIGNEE), "能办理的角色")
        yield from _known(f"{key}.needs", move.needs, self._fields(flow), "字段")
        if move.into is not None:
            yield from _known(f"{key}.into", [move.into], self.flows, "流程")
        for wrong, at, problem in _SHAPE:
            if wrong(move, steps):
                yield f"{key}.{at}", problem, ""


Wrong = Callable[[FlowMove, Mapping[str, FlowStep]], bool]


def _waits(move: FlowMove, steps: Mapping[str, FlowStep], what: str) -> bool:
    step = steps.get(move.to or "")
    return step is not None and step.waits == what


def _ends(move: FlowMove, steps: Mapping[str, FlowStep]) -> bool:
    return any(steps[name].end for name in move.from_ if name in steps)


_SHAPE: tuple[tuple[Wrong, str, str], ...] = (
    (lambda m, s: m.act not in STAYING and m.to is None, "to", "没有写走到哪个环节"),
    (lambda m, s: m.act in STAYING and m.to is not None, "to", "留在原环节的流转不写 to"),
    (
        lambda m, s: m.into is not None and m.act not in ("split", "send"),
        "into",
        "只有 act 为 split 或 send 的流转写 into",
    ),
    (
        lambda m, s: m.toward != "any" and m.act != "send",
        "toward",
        "只有 act 为 send 的流转写 toward",
    ),
    (
        lambda m, s: m.act == "split" and not _waits(m, s, "parts"),
        "to",
        '分办要走到等候分件的环节（waits = "parts"）',
    ),
    (
        lambda m, s: (
            m.act == "send" and not _waits(m, s, "answer") and not (m.to in s and s[m.to or ""].end)
        ),
        "to",
        '交办别的辖区要走到等候答复的环节（waits = "answer"）或结束的环节',
    ),
    (
        lambda m, s: m.act == "reopen" and any(not s[n].end for n in m.from_ if n in s),
        "from",
        "只有结束的环节才能重开",
    ),
    (
        lambda m, s: m.act != "reopen" and _ends(m, s),
        "from",
        "结束的环节只能重开（act 为 reopen）",
    ),
)


def _known(key: str, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Finding]:
    known = set(known)
    for name in names:
        if name not in known:
            yield key, f"没有{what} {name}", nearest(name, known)


def _doubles(key: str, names: Iterable[str]) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{key}.{name}", "同一编号写了两次", ""


def _ways(flow: Flow) -> Iterator[Finding]:
    """Steps that no way leads to, and steps from which no way leads to an end."""
    onward: dict[str, set[str]] = {step.id: set() for step in flow.steps}
    for move in flow.moves:
        for source in move.from_:
            if move.to in onward and source in onward:
                onward[source].add(move.to)
    reached = _closure({flow.steps[0].id}, onward)
    backward = {one: {other for other, to in onward.items() if one in to} for one in onward}
    ending = _closure({step.id for step in flow.steps if step.end}, backward)
    for step in flow.steps:
        if step.id not in reached:
            yield f"steps.{step.id}", "没有流转走得到这个环节", ""
        if not step.end and not onward[step.id]:
            yield f"steps.{step.id}", "这个环节走不出去：没有从它出发的流转", ""
        elif step.id not in ending:
            yield f"steps.{step.id}", "从这个环节走不到任何结束的环节（end = true）", ""


def _closure(begin: set[str], onward: Mapping[str, set[str]]) -> set[str]:
    reached, todo = set(begin), list(begin)
    while todo:
        found = onward[todo.pop()] - reached
        reached |= found
        todo += found
    return reached
