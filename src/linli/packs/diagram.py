"""A flow as a diagram in Mermaid's language, which documents and GitHub draw and people can read."""

from __future__ import annotations

from collections.abc import Iterator

from linli.packs.schema_flow import ASSIGNEE, Flow, FlowMove, FlowStep

ROLE_TITLES = {
    "worker": "经办人",
    "director": "主任",
    "street": "街道",
    "district": "区",
    ASSIGNEE: "承办人",
}


def mermaid(flow: Flow) -> str:
    """The diagram. Moves that stay in a step stand in a note beside it."""
    return "\n".join(_lines(flow)) + "\n"


def _lines(flow: Flow) -> Iterator[str]:
    yield "stateDiagram-v2"
    for step in flow.steps:
        yield f'    state "{_box(step)}" as {step.id}'
    yield f"    [*] --> {flow.steps[0].id}"
    for move in flow.moves:
        for source in move.from_ if move.to else ():
            yield f"    {source} --> {move.to}: {_arrow(move)}"
    for step in flow.steps:
        if step.end:
            yield f"    {step.id} --> [*]"
        stays = "；".join(_arrow(move) for move in flow.moves_from(step.id) if move.to is None)
        if stays:
            yield f"    note right of {step.id}: {stays}"


def _box(step: FlowStep) -> str:
    return f"{step.title}（{step.deadline.words()}）" if step.deadline else step.title


def _arrow(move: FlowMove) -> str:
    who = "、".join(ROLE_TITLES.get(one, one) for one in move.who)
    return f"{move.title}（{who}）"
