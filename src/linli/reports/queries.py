"""Reads: bindings by key, reports written, and where a record is told of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from linli.core.access.queries import permit
from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import resolve
from linli.kernel.errors import Refusal
from linli.reports.check import Bound
from linli.reports.draft import Ref, RefKind
from linli.reports.models import Binding, Report


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report that was written."""

    id: str
    type: str
    title: str
    area: str
    period: str
    until: date
    known_at: datetime
    written: datetime


@dataclass(frozen=True, slots=True)
class BindingView:
    """A bound run with the report it stands in; what ``/f/KEY`` shows."""

    key: str
    text: str
    ref: Ref
    report: ReportView

    @property
    def indicator(self) -> str | None:
        """The indicator's id, or None for a record, period or name."""
        figure = self.ref.kind is RefKind.FIGURE
        return self.ref.subject.split("@")[0] if figure else None

    @property
    def record(self) -> str | None:
        """The record's id, or None."""
        return (self.ref.subject or None) if self.ref.kind is RefKind.RECORD else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _bound(row: Binding) -> Bound:
    ref = Ref(
        kind=RefKind(row.kind),
        subject=row.subject,
        part=row.part,
        area=row.area,
        period=row.period,
        known_at=row.known_at,
        value=_decimal(row.value),
        unit=row.unit,
        qualifier=row.qualifier,
        value_max=_decimal(row.value_max),
        words=row.words,
        fingerprint=row.fingerprint,
        key=row.key,
    )
    return Bound(row.text, ref)


def bounds(keys: Iterable[str]) -> dict[str, Bound]:
    """Return what was written under keys, in one query; for ``verify``, which asks permission
    area by area when it recomputes."""
    return {row.key: _bound(row) for row in Binding.objects.filter(key__in=set(keys))}


def binding(actor: Actor, key: str) -> BindingView:
    """Return one binding. Raises Refusal reports.binding.unknown, access.denied."""
    row = Binding.objects.select_related("report__area").filter(key=key).first()
    if row is None:
        raise Refusal("reports.binding.unknown", key=key)
    permit(actor, Permission.READ, row.area)
    bound = _bound(row)
    return BindingView(key, bound.text, bound.ref, _view(row.report))


def _view(row: Report) -> ReportView:
    return ReportView(
        str(row.id),
        row.type,
        row.title,
        row.area.slug,
        row.period,
        row.until,
        row.known_at,
        row.written,
    )


def reports(actor: Actor, area: str) -> list[ReportView]:
    """Return the reports written about an area, newest first."""
    place = permit(actor, Permission.READ, area)
    rows = Report.objects.select_related("area").order_by("-written")
    return [_view(row) for row in (rows.filter(area_id=place.key) if place else rows)]


def telling(actor: Actor, record_id: str) -> list[ReportView]:
    """Return the reports that tell of a record and that the actor may read, each once."""
    rows = (
        Report.objects.select_related("area")
        .filter(bindings__kind=RefKind.RECORD.value, bindings__subject=record_id)
        .distinct()
        .order_by("-written")
    )
    # The street may have told of it too: whoever may not read that report is not told of it.
    return [_view(row) for row in rows if actor.may(Permission.READ, resolve(row.area.slug))]
