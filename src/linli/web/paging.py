"""Pages of a long list."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.errors import Refusal
from linli.web.visit import Visit

SIZE = 50
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """Where one is in a list of `count` rows; `before` and `after` are addresses, or empty."""

    number: int
    count: int
    before: str
    after: str
    size: int = SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // self.size))

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size


def page_of(visit: Visit, count: int, size: int = SIZE) -> Page:
    """The page that the address asks for. Raises Refusal web.page_number."""
    text = visit.request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= _MOST):
        raise Refusal("web.page_number", text=text[:20])
    number = min(int(text), max(1, -(-count // size)))

    def address(to: int) -> str:
        query = visit.request.GET.copy()
        query["page"] = str(to)
        return "?" + query.urlencode()

    before = address(number - 1) if number > 1 else ""
    after = address(number + 1) if number * size < count else ""
    return Page(number, count, before, after, size)
