"""The product knows the trade, not the six communities: nothing of their documents stands in src.

Only the demo may play one of them. General words of the trade are listed in `TRADE`; a stranger's
community would use each of them too.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import python_calamine

from tests.house import tree

RUN = re.compile(r"[\u4e00-\u9fff]+")
SENTENCE = 8
NAMES = (
    "夏家桥", "汉台", "通泰门", "白沙井", "金汇", "南浔", "玉树", "沛县", "沛城", "徐州", "江苏",
    "文源街道", "新姚", "玉兰路", "银杏路", "南苑", "和谐之声",
)  # fmt: skip
TRADE = {
    "文明创建领导小组": "the body each such campaign sets up",
    "精神文明创建领导小组": "a body of every community",
    "民主法治工作领导小组": "a body of every community",
    "民主法治示范社区": "a title that ministries award (全国民主法治示范社区)",
    "防灾减灾示范社区": "a title that ministries award (全国综合减灾示范社区)",
    "节能环保示范社区": "a title that provinces award",
    "先进社区申报材料": "the name of a document that districts ask for",
    "文明社区创建总结": "the name of a document that districts ask for",
    "民间纠纷调处率达": "a figure of the trade, with its verb",
    "举办再就业培训班": "how such a course is said everywhere",
    "向居民代表大会报告": "a duty by law (居民委员会组织法)",
}


def _seen(sources: list[str]) -> set[str]:
    """Every run of eight characters in the real documents."""
    runs = (run for source in sources for run in RUN.findall(source))
    return {run[n : n + SENTENCE] for run in runs for n in range(len(run) - SENTENCE + 1)}


def _workbook(path: Path) -> str:
    book = python_calamine.CalamineWorkbook.from_path(path)
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return "\n".join(str(cell) for sheet in sheets for row in sheet for cell in row)


@pytest.fixture(scope="module")
def sources(shared: Path) -> list[str]:
    repaired = [p.read_text(encoding="utf-8") for p in sorted(shared.glob("seeds/repaired/*.txt"))]
    books = [_workbook(path) for path in sorted(shared.glob("real/*.xlsx"))]
    assert len(repaired) >= 2
    assert len(books) >= 6
    return repaired + books


@pytest.fixture(scope="module")
def product() -> list[tuple[Path, str]]:
    """Text files under src, the demo and the front end's libraries aside."""
    ours = [(p, text) for p, text in tree.text_files() if p.is_relative_to(tree.SOURCE)]
    return [(path, text) for path, text in ours if not path.is_relative_to(tree.DEMO)]


def _copied(text: str, seen: set[str]) -> set[str]:
    """The longest runs of a text that stand in the real documents too."""
    found = set()
    for run in RUN.findall(text):
        start = 0
        while start <= len(run) - SENTENCE:
            end = start + SENTENCE
            if run[start:end] not in seen:
                start += 1
                continue
            while end < len(run) and run[end - SENTENCE + 1 : end + 1] in seen:
                end += 1
            found.add(run[start:end])
            start = end
    return found


def test_a_copied_sentence_is_seen() -> None:
    seen = _seen(["社区协同人民医院，一起开展了一系列的爱心活动。"])
    assert _copied("title = '一起开展了一系列的活动'", seen) == {"一起开展了一系列的"}
    assert _copied("title = '走访慰问困难家庭'", seen) == set()


def test_no_sentence_of_the_real_documents(
    sources: list[str], product: list[tuple[Path, str]]
) -> None:
    seen = _seen(sources)
    found = [
        f"{path.relative_to(tree.ROOT)}: {run}"
        for path, text in product
        for run in sorted(_copied(text, seen) - set(TRADE))
    ]
    assert not found, "\n".join(found)


def test_no_name_of_the_real_documents(sources: list[str], product: list[tuple[Path, str]]) -> None:
    everything = "\n".join(sources)
    assert not [name for name in NAMES if name not in everything], "a name that is in no document"
    found = [
        f"{path.relative_to(tree.ROOT)}: {name}"
        for path, text in product
        for name in NAMES
        if name in text
    ]
    assert not found, "\n".join(found)


def _numbers(shared: Path) -> set[str]:
    """Values that only these documents hold: four digits or more, no year, nothing round."""
    lines = (shared / "seeds" / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    values = {json.loads(line).get("value") for line in lines}
    whole = {str(v) for v in values if isinstance(v, int) and v > 999 and not 1900 < v < 2100}
    return {number for number in whole if len(number.rstrip("0")) > 2}


def test_no_number_of_the_real_documents(shared: Path, product: list[tuple[Path, str]]) -> None:
    numbers = _numbers(shared)
    assert {"2552", "6742", "3324"} <= numbers
    pattern = re.compile(rf"(?<![\d.A-Za-z#-])({'|'.join(sorted(numbers))})(?![\d.A-Za-z-])")
    found = [
        f"{path.relative_to(tree.ROOT)}: {match.group(1)}"
        for path, text in product
        if path.suffix in {".py", ".toml", ".html", ".typ"}
        for match in pattern.finditer(text)
    ]
    assert not found, "\n".join(found)
