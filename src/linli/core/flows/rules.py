"""Where a matter stands, from its moves alone; what a move needs. Plain Python.

Nothing here is stored: present step, due, overdue and in time follow from the rows of the moves. A
row bears the limit of the step that it enters, so that a pack changed later rewrites no history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any
from uuid import UUID

from linli.core.flows.deadlines import Limit, Pause, due
from linli.kernel.clock import beijing
from linli.kernel.errors import Refusal, Refusals, sentences
from linli.kernel.ids import uuid7
from linli.packs.schema_flow import ASSIGNEE, STAYING, Flow, FlowMove

sentences(
    {
        "flows.unknown": ("没有编号为 {id} 的办件。", "请核对编号和辖区，或先把记录转入流程。"),
        "flows.kind": ("流程“{flow}”不办理“{kind}”这类事项。", "请换一个流程。"),
        "flows.started": ("记录 {id} 已经在流程“{flow}”里。", "请接着办理，不必再次转入。"),
        "flows.conflict": ("编号 {id} 已经登记过另一步流转。", "请换一个编号再提交。"),
        "flows.moved": (
            "{who}已在 {when} 先办了“{move}”，您看到的是之前的情况。",
            "请刷新，看过现在的环节再办。",
        ),
        "flows.not_here": ("办件在环节“{step}”，不能“{move}”。", "现在可以办的有：{moves}。"),
        "flows.gone": ("现行业务包里，流程“{flow}”没有环节“{step}”。", "请让业务包保留这个环节。"),
        "flows.who": ("“{move}”要由{allowed}来办，{name}不是。", "请由他们办理，或先转办。"),
        "flows.reason": ("“{move}”没有写明理由。", "请写明理由。"),
        "flows.assignee": ("“{move}”没有写明交给谁。", "请指定承办人或承办机构。"),
        "flows.one_assignee": ("承办人和承办机构只能指定一个。", "请去掉一个。"),
        "flows.no_assignee": ("“{name}”在{area}不能办理流程。", "请指定有办理权限的人，或先授权。"),
        "flows.no_body": ("{area}没有编号为 {id} 的机构。", "请核对机构。"),
        "flows.evidence": (
            "“{move}”要有佐证，这条记录还没有。",
            "请先上传照片或文件并关联到记录。",
        ),
        "flows.field": ("“{move}”之前要填写“{field}”。", "请补填后再提交。"),
        "flows.early": ("发生时间 {when} 早于上一步的 {before}。", "请核对时间。"),
        "flows.future": ("发生时间 {when} 还没有到。", "请核对时间。"),
        "flows.paused": ("办件已在 {when} 暂停计时。", "请先恢复，再暂停。"),
        "flows.running": ("办件没有暂停，不必恢复。", "请直接办理。"),
        "flows.parts": ("分办至少要分成两件，现在是 {count} 件。", "请写明每一件的标题。"),
        "flows.parts_open": ("还有 {count} 个分件没有办结。", "请等分件都办结。"),
        "flows.whole_closed": ("这个分件所属的总件已经办结。", "请先重开总件。"),
        "flows.answered": ("本件已经答复交来的辖区，不能自行重开。", "请由对方再次交办。"),
        "flows.to": ("“{move}”没有写明交给哪个辖区。", "请写明辖区。"),
        "flows.toward": ("“{to}”不在{area}的{side}。", "请选择{side}的辖区。"),
        "flows.own": ("不能交办给本辖区。", "请用转办或分办。"),
        "flows.ended": ("辖区“{area}”已经撤销。", "请选择现有的辖区。"),
        "flows.message": ("{area}的收件箱里没有编号为 {id} 的来件。", "请核对编号和辖区。"),
        "flows.refused": ("来件 {id} 已经退回。", "请等对方重新交办。"),
        "flows.accepted": ("来件 {id} 已经签收。", "请在办件里继续办理。"),
        "flows.not_yet": ("来件 {id} 所说的交办件还没有签收。", "请先签收交办件。"),
        "flows.no_refusal": ("来件 {id} 不是交办件，不能退回。", "请签收。"),
    }
)

START, NOTE = "start", "note"
"""Moves that every flow has: the first one, and one that only takes something in."""

SIDES = {"above": "上级", "below": "下级"}


class Sort(StrEnum):
    """What a message between areas is."""

    ASSIGNMENT = "assignment"  # 交办: please handle this
    URGE = "urge"  # 督办: a reminder
    ANSWER = "answer"  # 答复: handled, with the outcome
    REFUSAL = "refusal"  # 退件: not ours, or the area is no more


SORT_NAMES = {
    Sort.ASSIGNMENT: "交办",
    Sort.URGE: "督办",
    Sort.ANSWER: "答复",
    Sort.REFUSAL: "退件",
}


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a matter is assigned to: a user, or a body of the area."""

    person: UUID | None = None
    body: UUID | None = None

    def __bool__(self) -> bool:
        return self.person is not None or self.body is not None


