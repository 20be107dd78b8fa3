"""One community at a glance: its profile, the work of a period, the newest records, what needs care."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.core.records import queries as records
from linli.core.records.rules import State
from linli.insight.activity import Activity
from linli.insight.figures import Figure
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.web import charts, uploads
from linli.web.activity import activity_of, spans_of
from linli.web.charts import Bar, Chart
from linli.web.door import door
from linli.web.kept_figures import figures_of
from linli.web.period_choice import choose
from linli.web.visit import Visit
from linli.web.wording import section_title

_TILES = 8
_UNITS = {"户": 0, "人": 1, "平方公里": 2, "栋": 3, "个": 4}
_LATEST = 6
_NAMELESS = 8  # counts without a source that are shown; the list of records has them all
_LONG = 400


@door(permission=Permission.READ)
def overview(visit: Visit) -> HttpResponse:
    """The overview of a period."""
    activity = activity_of(visit)
    chooser = choose(visit, spans_of(activity))
    period = chooser.period
    inside = [one for one in activity if _inside(one, period)]
    shown = figures_of(visit, period)
    context = {
        "chooser": chooser,
        "tiles": _tiles(shown.figures),
        "keep": shown.keep,
        "charts": _charts(visit, period, inside),
        "done": sum(one.records for one in inside),
        "latest": list(records.records(visit.actor, visit.area, newest_first=True, limit=_LATEST)),
        "wanted": records.count(visit.actor, visit.area, state=State.SOURCE_WANTED),
        "nameless": list(
            records.records(visit.actor, visit.area, state=State.SOURCE_WANTED, limit=_NAMELESS)
        ),
        "uploads": uploads.waiting(visit.actor, visit.area),
        "may_record": visit.may(Permission.RECORD),
        "may_import": visit.may(Permission.IMPORT),
        "may_report": visit.may(Permission.REPORT),
        "nothing": not activity,
    }
    return visit.page("web/overview.html", context)


def _inside(one: Activity, period: Period) -> bool:
    """Work that lies in the period with all its days; states that were observed are no work."""
    if one.first is None or one.last is None or one.grain == "observation":
        return False
    start, end = Period.of_month(*one.first).start, Period.of_month(*one.last).end
    return period.contains(start, end)


def _tiles(figures: list[Figure]) -> list[Figure]:
    """Figures of the profile that have a value: households and people first."""
    declared = registry().indicators
    valued = [
        one
        for one in figures
        if one.value is not None and declared[one.indicator].section == "profile"
    ]
    return sorted(valued, key=lambda one: _UNITS.get(one.unit, len(_UNITS)))[:_TILES]


def _charts(visit: Visit, period: Period, inside: list[Activity]) -> list[Chart]:
    if not inside:
        return []
    sections: Counter[str] = Counter()
    months: Counter[tuple[int, int]] = Counter()
    for one in inside:
        kind = registry().kinds.get(one.kind)
        sections[kind.section if kind else "other"] += one.records
        if one.first is not None and one.first == one.last:
            months[one.first] += one.records
    bars = [Bar(section_title(name), count) for name, count in sections.items()]
    drawn = [charts.bars("by-section", "各类工作", "条", bars)]
    spread = [Period.of_month(*month) for month in _run(period, months)]
    if len(spread) > 1:
        points = [
            Bar(_label(one, period), months[one.start.year, one.start.month], _listed(visit, one))
            for one in spread
        ]
        drawn.append(charts.line("by-month", "逐月记录", "条", points))
    return drawn


def _run(period: Period, months: Counter[tuple[int, int]]) -> list[tuple[int, int]]:
    """All months up to the last with records, empty ones too; a period of years begins late."""
    if not months:
        return []
    start = (period.start.year, period.start.month)
    first = max(start, min(months)) if period.days > _LONG else start
    last = max(months)
    span = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    return [(number // 12, number % 12 + 1) for number in span]


def _label(month: Period, period: Period) -> str:
    if period.start.year == period.end.year:
        return f"{month.start.month}月"
    return f"{month.start:%Y-%m}"


def _listed(visit: Visit, month: Period) -> str:
    return f"{visit.url('records')}?{urlencode({'period': month.text})}"
