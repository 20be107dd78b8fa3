"""How a refusal reaches a person: a calm page (or part of one) with what is wrong and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.kernel.errors import Refusal, Refusals, sentences
from linli.web.visit import Visit

sentences(
    {
        "web.hidden": (
            "没有这个页面，或者您没有查看它的权限。",
            "请核对网址；需要权限时请找管理员。",
        ),
        "web.page_number": ("“{text}”不是页码。", "请从列表重新翻页。"),
    }
)

_STATUS = {
    "access.denied": 403,
    "web.hidden": 404,
    "web.upload.gone": 404,
}
_TITLES = {403: "没有权限", 404: "没有找到", 409: "别人已先改过", 422: "没有办成"}


def status_of(problem: Refusal) -> int:
    """The HTTP status of a refusal: 403, 404, 409, else 422 (understood, but not done)."""
    known = _STATUS.get(problem.code)
    if known is not None:
        return known
    if problem.code.endswith((".unknown", ".missing")):
        return 404
    return 409 if problem.code.endswith((".conflict", ".stale")) else 422


def problems_of(fault: Refusal | Refusals) -> Sequence[Refusal]:
    """One or many, as a list."""
    return [fault] if isinstance(fault, Refusal) else fault.problems


def refused(
    request: HttpRequest, fault: Refusal | Refusals, actor: Actor, place: AreaView | None
) -> HttpResponse:
    """The page that says what was refused."""
    problems = problems_of(fault)
    status = status_of(problems[0])
    visit = Visit(request, actor, place)
    template = "web/parts/refused.html" if visit.fragment else "web/refused.html"
    context = {"problems": problems, "heading": _TITLES[status]}
    return visit.page(template, context, status=status)
