"""One request of one signed-in person in one area: what every page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from linli.core.access.rules import Actor, Permission
from linli.core.areas.rules import AreaView
from linli.core.records.queries import simulated
from linli.core.records.rules import SIMULATED

# (address name, title, permission, further address names that light the same item)
_MENU: tuple[tuple[str, str, Permission], ...] = (
    ("overview", "概览", Permission.READ),
    ("due", "应办", Permission.READ),
    ("records", "记录", Permission.READ),
    ("ledgers", "台账", Permission.READ),
    ("figures", "数据", Permission.READ),
    ("reconciliation", "核对", Permission.READ),
    ("reports", "报告", Permission.READ),
    ("import", "导入", Permission.IMPORT),
    ("periods", "关账", Permission.CLOSE),
    ("audit", "审计", Permission.AUDIT),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the bar."""

    title: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, in which area, and how to answer. `place` is None where no area is meant."""

    request: HttpRequest
    actor: Actor
    place: AreaView | None = None

    @property
    def area(self) -> AreaView:
        """The area of the address."""
        if self.place is None:
            raise RuntimeError("this address names no area")
        return self.place

    @property
    def posted(self) -> bool:
        """Whether the person sent a form."""
        return self.request.method == "POST"

    @property
    def fragment(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return bool(getattr(self.request, "htmx", False))

    def may(self, permission: Permission) -> bool:
        """Whether the actor holds a permission here."""
        return self.actor.may(permission, self.place)

    def given(self, name: str) -> str:
        """A parameter of the address or the form, trimmed; empty when absent."""
        source = self.request.POST if self.posted else self.request.GET
        return source.get(name, "").strip()

    def url(self, name: str, **parts: Any) -> str:
        """The address of a page of this area."""
        return reverse(name, kwargs={"slug": self.area.slug, **parts})

    def go(self, name: str, **parts: Any) -> HttpResponse:
        """Send the browser to a page of this area."""
        return HttpResponseRedirect(self.url(name, **parts))

    def page(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The page of a template, with the frame around it."""
        frame = {
            "area": self.place,
            "mark": self._mark(),
            "menu": self._menu(),
            "visit": self,
        }
        return render(self.request, template, frame | (context or {}), status=status)

    def _mark(self) -> str:
        """What a page of an area with simulated records says on top."""
        if self.place is None or not self.may(Permission.READ):
            return ""
        return SIMULATED if simulated(self.actor, self.place) else ""

    def _menu(self) -> list[MenuItem]:
        if self.place is None:
            return []
        match = self.request.resolver_match
        name = (match.url_name or "") if match else ""
        return [
            MenuItem(title, self.url(target), name.split("-")[0] == target.split("-")[0])
            for target, title, permission in _MENU
            if self.may(permission)
        ]