NOBODY = Assignee()


@dataclass(frozen=True, slots=True)
class NewPart:
    """One of the matters that a split makes."""

    title: str
    assignee: Assignee = NOBODY
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewMove:
    """A move to be made. `seen` is the number of the last move that its maker saw.

    `occurred` None: now. `fields` are filled in on the record in the same breath. `to` is the other
    area of a *send*, `parts` those of a *split*. The id is made here, so that a retry is harmless.
    """

    name: str
    seen: int
    id: UUID = field(default_factory=uuid7)
    occurred: datetime | None = None
    captured: datetime | None = None
    reason: str = ""
    assignee: Assignee = NOBODY
    fields: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[NewPart, ...] = ()
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that was made, as its row says it. `closing`: the matter is closed after it."""

    seq: int
    name: str
    act: str
    step_from: str
    step_to: str
    round: int
    closing: bool
    limit: Limit | None
    occurred: datetime
    assignee: Assignee = NOBODY
    outcome: str = ""
    id: UUID | None = None
    actor: str = ""
    captured: datetime | None = None
    received: datetime | None = None
    reason: str = ""

    @property
    def enters(self) -> bool:
        """Whether a step, and its clock, begins with this move."""
        return self.act not in STAYING and self.act != NOTE

    @property
    def late(self) -> bool:
        """Written down on a later day than it happened; shown, never hidden."""
        return (
            self.captured is not None
            and beijing(self.captured).date() > beijing(self.occurred).date()
        )


@dataclass(frozen=True, slots=True)
class Stay:
    """A step as it was gone through. `in_time` None: no limit, or not yet decided."""

    step: str
    round: int
    entered: datetime
    left: datetime | None
    pauses: tuple[Pause, ...]
    due: datetime | None
    in_time: bool | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a matter stands at an instant. `in_time`: nothing so far was late."""

    step: str
    round: int
    since: datetime
    assignee: Assignee
    closed: bool
    paused: datetime | None
    due: datetime | None
    overdue: bool
    in_time: bool
    returns: int
    outcome: str
    seq: int
    stays: tuple[Stay, ...]


def standing(moves: Sequence[Moved], at: datetime) -> Standing:
    """The standing at an instant, from all moves in their order (at least the first)."""
    stays = tuple(_stay(stretch, at) for stretch in _stretches(moves))
    last, now_in = moves[-1], stays[-1]
    overdue = not last.closing and now_in.due is not None and now_in.due < at
    open_pause = now_in.pauses[-1] if now_in.pauses else None
    return Standing(
        step=now_in.step,
        round=now_in.round,
        since=now_in.entered,
        assignee=last.assignee,
        closed=last.closing,
        paused=open_pause.start if open_pause and open_pause.end is None else None,
        due=None if last.closing else now_in.due,
        overdue=overdue,
        in_time=not overdue and all(stay.in_time is not False for stay in stays),
        returns=sum(move.act == "return" for move in moves),
        outcome=next((move.outcome for move in reversed(moves) if move.outcome), ""),
        seq=last.seq,
        stays=stays,
    )


def _stretches(
    moves: Sequence[Moved],
) -> Iterable[tuple[Moved, list[Moved], datetime | None]]:
    """Each entering move with the moves made inside its step, and when the step was left."""
    entries = [index for index, move in enumerate(moves) if move.enters]
    for index, following in zip(entries, [*entries[1:], None], strict=True):
        inside = list(moves[index + 1 : following])
        yield moves[index], inside, None if following is None else moves[following].occurred


