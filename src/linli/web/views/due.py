"""应办: what is due here, what was missed, what comes; and naming an interval or waiving."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.obligations import actions, queries
from linli.core.obligations.obligation import Row, rows
from linli.core.obligations.rules import STATE_NAMES, State
from linli.kernel.clock import today
from linli.kernel.errors import Refusal, sentences
from linli.web.door import door
from linli.web.visit import Visit

sentences({"web.no_day": ("“{text}”不是日期。", "请写成 2025-03-20 这样的日期。")})

_PARTS = (
    ("该办的", "窗口已开，还没有办的；暂停的也列在这里。", (State.DUE, State.PAUSED)),
    ("漏办的", "近一个月过了期限没有办的。", (State.MISSED,)),
    ("已办的", "窗口还开着，已经办了的。", (State.DONE, State.DONE_LATE, State.WAIVED)),
    ("快到的", "一周之内窗口就要打开的。", (State.UPCOMING,)),
)
_TAGS = {State.MISSED: "tag--error", State.DUE: "tag--question", State.DONE: "tag--good"}


@door(permission=Permission.READ, methods=("GET", "POST"))
def due(visit: Visit) -> HttpResponse:
    """The list of a day; a form that names an interval, one that waives. The actions decide who."""
    problems: list[Refusal] = []
    if visit.posted:
        try:
            messages.success(visit.request, _decide(visit), extra_tags="good")
            return visit.go("due")
        except Refusal as fault:
            problems = [fault]
    day = today()
    try:
        day = _day("" if visit.posted else visit.given("on"))
    except Refusal as fault:
        problems = [fault]
    found = rows(queries.due(visit.actor, visit.area, day))
    calendar = queries.calendar(visit.actor, visit.area, day)
    context = {
        "day": day,
        "parts": _parts(found, day),
        "waiting": [one for one in calendar if one.waiting],
        "calendar": [one for one in calendar if not one.waiting],
        "may_record": visit.may(Permission.RECORD),
        "may_schedule": visit.may(Permission.SCHEDULE),
        "problems": problems,
        "typed": visit.given("interval") if visit.posted else "",
        "named": visit.given("rule") if visit.posted else "",
    }
    return visit.page("web/due.html", context, status=422 if problems else 200)


def _said(row: Row, day: date) -> str:
    """The state in words; what is still open past its due day says so."""
    over = row.first.state is State.DUE and row.first.due < day
    return "应办，已逾期" if over else STATE_NAMES[row.first.state]


def _parts(found: list[Row], day: date) -> list[dict[str, object]]:
    """The sections of the page that have rows."""
    made: list[dict[str, object]] = []
    for title, lead, states in _PARTS:
        shown = [
            {"row": row, "state": _said(row, day), "tag": _TAGS.get(row.first.state)}
            for row in found
            if row.first.state in states
        ]
        if shown:
            made.append({"title": title, "lead": lead, "rows": shown})
    return made


def _day(given: str) -> date:
    if not given:
        return today()
    try:
        return date.fromisoformat(given)
    except ValueError as fault:
        raise Refusal("web.no_day", text=given) from fault


def _decide(visit: Visit) -> str:
    """Do what a form asks, and say that it is done."""
    if visit.given("code"):
        actions.waive(
            actor=visit.actor,
            area=visit.area,
            code=visit.given("code"),
            reason=visit.given("reason"),
        )
        return "已免办，理由记入审计。"
    rule, interval = visit.given("rule"), visit.given("interval")
    actions.name_interval(actor=visit.actor, area=visit.area, rule=rule, interval=interval)
    return f"已定下：{interval}，今天起到期。"
