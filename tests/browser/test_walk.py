"""The walk of a director through the site, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, ROOT, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BOOKS = ROOT / "src" / "linli" / "cli" / "demo" / "workbooks"
Open = Callable[..., Page]


def _book(letter: str) -> Path:
    (path,) = BOOKS.glob(f"{letter}-*.xlsx")
    return path


def test_from_the_overview_to_the_cell(open_page: Open, complaints: list[str]) -> None:
    page = open_page("demo-director")
    page.goto("/a/d3/")
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    page.click("nav >> text=数据")
    page.click("a:text-is('一季度')")
    page.click("a:text-is('走访户次')")
    expect(page.locator(".figure")).to_have_text("20户")
    page.locator("tbody th a").first.click()
    expect(page.locator("h2:text-is('数量')")).to_be_visible()
    page.locator("td a[href*='/source/']").first.click()
    expect(page.locator("td.here")).to_have_text("20")
    assert complaints == []


def test_a_number_of_a_report_opens_its_records_beside_it(
    open_page: Open, complaints: list[str]
) -> None:
    page = open_page("demo-director")
    page.goto("/a/d3/reports/new/?period=2010Q1")
    page.fill("#slot-until", "2010-03-31")
    page.click("text=写成报告")
    page.wait_for_url("**/reports/*-*/", timeout=90_000)
    number = page.locator(".paper a.n", has_text="20户").first
    number.click()
    behind = page.locator("#behind")
    expect(behind.locator("h2")).to_have_text("20户")
    expect(behind.locator(".behind li")).to_have_count(1)
    expect(page.locator(".paper")).to_be_visible()  # still on the same page
    page.goto(number.get_attribute("href") or "")
    expect(page.locator("h1")).to_contain_text("20户")
    assert complaints == []


def test_a_tapped_number_answers_in_sight_on_a_phone(open_page: Open) -> None:
    page = open_page("demo-director", NARROW)
    page.goto("/a/d3/reports/new/?period=2010Q1")
    page.click("text=写成报告")
    page.wait_for_url("**/reports/*-*/", timeout=90_000)
    page.locator(".paper a.n", has_text="20户").first.click()
    heading = page.locator("#behind h2")
    expect(heading).to_have_text("20户")
    expect(heading).to_be_in_viewport()


def test_a_workbook_without_a_year(open_page: Open, complaints: list[str]) -> None:
    page = open_page("demo-worker")
    page.goto("/a/tongtaimen/import/")
    page.set_input_files("#file", _book("D3"))
    page.click("text=上传并预览")
    expect(page.locator("text=这份表格是哪一年的")).to_be_visible()
    expect(page.locator("button:has-text('导入')").first).to_be_disabled()
    page.fill("input[name=year]", "2010")
    page.click("text=按回答和改动重新读")
    expect(page.locator("text=将新增")).to_be_visible()
    page.click("button:has-text('导入 10 条')")
    expect(page.locator("[role=status]")).to_contain_text("新增 10 条")
    page.goto("/a/tongtaimen/figures/base.visited_households/?period=2010Q1")
    expect(page.locator(".figure")).to_have_text("20户")
    assert complaints == []


def test_a_visit_recorded_on_a_phone(open_page: Open) -> None:
    page = open_page("demo-worker", NARROW)
    page.goto("/a/jinhui/records/new/")
    page.fill("#text", "走访")
    page.click("button:text-is('找')")
    page.click("a:text-is('走访慰问')")
    page.get_by_label("内容").fill("走访独居老人")
    page.get_by_label("走访户数").fill("二十来家")
    page.click("text=保存")
    expect(page.locator("[role=alert]")).to_contain_text("1 处要改")
    page.get_by_label("走访户数").fill("12")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[role=status]")).to_contain_text("已保存")
    expect(page.locator("body")).to_contain_text("12户")


def test_a_form_is_kept_from_being_sent_twice(open_page: Open) -> None:
    page = open_page("demo-worker")
    page.goto("/a/jinhui/records/new/base.visit/")
    page.get_by_label("内容").fill("只记一次")
    page.get_by_role("button", name="保存", exact=True).dblclick()
    expect(page.locator("[role=status]")).to_contain_text("已保存")
    page.goto("/a/jinhui/records/?text=只记一次")
    expect(page.locator(".page__lead")).to_contain_text("共 1 条")


def test_large_print_is_remembered(open_page: Open) -> None:
    page = open_page("demo-worker")
    page.click("[data-print-toggle]")
    page.goto("/a/d3/")
    expect(page.locator("html")).to_have_attribute("data-print", "large")


def test_everything_but_charts_works_without_scripts(site: Site, open_page: Open) -> None:
    page = open_page("demo-director")
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=site.address)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto("/a/d3/")
    plain.locator("summary", has_text="看数字").first.click()
    expect(plain.locator(".drawing__table tbody th").first).to_be_visible()
    plain.goto("/a/d3/records/?text=走访")
    expect(plain.locator("tbody tr")).to_have_count(1)
    context.close()
