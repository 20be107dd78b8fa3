"""The shape of a report plan: sections of blocks, and how the records of a kind are said.

Templates hold slots in braces and droppable stretches in square brackets:
``走访居民家庭{m:base.visit.households}[，其中{parts}]``. A stretch whose slot has no value is left
out; a template whose slot outside brackets has none is left out whole. So nothing is invented.

Slots of a report: ``area`` ``period`` ``date`` ``signer``; ``figure:ID`` (value with its unit),
``titles:KIND`` (titles of its records, 、 between), ``count:KIND`` (how many), ``one:KIND:FIELD``.
Others: ``state:ID`` (a figure, zero too), ``post:NAME`` (who holds it), ``lines:KIND``.
Slots of a record: ``title``; ``act``, ``event`` and ``do`` (the title with 开展, 举办 or 做好 where
it has no verb);
``head`` and ``tail`` (of 对象：内容); ``when`` ``cadence`` ``f:FIELD`` ``m:MEASURE`` ``first`` (its first
amount) ``parts`` (其中) ``rest`` (amounts not named elsewhere in the template); ``no:WORD`` and
``has:WORD`` (hold where the title lacks or has a word, write nothing).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Slot

ReportType = Literal["annual", "half-year", "quarter", "title-summary", "application", "briefing"]
State = Literal["done", "ongoing", "planned"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _balanced(text: str) -> str:
    depth = 0
    for letter in text:
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if depth < 0:
            break
    if depth != 0:
        raise ValueError("方括号不成对")
    if text.count("{") != text.count("}"):
        raise ValueError("花括号不成对")
    return text


class Text(_Model):
    """A paragraph of sentences; each is dropped when a slot of it has no value.

    ``frame``: the sentences claim nothing and stay only where their section says something else.
    """

    type: Literal["text"]
    sentences: tuple[str, ...]
    frame: bool = False


class Clauses(_Model):
    """One sentence that strings figures together: lead, then those of ``items`` that have values.

    ``least``: fewer items than this make no sentence. ``used``: a figure told before is skipped.
    """

    type: Literal["clauses"]
    lead: str = ""
    items: tuple[str, ...]
    join: str = "，"
    end: str = "。"
    least: Annotated[int, Slot(ge=1)] = 1


class Records(_Model):
    """The records of kinds or of sections: dated ones as a numbered list (``numbered``) or as
    sentences, undated ones (cadences, states) as sentences after them."""

    type: Literal["records"]
    kinds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    grains: tuple[Literal["event", "summary", "observation"], ...] = ("event", "summary")
    states: tuple[State, ...] = ("done", "ongoing")
    lead: str = ""
    numbered: bool = True
    undated: bool = True
    most: Annotated[int, Slot(ge=1)] = 40


class Listing(_Model):
    """An inline list of titles (阵地、队伍). ``text`` holds ``{list}``, and ``{group}`` with ``by``:
    one sentence for each value of that field. ``most`` cuts the list with 等 and the full count.
    ``without``: a record that states one of these measures is a total of the list, no member."""

    type: Literal["listing"]
    kinds: tuple[str, ...]
    text: str
    item: str = "{title}"
    without: tuple[str, ...] = ()
    by: str = ""
    counter: str = "个"
    most: Annotated[int, Slot(ge=1)] = 20


class Honours(_Model):
    """Honours by level, highest first. ``text`` says one level, with ``{level}`` and ``{list}``;
    ``item`` one honour. ``holders`` keeps those whose ``holder`` field has one of these values,
    ``others`` those that have none of these."""

    type: Literal["honours"]
    kinds: tuple[str, ...]
    text: str
    item: str = "“{title}”"
    lead: str = ""
    level: str = "level"
    holder: str = ""
    holders: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Plans(_Model):
    """What is planned next: records in state planned, or of ``kinds``; one sentence."""

    type: Literal["plans"]
    kinds: tuple[str, ...] = ()
    lead: str = ""
    item: str = "{title}"


class Figures(_Model):
    """Figures of ``sections``, or named ones, said by the phrases of their indicators in one
    sentence. Left out: what has no phrase, no value, or only repeats one record told before."""

    type: Literal["figures"]
    figures: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    lead: str = ""
    join: str = "，"


class FigureTable(_Model):
    """A table of figures: those named, or all that have a value in ``sections``."""

    type: Literal["table"]
    caption: str
    figures: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    least: Annotated[int, Slot(ge=1)] = 3


class FigureChart(_Model):
    """Bars of comparable figures of one unit; drawn when at least ``least`` have values."""

    type: Literal["chart"]
    title: str
    figures: tuple[str, ...]
    least: Annotated[int, Slot(ge=2)] = 3


Block = Annotated[
    Text | Clauses | Records | Listing | Honours | Plans | Figures | FigureTable | FigureChart,
    Slot(discriminator="type"),
]


class Section(_Model):
    """A heading with its blocks; a section whose blocks find nothing is left out.

    ``id`` names it in a person's prose file. ``level`` 1 一、 2 （一） 3 1. ; a heading without own
    content stays while a deeper one under it has some. Without heading: the introduction.
    """

    id: str
    heading: str = ""
    level: Annotated[int, Slot(ge=1, le=3)] = 1
    blocks: tuple[Block, ...] = ()


class Phrase(_Model):
    """How a record of a kind, an amount of a measure or a figure is said; ``id`` names it.

    A figure's slots are ``n`` and, only where it is nought, ``zero``; below ``least`` it is not
    said (a monthly meeting held once a year is no routine of the office).
    ``says``: several templates are tried in order, the first whose slots have values is taken.
    """

    id: str
    says: tuple[str, ...]
    least: Decimal | None = None

    @field_validator("says")
    @classmethod
    def _whole(cls, says: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_balanced(text) for text in says)


class ReportPlan(_Model):
    """One type of report (年度总结, 申报材料 …) as data."""

    id: str
    type: ReportType
    title: str
    sections: tuple[Section, ...] = ()
    closing: str = ""
    signature: str = "{area}居民委员会"

    def blocks(self) -> Iterator[Block]:
        """Return every block of every section in order."""
        for section in self.sections:
            yield from section.blocks


class Supplement(_Model):
    """What a pack adds to report plans of any pack, which it may not redefine.

    A section that the plan has gets the further blocks at its end; another one is put before the
    section ``before``, or last where the plan has none of that name.
    """

    id: str
    reports: tuple[str, ...]
    before: str = ""
    sections: tuple[Section, ...]

    def applied(self, plan: ReportPlan) -> ReportPlan:
        """Return the plan with the additions."""
        sections = list(plan.sections)
        for added in self.sections:
            names = [section.id for section in sections]
            if added.id in names:
                place = names.index(added.id)
                blocks = sections[place].blocks + added.blocks
                sections[place] = sections[place].model_copy(update={"blocks": blocks})
            else:
                place = names.index(self.before) if self.before in names else len(names)
                sections.insert(place, added)
        return plan.model_copy(update={"sections": tuple(sections)})
