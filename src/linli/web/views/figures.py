"""Figures of a period by section; one figure with its definition and the records behind it."""

from __future__ import annotations

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.insight import queries
from linli.insight.figures import Figure
from linli.packs.load import registry
from linli.packs.schema import Indicator
from linli.web.activity import recorded
from linli.web.door import door
from linli.web.kept_figures import figures_of
from linli.web.paging import page_of
from linli.web.period_choice import choose
from linli.web.visit import Visit
from linli.web.wording import SECTIONS, section_title


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
    found = figures_of(visit, chooser.period)
    valued = [one for one in found if one.value is not None]
    empty = [one for one in found if one.value is None]
    context = {
        "chooser": chooser,
        "groups": by_section(valued),
        "valued": len(valued),
        "empty": by_section(empty),
        "empty_count": len(empty),
        "known_at": max((one.known_at for one in found), default=None),
    }
    return visit.page("web/figures.html", context)


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
