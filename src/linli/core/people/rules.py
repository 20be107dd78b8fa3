"""Organisations, bodies and posts as others see them. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.kernel.errors import sentences

sentences(
    {
        "people.unknown": ("这个辖区没有编号为 {id} 的{what}。", "请核对编号和辖区。"),
        "people.ended": ("{what}“{name}”已于 {until} 结束。", "请核对日期。"),
        "people.dates": ("{what}“{name}”的结束日期 {until} 早于开始日期 {since}。", "请核对日期。"),
        "people.nameless": ("{what}没有写名称。", "请写明名称。"),
    }
)


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """A member unit, enterprise, shop, branch or association."""

    id: UUID
    name: str
    sort: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class BodyView:
    """A leading group, committee or team."""

    id: UUID
    name: str
    organisation: UUID | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class PostView:
    """Who holds which post; the holder is personal, and empty once erased."""

    id: UUID
    body: UUID
    title: str
    holder: str
    since: date | None
    until: date | None
