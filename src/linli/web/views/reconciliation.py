"""What does not agree: findings of the reconciliation rules, with where to look."""

from __future__ import annotations

from django.http import HttpResponse

from linli.core.access.rules import Permission
from linli.packs.load import registry
from linli.web.activity import recorded
from linli.web.door import door
from linli.web.kept_findings import findings_of
from linli.web.period_choice import choose
from linli.web.visit import Visit


@door(permission=Permission.READ)
def findings(visit: Visit) -> HttpResponse:
    """Errors first, then doubts; the overview asks for the first of them as a part of its page."""
    chooser = choose(visit, recorded(visit))
    found = findings_of(visit, chooser.period)
    rules = registry().reconciliations
    rows = [
        {
            "finding": one,
            "title": rules[one.rule].title if one.rule in rules else one.rule,
            "figures": [
                (i, registry().indicators[i].title)
                for i in one.figures
                if i in registry().indicators
            ],
        }
        for one in found
    ]
    template = "web/parts/findings.html" if visit.fragment else "web/reconciliation.html"
    return visit.page(template, {"chooser": chooser, "rows": rows, "rules": len(rules)})
