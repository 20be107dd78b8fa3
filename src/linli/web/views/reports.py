"""Reports: those written, a new one, and holding an old file against the figures of now."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.kernel.clock import today
from linli.kernel.errors import Refusal, Refusals, sentences
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.reports import actions, kept, queries
from linli.reports.check import State
from linli.reports.verdict import STATES, listed, place, verdict, words
from linli.reports.verify import Verification
from linli.reports.verify import verify as hold
from linli.web.activity import recorded
from linli.web.door import door
from linli.web.downloads import safe_name
from linli.web.forms.slots import Slot
from linli.web.period_choice import choose
from linli.web.refusal_page import problems_of
from linli.web.visit import Visit

sentences(
    {
        "web.report.until": ("“{text}”不是日期。", "请写成 2010-03-31 的样子，或者留空。"),
        "web.verify.none": (
            "没有选择要核对的文件。",
            "请选择以前写的报告（.docx、.pdf 或 .html）。",
        ),
        "web.verify.large": (
            "文件“{name}”太大，超过了 {limit} MB。",
            "报告不会这么大，请核对文件。",
        ),
    }
)
_LIMIT_MB = 24
TYPES = {
    "annual": "年度总结",
    "half-year": "半年总结",
    "quarter": "季度总结",
    "title-summary": "创建总结材料",
    "application": "申报材料",
    "briefing": "汇报材料",
}
_FITTING = {"quarter": "quarter", "half": "half-year", "year": "annual"}
_TONES = {State.SAME: "good", State.CHANGED: "question"}


@door(permission=Permission.READ)
def reports(visit: Visit) -> HttpResponse:
    """All reports about the area, newest first."""
    context = {
        "reports": [
            (one, TYPES.get(one.type, one.type))
            for one in queries.reports(visit.actor, visit.area.slug)
        ],
        "may_report": visit.may(Permission.REPORT),
    }
    return visit.page("web/reports.html", context)


@door(permission=Permission.REPORT, methods=("GET", "POST"))
def new_report(visit: Visit) -> HttpResponse:
    """Choose type and period, add prose, write; the finished report is shown."""
    slots = _slots(visit)
    problems: list[Refusal] = []
    if visit.posted:
        for slot in slots.values():
            slot.value = visit.given(slot.name)
        try:
            report = _write(visit, slots)
        except (Refusal, Refusals) as fault:
            problems = list(problems_of(fault))
        else:
            messages.success(
                visit.request,
                "报告已写成。点文中任何一个数，可以看到它背后的记录。",
                extra_tags="good",
            )
            return visit.go("reports-one", report_id=report)
    context = {"slots": slots, "problems": problems, "plans": _plans()}
    return visit.page("web/report_new.html", context, status=422 if problems else 200)


def _plans() -> list[tuple[str, str]]:
    known = [plan.type for plan in registry().reports.values()]
    return [(code, words) for code, words in TYPES.items() if code in known]


def _slots(visit: Visit) -> dict[str, Slot]:
    period = choose(visit, recorded(visit)).period
    return {
        "type": Slot("type", "写什么", "select", _FITTING.get(period.kind, "annual"), _plans()),
        "period": Slot(
            "period",
            "期间",
            value=period.text,
            help="如 2010Q1、2011H1、2010、2007..2009、3y@2007-12-31",
        ),
        "until": Slot(
            "until", "写到哪一天（也是落款日期）", "date", help="留空则写到期末，落款为今天"
        ),
        "signer": Slot("signer", "落款单位", help="留空则为社区居民委员会"),
        "prose": Slot(
            "prose",
            "要加进去的文字",
            "area",
            help="用“# 部分名”另起一部分。文字照原样放入；其中的数字若对不上数据，会标“未核”。",
        ),
    }


def _write(visit: Visit, slots: dict[str, Slot]) -> object:
    period = Period.parse(slots["period"].value)
    until = _day(slots["until"].value)
    with TemporaryDirectory() as aside:
        prose = Path(aside) / "prose.md" if slots["prose"].value else None
        if prose is not None:
            prose.write_text(slots["prose"].value.replace("\r\n", "\n"), encoding="utf-8")
        written = actions.write(
            actor=visit.actor,
            type=slots["type"].value,
            area=visit.area.slug,
            period=period,
            until=until,
            formats=kept.FORMATS,
            prose=prose,
            signer=slots["signer"].value,
        )
    return written.report


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise Refusal("web.report.until", text=text) from fault


@door(permission=Permission.READ, methods=("GET", "POST"))
def verify(visit: Visit) -> HttpResponse:
    """Hold an uploaded file against the installation; it is not kept."""
    problems: list[Refusal] = []
    found: Verification | None = None
    name = ""
    if visit.posted:
        sent = visit.request.FILES.get("file")
        try:
            if sent is None:
                raise Refusal("web.verify.none")
            name = sent.name or ""
            if (sent.size or 0) > _LIMIT_MB * 1024 * 1024:
                raise Refusal("web.verify.large", name=name, limit=_LIMIT_MB)
            with TemporaryDirectory() as folder:
                path = Path(folder) / (safe_name(Path(name).stem) + Path(name).suffix.lower())
                path.write_bytes(sent.read())
                found = hold(visit.actor, path)
        except (Refusal, Refusals) as fault:
            problems = list(problems_of(fault))
    context = {
        "problems": problems,
        "found": found,
        "name": name,
        "rows": _rows(found) if found else [],
        "verdict": verdict(found) if found else "",
        "today": today(),
    }
    return visit.page("web/report_verify.html", context, status=422 if problems else 200)


def _rows(found: Verification) -> list[dict[str, object]]:
    """The numbers of a file, those that do not agree first, with their words and tones."""
    return [
        {
            "one": one,
            "text": words(one),
            "place": place(one),
            "state": STATES[one.state],
            "tone": _TONES.get(one.state, "error"),
        }
        for one in listed(found)
    ]
