"""The shape of a report plan: sections of blocks; the floor ``reports`` says what a block may be."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

ReportType = Literal[
    "annual", "half-year", "quarter", "title-summary", "application", "briefing"
]


class Section(BaseModel):
    """A heading with its blocks; a section whose blocks find no records is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: str = ""
    numbering: str = ""
    blocks: tuple[dict[str, Any], ...] = ()


class ReportPlan(BaseModel):
    """One type of report (年度总结, 申报材料 …) as data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    type: ReportType
    title: str
    sections: tuple[Section, ...] = ()
    closing: str = ""
    signature: str = ""
