"""Figures of a period by section; one figure with its definition and the records behind it."""

from __future__ import annotations

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.insight import actions, queries
from linli.insight.figures import Figure
from linli.kernel.errors import Refusal, sentences
from linli.kernel.periods import Period
from linli.packs.load import registry
from linli.packs.schema import Indicator
from linli.web.activity import recorded
from linli.web.door import door
from linli.web.kept_figures import figures_of, is_kept
from linli.web.paging import page_of
from linli.web.period_choice import choose
from linli.web.visit import Visit
from linli.web.wording import SECTIONS, section_title

sentences(
    {
        "web.not_kept": (
            "{period}的数据是临时算的，不保存。",
            "只保存整月、整季、半年、整年和几年的数据。",
        ),
    }
)


def by_section(figures: list[Figure]) -> list[tuple[str, list[Figure]]]:
    """Figures under the titles of their sections, in the order of pages."""
    groups: dict[str, list[Figure]] = {section: [] for section in SECTIONS}
    for one in figures:
        declared = registry().indicators.get(one.indicator)
        groups.setdefault(declared.section if declared else "other", []).append(one)
    return [(section_title(name), found) for name, found in groups.items() if found]


@door(permission=Permission.READ)
def figures(visit: Visit) -> HttpResponse:
    """All figures that have a value, by section; how many have none."""
    chooser = choose(visit, recorded(visit))
    shown = figures_of(visit, chooser.period)
    found = shown.figures
    valued = [one for one in found if one.value is not None]
    empty = [one for one in found if one.value is None]
    context = {
        "chooser": chooser,
        "keep": shown.keep,
        "groups": by_section(valued),
        "valued": len(valued),
        "empty": by_section(empty),
        "empty_count": len(empty),
        "known_at": max((one.known_at for one in found), default=None),
    }
    return visit.page("web/figures.html", context)


@door(permission=Permission.READ, methods=("POST",))
def keep(visit: Visit) -> HttpResponse:
    """Keep the figures of a period for the pages that follow; the page that asks waits for nothing.

    Raises Refusal period.unreadable, web.not_kept.
    """
    period = Period.parse(visit.given("period"))
    if not is_kept(period):
        raise Refusal("web.not_kept", period=period.words())
    kept = queries.stored(visit.actor, visit.area, period)
    if kept is None or not kept.fresh:
        actions.fill(actor=visit.actor, area=visit.area, period=period)
    return HttpResponse(status=204)


@door(permission=Permission.READ)
def figure(visit: Visit, indicator: str) -> HttpResponse:
    """One figure and the way to it."""
    declared = registry().indicator(indicator)
    chooser = choose(visit, recorded(visit))
    found = queries.figure(visit.actor, visit.area, chooser.period, declared.id)
    behind = list(queries.trace(visit.actor, declared.id, visit.area, chooser.period))
    page = page_of(visit, len(behind))
    context = {
        "chooser": chooser,
        "figure": found,
        "declared": declared,
        "records": behind[page.offset : page.offset + page.size],
        "page": page,
        "counted": counted_measures(declared),
        "late": sum(one.late for one in behind),
    }
    return visit.page("web/figure.html", context)


def counted_measures(declared: Indicator) -> list[str]:
    """Titles of the measures that the definition counts."""
    terms = (declared.numerator, declared.denominator, declared.declared)
    ids = [term.measure for term in terms if term is not None and term.measure]
    return [registry().measure(one).title for one in dict.fromkeys(ids)]
