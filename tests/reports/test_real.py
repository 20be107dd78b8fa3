"""The six real workbooks, imported, and the report that each of their offices wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from linli.core.access.keys import make_keys
from linli.core.access.queries import local_operator
from linli.core.areas.actions import create_area
from linli.kernel.periods import Period
from linli.reports import actions
from linli.reports.verify import verify
from linli.work.intake.actions import import_workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@dataclass(frozen=True)
class Case:
    """A workbook, how it was imported, and its report."""

    book: str
    name: str
    given: dict[str, Any]
    type: str
    period: str


CASES = {
    "D1": Case("D1-*.xlsx", "夏家桥社区", {"year": 2010}, "annual", "2010"),
    "D2": Case("D2-*.xlsx", "汉台社区", {"period": "2007..2009"}, "application", "2007..2009"),
    "D3": Case("D3-*.xlsx", "社区", {"year": 2010}, "quarter", "2010Q1"),
    "D4": Case("D4-*.xlsx", "通泰门社区", {"period": "2011H1"}, "half-year", "2011H1"),
    "D5": Case("D5-*.xlsx", "白沙井社区", {"as_of": date(2007, 12, 31)}, "title-summary",
               "3y@2007-12-31"),
    "D6": Case("D6-*.xlsx", "金汇社区", {"as_of": date(2013, 12, 31)}, "briefing", "2011..2013"),
}  # fmt: skip


@pytest.fixture
def told(shared: Path, tmp_path: Path) -> Callable[[str], str]:
    """Imports a workbook, writes its report in all formats, verifies them, answers the text."""

    def write(name: str) -> str:
        case = CASES[name]
        me = local_operator()
        make_keys()
        create_area(actor=me, slug="east", name=case.name, level="community")
        given = dict(case.given)
        if "period" in given:
            given["period"] = Period.parse(given["period"])
        (book,) = (shared / "real").glob(case.book)
        done = import_workbook(actor=me, area="east", path=book, **given)
        assert done.created, done.problems
        made = actions.write(
            actor=me, type=case.type, area="east", period=case.period, out=tmp_path,
            formats=("docx", "pdf", "html"),
        )  # fmt: skip
        for path in made.files:
            found = verify(me, path)
            wrong = [one for one in found.figures if str(one.state) != "same"]
            assert (found.ok, wrong, found.signature) == (True, [], "valid"), path.suffix
        body = docx.Document(str(made.files[0]))
        text = "\n".join(p.text for p in body.paragraphs)
        return text.partition("附录：数据说明")[0]

    return write


def test_the_quarter(told: Callable[[str], str]) -> None:
    text = told("D3")
    assert "走访居民家庭20户，其中慰问低保户2户、残疾家庭11户" in text
    assert "募集捐款9000余元" in text
    assert "组织学习3次" in text
    for day in ("3月5日", "3月8日", "3月12日下午", "3月20日", "3月21日"):
        assert day in text
    assert "33" not in text


def test_the_title_summary(told: Callable[[str], str]) -> None:
    text = told("D5")
    for words in (
        "东临芙蓉中路，南至劳动西路，西临白沙中路，北至城南中路", "0.8平方公里", "2552户", "6742人",
        "党员96名", "28家", "59栋", "108个",
    ):  # fmt: skip
        assert words in text
    (cumulative,) = [line for line in text.split("\n") if line.startswith("三年来")]
    for words in ("200余人次", "100余个", "4万余元", "12期", "102名", "38名", "20人次"):
        assert words in cumulative
    for honour in (
        "省科普文明社区", "省创建和谐示范社区先进单位", "省最充分就业社区先进单位",
        "长沙市我最喜爱的十佳文明社区", "全市首个标准化文明示范社区", "市级学习型家庭",
        "全省首批百户学习型优秀家庭", "书香之家",
    ):  # fmt: skip
        assert text.count(honour) == 1
    assert text.index("省科普文明社区") < text.index("长沙市我最喜爱的十佳文明社区")


def test_the_half_year(told: Callable[[str], str]) -> None:
    text = told("D4")
    assert "下半年，将发挥市民学校的宣传教育作用" in text
    assert "抓好环境整治常态工作" in text
    for invented in ("成效", "显著", "较好", "明显", "圆满"):
        assert invented not in text


def test_the_year(told: Callable[[str], str]) -> None:
    text = told("D1")
    for words in ("元宵节", "中秋节", "九九重阳节", "由社区主任任组长", "社区党校", "每周"):
        assert words in text
    assert "一、" in text


def test_the_application(told: Callable[[str], str]) -> None:
    text = told("D2")
    for words in ("文明示范社区", "97%以上", "100%", "17.4万元", "党员电教室", "2006至2008年"):
        assert words in text
    assert "刑事犯罪" not in text  # a count of a competent body without a named source


def test_the_briefing(told: Callable[[str], str]) -> None:
    text = told("D6")
    for words in ("0.6平方公里", "93栋", "3324户", "8000余人", "60个", "300余个", "21家"):
        assert words in text
    assert text.count("“两型创建工作先进单位”") == 1
