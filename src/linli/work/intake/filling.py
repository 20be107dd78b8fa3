"""The text cells of a row into fields: declared ones by their words, others under their header."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from linli.kernel.lexer import canonical_unit
from linli.packs.registry import Registry
from linli.packs.schema import Kind
from linli.work.intake.columns import Column
from linli.work.intake.drafts import Draft
from linli.work.intake.lines import Line
from linli.work.intake.plan import TablePlan
from linli.work.intake.problems import shown
from linli.work.intake.read import Value
from linli.work.intake.uses import Use, use_of

_ONGOING = re.compile(
    r"进行中|在建|正在|未完成|未整改|未办结|处理中|办理中|推进中|筹备中|整改中|创建中"
)
_PAIR = re.compile(r"([^\s：:（(]{1,8})[：:]\s*(\S+)")
LABELLED = re.compile(r"^([^：:，。；、]{1,12})[：:](.+)$", re.DOTALL)


@dataclass(slots=True)
class Filler:
    """Fills the fields of drafts of one table."""

    plan: TablePlan
    registry: Registry
    caption: str = ""
    _uses: dict[str, Use] = field(default_factory=dict)
    _state: Column | None = None

    def __post_init__(self) -> None:
        self._state = self.plan.first("state")

    def use(self, kind: Kind) -> Use:
        """The kind compiled for this table."""
        found = self._uses.get(kind.id)
        if found is None:
            found = self._uses[kind.id] = use_of(kind, self.plan.columns, self.registry)
        return found

    def fill(self, line: Line, draft: Draft, use: Use) -> None:
        """Take over the row's texts; what a field's options do not allow stays under its header."""
        fields, cells = draft.fields, line.cells
        for index, name, options, free in use.places:
            value = cells[index]
            if value == "":
                continue
            text = value if type(value) is str else shown(value)
            if options is None or text in options:
                if name not in fields:
                    fields[name] = text
            else:
                fields[free] = text
        if self.caption:
            fields.setdefault("分组", self.caption)
        self.complete(draft, use)
        if self._state is not None and _ONGOING.search(text_of(cells[self._state.index])):
            draft.state = "ongoing" if draft.state == "done" else draft.state

    @staticmethod
    def complete(draft: Draft, use: Use) -> None:
        """Fields that a kind must have take the title, or the first of their options."""
        for name, option in use.required:
            if name not in draft.fields:
                draft.fields[name] = option or draft.title

    def head_fields(self, draft: Draft) -> None:
        """``位置：…`` above the header fills the kind's field of that name, in the first record."""
        named = {w: f.id for f in draft.kind.fields for w in (f.title, *f.words) if not f.options}
        for place in self.plan.head.labels:
            for match in _PAIR.finditer(place.text):
                name = named.get(match[1])
                if name and name not in draft.fields and canonical_unit(match[2]) is None:
                    draft.fields[name] = match[2]


def split_labels(text: str, draft: Draft) -> bool:
    """``东：…；南：…`` fills the kind's fields of those names; whether all of it did."""
    found = [m for m in map(LABELLED.match, re.split(r"[；;\n]", text)) if m]
    named = {w: f.id for f in draft.kind.fields for w in (f.title, *f.words)}
    pairs = [(named[m[1].strip()], m[2].strip()) for m in found if m[1].strip() in named]
    draft.fields.update(pairs)
    return bool(pairs) and len(pairs) == len(found)


def text_of(value: Value) -> str:
    """The cell as text; '' if it is empty."""
    return value if type(value) is str else ("" if value == "" else shown(value))
