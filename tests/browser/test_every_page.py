"""Each page in three sizes: nothing runs off the side, and axe finds nothing serious."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, ROOT, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/",
    "/a/d3/",
    "/a/baishajing/",
    "/a/d3/due/",
    "/a/d3/records/",
    "/a/d3/records/?text=没有这样的",
    "/a/d3/records/?period=春天",
    "/a/d3/records/new/",
    "/a/d3/records/new/base.visit/",
    "/a/d3/ledgers/",
    "/a/baishajing/ledgers/base.honours_ledger/",
    "/a/baishajing/figures/",
    "/a/d3/figures/base.visited_households/",
    "/a/baishajing/reconciliation/",
    "/a/d3/import/",
    "/a/d3/reports/",
    "/a/d3/reports/new/",
    "/a/d3/reports/verify/",
    "/a/d3/periods/",
    "/a/d3/audit/?verify=1",
    "/a/nowhere/",
)
SIZES = {"desk": (WIDE, False), "phone": (NARROW, False), "phone, large": (NARROW, True)}
RUN_AXE = """() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
}).then(found => found.violations.map(one => [
    one.impact, one.id, one.help, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)),
]))"""
SMALL = """() => [...document.querySelectorAll(
    'button, select, .button, .chip, .choice, summary, nav a, input:not([type=hidden])')]
  .filter(one => one.offsetParent !== null && !one.closest('.crumbs'))
  .map(one => [one.outerHTML.slice(0, 90), one.closest('label') || one, one])
  .filter(([, target]) => target.getBoundingClientRect().height < 43.5)
  .map(([html, , one]) => html + ' ' + one.getBoundingClientRect().height)"""


def _linked(page: Page) -> list[str]:
    """Pages whose address is only known once one is there: a record, its forms, its cell."""
    page.goto("/a/d3/records/?text=走访")
    record = page.locator("tbody th a").first.get_attribute("href") or ""
    page.goto(record)
    cell = page.locator("a[href*='/source/']").first.get_attribute("href") or ""
    return [record, record + "correct/", record + "withdraw/", cell]


def _axe(page: Page, script: str) -> list[Any]:
    page.evaluate(script)
    found = page.evaluate(RUN_AXE)
    return [one for one in found if one[0] in {"serious", "critical", "moderate"}]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_and_is_accessible(open_page: Callable[..., Page], size: str) -> None:
    viewport, large = SIZES[size]
    page = open_page("demo-director", viewport, large=large)
    script = AXE.read_text(encoding="utf-8")
    faults: list[str] = []
    for address in (*PAGES, *_linked(page)):
        page.goto(address)
        reach = page.evaluate("document.documentElement.scrollWidth")
        if reach > viewport["width"]:
            faults.append(f"{address} is {reach} wide")
        faults += [f"{address}: too small: {one}" for one in page.evaluate(SMALL)]
        if not large:  # the same markup in larger letters
            faults += [f"{address}: {one}" for one in _axe(page, script)]
    assert not faults, "\n".join(faults)