def _stay(stretch: tuple[Moved, list[Moved], datetime | None], at: datetime) -> Stay:
    entry, inside, left = stretch
    pauses: list[Pause] = []
    for move in inside:
        if move.act == "pause":
            pauses.append(Pause(move.occurred))
        elif move.act == "resume":
            pauses[-1] = replace(pauses[-1], end=move.occurred)
    if pauses and pauses[-1].end is None and left is not None:
        pauses[-1] = replace(pauses[-1], end=left)
    until = due(entry.limit, entry.occurred, pauses) if entry.limit else None
    in_time: bool | None = None
    if entry.limit and not entry.closing and left is not None:
        in_time = until is None or left <= until
    elif until is not None and until < at and not entry.closing:
        in_time = False
    return Stay(entry.step_to, entry.round, entry.occurred, left, tuple(pauses), until, in_time)


def next_assignee(moves: Sequence[Moved], move: FlowMove | None, given: Assignee) -> Assignee:
    """Whom the matter is with after a move: who is named; in the same step who was; else whoever
    had it in the step that it comes back to."""
    if given:
        return given
    if move is None or move.act in STAYING:
        return moves[-1].assignee
    before = NOBODY
    step = ""
    for one in moves:
        step = one.step_to if one.enters else step
        before = one.assignee if step == move.to else before
    return before


def allowed(move: FlowMove, roles: frozenset[str], *, assigned: bool) -> bool:
    """Whether somebody of these roles, assigned or not, may make the move."""
    return bool(roles.intersection(move.who)) or (assigned and ASSIGNEE in move.who)


def open_moves(flow: Flow, now_at: Standing) -> list[FlowMove]:
    """The moves that can be made from where the matter stands, whoever makes them."""
    return [
        move
        for move in flow.moves_from(now_at.step)
        if not (move.act == "pause" and now_at.paused)
        and not (move.act == "resume" and not now_at.paused)
    ]


def wants(
    move: FlowMove,
    new: NewMove,
    *,
    empty: Iterable[str],
    proven: bool,
    last: datetime,
    at: datetime,
) -> list[Refusal]:
    """Everything that a move lacks: `empty` are titles of fields still to be filled."""
    found: list[Refusal] = []
    if move.needs_reason and not new.reason.strip():
        found.append(Refusal("flows.reason", move=move.title))
    if move.needs_assignee and not new.assignee:
        found.append(Refusal("flows.assignee", move=move.title))
    if move.evidence and not proven:
        found.append(Refusal("flows.evidence", move=move.title))
    if move.act == "split" and len(new.parts) < 2:
        found.append(Refusal("flows.parts", count=len(new.parts)))
    if move.act == "send" and not new.to:
        found.append(Refusal("flows.to", move=move.title))
    found += [Refusal("flows.field", move=move.title, field=title) for title in empty]
    return found + wrong_time(new.occurred or at, last, at)


def wrong_time(when: datetime, last: datetime | None, at: datetime) -> list[Refusal]:
    """Moves follow each other, and none lies ahead."""
    if last is not None and when < last:
        return [Refusal("flows.early", when=clock(when), before=clock(last))]
    return [Refusal("flows.future", when=clock(when))] if when > at else []


def refuse_all(problems: Sequence[Refusal]) -> None:
    """Raise what there is: one refusal, or all of them together."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise Refusals(list(problems))


def clock(moment: datetime) -> str:
    """An instant as people read it."""
    return beijing(moment).strftime("%Y-%m-%d %H:%M")


def reason_digest(reason: str, salt: bytes) -> bytes:
    """What stays of a reason once it and its salt are erased: nothing that can be guessed from."""
    return blake2b(reason.encode(), key=salt, digest_size=16).digest() if reason else b""


def seal(values: Sequence[Any]) -> bytes:
    """16-byte digest of a row as stored; the audit entry of the row notes it."""
    said = "\x1f".join("" if value is None else str(value) for value in values)
    return blake2b(said.encode(), digest_size=16).digest()
