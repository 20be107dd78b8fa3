"""Writes: a report with its bindings in one transaction, then its files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.core.access.keys import signing_key
from linli.core.access.rules import Actor, Permission
from linli.core.areas.queries import resolve
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.action import action
from linli.kernel.clock import now, today
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.packs.registry import Registry
from linli.packs.schema_report import ReportPlan
from linli.reports import kept
from linli.reports.compose.compose import compose, says_anything, wanted
from linli.reports.compose.prose import read as read_prose
from linli.reports.draft import Draft, Ref, with_keys
from linli.reports.gather import material
from linli.reports.links import keys
from linli.reports.models import Binding, Report
from linli.reports.render import FORMATS, render
from linli.reports.seal import Seal, payload, seal
from linli.reports.span import refuse_unfit

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the report's id, its files, and its bound numbers in reading order."""

    report: UUID
    title: str
    files: tuple[Path, ...]
    figures: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """The documented line of ``linli report --json``."""
        return {
            "report": str(self.report),
            "title": self.title,
            "files": [str(path) for path in self.files],
            "figures": list(self.figures),
        }


@action("reports.write", permission=Permission.REPORT, atomic=False)
def write(
    *,
    actor: Actor,
    type: str,  # noqa: A002  (the word of the command line)
    area: str,
    period: Period | str,
    out: Path | None = None,
    until: date | None = None,
    formats: Sequence[str] = ("docx",),
    prose: Path | None = None,
    signer: str = "",
) -> Written:
    """Write a report of a type about an area and period.

    Its files are kept in the home, a page (.html) among them whatever ``formats`` asks for, so that
    the site can open it; with ``out`` those asked for are written there too, else the kept ones are
    answered. ``until``: the report covers the period up to that day and is signed on it; else it is signed
    today. Raises Refusal reports.*, packs.unknown, areas.unknown, access.denied.
    """
    unknown = next((name for name in formats if name not in FORMATS), None)
    if unknown is not None:
        raise Refusal("reports.format.unknown", format=unknown)
    if out is not None:
        kept.refuse_no_folder(out)
    known = registry()
    plan = known.report(type)
    place = resolve(area)
    span = Period.parse(period) if isinstance(period, str) else period
    refuse_unfit(plan.type, span)
    moment = now()
    draft = _draft(actor, plan, place, span, until, known, moment, prose, signer)
    report = uuid7()
    draft = with_keys(draft, keys(report))
    made = seal(
        signing_key(), str(report), payload(draft, _about(report, plan, place, span, moment))
    )
    name = _UNSAFE.sub("_", draft.title_text)[:80]
    contents = {
        one: render(one, draft, made, moment) for one in {**dict.fromkeys(formats), "html": 0}
    }
    # The files come before the row that speaks of them: a report without its paper is never listed.
    kept.keep(report, name, contents)
    try:
        with transaction.atomic():
            _keep(actor, report, plan, place, span, until or today(), moment, draft, made)
    except BaseException:
        kept.drop(report)
        raise
    if out is None:
        files = tuple(kept.files(report))
    else:
        files = tuple(out / f"{name}.{one}" for one in formats)
        for path in files:
            kept.write(path, contents[path.suffix[1:]])
    return Written(report, draft.title_text, files, tuple(_figures(draft)))


def _draft(
    actor: Actor,
    plan: ReportPlan,
    place: AreaView,
    span: Period,
    until: date | None,
    known: Registry,
    moment: datetime,
    prose: Path | None,
    signer: str,
) -> Draft:
    typed = read_prose(prose, plan) if prose else {}
    told = material(
        actor,
        place,
        span,
        until,
        known,
        known_at=moment,
        signed=until or today(),
        ids=None if prose else wanted(plan, known),
        prose=typed,
        signer=signer,
    )
    titles = {name: measure.title for name, measure in known.measures.items()}
    draft = compose(plan, told, known.phrases, titles)
    if not says_anything(draft):
        raise Refusal("reports.empty", area=place.name, period=span.words())
    return draft


def _about(
    report: UUID, plan: ReportPlan, place: AreaView, span: Period, moment: datetime
) -> Mapping[str, str]:
    return {
        "id": str(report),
        "type": plan.type,
        "plan": plan.id,
        "area": place.slug,
        "period": span.text,
        "known_at": moment.isoformat(),
    }


def _keep(
    actor: Actor,
    report: UUID,
    plan: ReportPlan,
    place: AreaView,
    span: Period,
    until: date,
    moment: datetime,
    draft: Draft,
    made: Seal,
) -> None:
    row = Report.objects.create(
        id=report,
        type=plan.type,
        plan=plan.id,
        title=draft.title_text[:300],
        area_id=place.key,
        period=span.text,
        until=until,
        known_at=moment,
        written=moment,
        actor=actor.id,
        digest=made.digest,
        signature=made.signature,
    )
    bindings = [
        _binding(row, ordinal, text, ref) for ordinal, (text, ref) in enumerate(draft.refs())
    ]
    Binding.objects.bulk_create(bindings, batch_size=500)
    trail.note(
        actor=actor,
        area=place.key,
        action="reports.write",
        subject=("report", str(report)),
        payload=bytes.fromhex(made.digest),
        facts={"type": plan.type, "period": span.text, "bindings": len(bindings)},
    )


def _binding(report: Report, ordinal: int, text: str, ref: Ref) -> Binding:
    return Binding(
        key=ref.key,
        report=report,
        ordinal=ordinal,
        kind=ref.kind.value,
        subject=ref.subject,
        part=ref.part,
        area=ref.area,
        period=ref.period,
        known_at=ref.known_at,
        text=text,
        value="" if ref.value is None else format(ref.value.normalize(), "f"),
        unit=ref.unit,
        qualifier=ref.qualifier,
        value_max="" if ref.value_max is None else format(ref.value_max.normalize(), "f"),
        words=ref.words,
        fingerprint=ref.fingerprint,
    )


def _figures(draft: Draft) -> list[dict[str, Any]]:
    """The bound numbers of the text, each indicator or quantity as often as it is written."""
    found = []
    for text, ref in draft.refs():
        if ref.value is None:
            continue
        line: dict[str, Any] = {
            "key": ref.key,
            "text": text,
            "indicator": ref.subject.split("@")[0] if ref.kind == "figure" else None,
            "record": ref.subject if ref.kind == "record" else None,
            "value": ref.value,
            "unit": ref.unit,
            "qualifier": ref.qualifier,
            "period": ref.period,
        }
        if ref.value_max is not None:
            line["value_max"] = ref.value_max
        found.append(line)
    return found
