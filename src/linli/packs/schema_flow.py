"""The shape of a flow (流程): steps, moves between them, who may, what is needed, by when.

A flow is data. One engine (`core.flows`) interprets all of them; what a move does beyond walking to
a step is named by its ``act``, and there are no others than these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Slot

Unit = Literal["workday", "day", "workhour", "hour"]
UNIT_NAMES: dict[str, str] = {
    "workday": "个工作日",
    "day": "天",
    "workhour": "个工作小时",
    "hour": "小时",
}
Act = Literal[
    "forward",
    "return",
    "reopen",
    "transfer",
    "split",
    "join",
    "send",
    "urge",
    "answer",
    "refused",
    "pause",
    "resume",
]
STAYING = frozenset({"transfer", "urge", "pause", "resume"})
"""Acts after which the matter stands in the step where it stood, with its clock."""

ASSIGNEE = "assignee"
"""Whoever the matter is assigned to: that person, or who holds a post of that body."""

HANDLERS = ("worker", "director", "street", "district")
"""Roles that may handle matters at all; `core.access` says what else they may."""

Said = Annotated[str, Slot(min_length=1)]
StepId = Annotated[str, Slot(pattern=r"^[a-z][a-z0-9_]*$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Deadline(_Model):
    """How long a step may take. Working hours are those of the office; ``within`` 0 of a day: today."""

    within: Annotated[int, Slot(ge=0, le=3660)]
    unit: Unit

    @model_validator(mode="before")
    @classmethod
    def _has_a_unit(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "unit" not in value:
            units = "、".join(f"{unit}（{name}）" for unit, name in UNIT_NAMES.items())
            raise ValueError(f"期限没有写单位，要写成 {{ within = 5, unit = … }}，单位有 {units}")
        return value

    def words(self) -> str:
        """The limit as it is said: 5个工作日."""
        return f"{self.within}{UNIT_NAMES[self.unit]}" if self.within else "当日"


class FlowStep(_Model):
    """A step (环节). The first of a flow is where it begins; ``end`` closes the matter.

    ``waits``: nothing is done here until all parts are closed, or an answer has come from another
    area. ``sets`` and ``state`` are what the record says of itself once the step is entered.
    """

    id: StepId
    title: Said
    deadline: Deadline | None = None
    end: bool = False
    waits: Literal["parts", "answer"] | None = None
    state: Literal["ongoing", "done"] | None = None
    sets: dict[str, str] = {}


class FlowMove(_Model):
    """A move (流转) out of the steps ``from``.

    *forward* goes to a step; *return* goes back and *reopen* begins a new round, each with a
    reason; *transfer* hands the matter to another; *split* makes several records of it and *join*
    ends the waiting for them; *send* hands it to another area, *urge* reminds that area, *answer*
    and *refused* take in what comes back; *pause* stops the clock with a reason, *resume* starts it.
    ``who``: roles, or ``assignee``. ``needs``: fields of the record that must be filled by then.
    ``outcome``: what the move says of the matter (满意). ``into``: the flow that parts, or the other
    area's record, follow. ``toward``: whether the other area lies above, below or anywhere.
    """

    id: StepId
    title: Said
    act: Act = "forward"
    from_: tuple[StepId, ...] = Slot(alias="from", min_length=1)
    to: StepId | None = None
    who: tuple[str, ...] = Slot(min_length=1)
    needs: tuple[str, ...] = ()
    reason: bool = False
    evidence: bool = False
    assignee: bool = False
    outcome: str = ""
    into: str | None = None
    toward: Literal["above", "below", "any"] = "any"

    @property
    def needs_reason(self) -> bool:
        """A return, a new round and a stopped clock are always explained."""
        return self.reason or self.act in ("return", "reopen", "pause")

    @property
    def needs_assignee(self) -> bool:
        """A transfer names to whom."""
        return self.assignee or self.act == "transfer"


class Flow(_Model):
    """The moves of records that have to be handled. ``kinds``: the first is that of new records."""

    id: str
    title: Said
    kinds: tuple[str, ...] = Slot(min_length=1)
    steps: tuple[FlowStep, ...] = Slot(min_length=1)
    moves: tuple[FlowMove, ...] = Slot(min_length=1)

    def step(self, step_id: str) -> FlowStep | None:
        """The step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)

    def move(self, move_id: str) -> FlowMove | None:
        """The move of that id, or None."""
        return next((move for move in self.moves if move.id == move_id), None)

    def moves_from(self, step_id: str) -> Iterator[FlowMove]:
        """The moves that lead out of a step, or are made within it."""
        return (move for move in self.moves if step_id in move.from_)
