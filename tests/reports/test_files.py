"""Files as they come out: layout, links, seal; read back, changed, saved again, copied from."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from linli.reports import layout
from linli.reports.check import Checked, State, check
from linli.reports.draft import Draft, Paragraph, Run, with_keys
from linli.reports.links import key_of, keys
from linli.reports.numerals import numerals
from linli.reports.read.page import Link, ReadParagraph
from linli.reports.verify import read
from tests.reports import drafts

Writer = Callable[[str, Draft], Path]
RARE = "喆堃玥珺犇骉昇赟翀祎垚頔镕㛃䶮"


def _checked(path: Path, bound: Draft) -> list[Checked]:
    found = read(path)
    return check(found.paragraphs, drafts.bounds(bound), drafts.present(bound))


def _linked(path: Path) -> set[str]:
    return {link.key for one in read(path).paragraphs for link in one.links}


@pytest.mark.parametrize("name", ["docx", "pdf", "html"])
def test_every_number_is_the_same_when_read_back(
    name: str, bound: Draft, write_file: Writer
) -> None:
    path = write_file(name, bound)
    checked = _checked(path, bound)
    assert [(one.text, str(one.state)) for one in checked] == [
        (text, "same")
        for text in ("20户", "2户", "11户", "9000余元", "三次", "20户", "9000余元", "20户")
    ]
    seal = read(path).seal
    assert seal is not None
    assert seal.holds()
    assert seal.numbers().keys() - _linked(path) == set()
    assert len(seal.numbers()) == len(checked)
    assert not replace(seal, payload=seal.payload.replace("20户".encode(), "21户".encode())).holds()


def test_a_changed_figure_is_told(bound: Draft, write_file: Writer) -> None:
    present = drafts.present(bound)
    key = next(ref.key for text, ref in bound.refs() if text == "2户")
    present[key] = replace(present[key], value=Decimal(3))
    found = check(read(write_file("docx", bound)).paragraphs, drafts.bounds(bound), present)
    assert [(one.text, one.then, one.now) for one in found if one.state is State.CHANGED] == [
        ("2户", Decimal(2), Decimal(3))
    ]


# Word --------------------------------------------------------------------------------------------


def test_docx_has_the_official_layout(bound: Draft, write_file: Writer) -> None:
    document = docx.Document(str(write_file("docx", bound)))
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides if side is not None] == [37, 35, 28, 26]
    paper = (section.page_width, section.page_height)
    assert [round(side.mm) for side in paper if side is not None] == [210, 297]
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.style is not None]
    assert ("Heading 1", "一、走访帮扶") in styles
    assert ("Heading 2", "（一）学习教育") in styles
    assert ("Heading 3", "1.政策学习") in styles
    for name, font, size in (
        ("Title", "方正小标宋简体", 22), ("Normal", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16), ("Heading 2", "楷体_GB2312", 16),
    ):  # fmt: skip
        style = document.styles[name]
        fonts = style.element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert style.font.size.pt == size
        assert str(style.font.color.rgb) == "000000"
    assert document.styles["Normal"].paragraph_format.line_spacing.pt == 28
    foot = "".join(section.footer._element.itertext())
    assert "PAGE" in foot
    assert foot.startswith("— ")


def _texts(document: Any) -> Iterator[Any]:
    yield from document.element.body.iter(qn("w:t"))


def test_any_changed_digit_of_a_docx_is_found(bound: Draft, write_file: Writer) -> None:
    """Each digit of the body outside list numbering, one after the other, is raised by one."""
    path = write_file("docx", bound)
    size = len(list(_texts(docx.Document(str(path)))))
    tried = 0
    for place in range(size):
        element = list(_texts(docx.Document(str(path))))[place]
        for at, letter in enumerate(element.text):
            if not letter.isdigit() or re.search(r"\(\d\)$|^1\.", element.text):
                continue  # list numbering
            document = docx.Document(str(path))
            other = list(_texts(document))[place]
            raised = str((int(letter) + 1) % 10)
            other.text = other.text[:at] + raised + other.text[at + 1 :]
            changed = path.with_name("changed.docx")
            document.save(str(changed))
            states = {one.state for one in _checked(changed, bound)}
            assert State.ALTERED in states, f"{element.text}: {letter} → {raised}"
            tried += 1
    assert tried > 25


@pytest.mark.parametrize(
    ("before", "after"),
    [("三次", "四次"), ("20户", "20人"), ("9000余元", "9000元"), ("东街社区", "西街社区")],
)
def test_other_changes_of_bound_words_are_found(
    before: str, after: str, bound: Draft, write_file: Writer
) -> None:
    path = write_file("docx", bound)
    document = docx.Document(str(path))
    element = next(one for one in _texts(document) if one.text == before)
    element.text = after
    document.save(str(path.with_name("words.docx")))
    states = [one.state for one in _checked(path.with_name("words.docx"), bound)]
    assert states.count(State.ALTERED) == 1


@pytest.mark.parametrize("words", ["近", "1"])
def test_a_character_put_against_a_number_is_found(
    words: str, bound: Draft, write_file: Writer
) -> None:
    path = write_file("docx", bound)
    document = docx.Document(str(path))
    element = next(one for one in _texts(document) if one.text == "，走访居民家庭")
    element.text += words
    document.save(str(path.with_name("seam.docx")))
    altered = [o for o in _checked(path.with_name("seam.docx"), bound) if o.state is State.ALTERED]
    assert [one.text for one in altered] == ["20户"]


def test_a_deleted_link_is_unbound(bound: Draft, write_file: Writer) -> None:
    path = write_file("docx", bound)
    document = docx.Document(str(path))
    link = next(one for one in document.element.body.iter(qn("w:hyperlink")) if one.text == "11户")
    for child in list(link):
        link.addprevious(child)
    link.getparent().remove(link)
    document.save(str(path.with_name("unlinked.docx")))
    found = [one for one in _checked(path.with_name("unlinked.docx"), bound)
             if one.state is State.UNBOUND]  # fmt: skip
    assert [one.text for one in found] == ["11"]


def test_a_stranger_key_is_unresolved(bound: Draft, write_file: Writer) -> None:
    found = read(write_file("docx", bound))
    states = {one.state for one in check(found.paragraphs, {}, {})}
    assert states == {State.UNRESOLVED}


def test_a_paragraph_copied_into_another_document_keeps_its_links(
    bound: Draft, write_file: Writer, tmp_path: Path
) -> None:
    source = docx.Document(str(write_file("docx", bound)))
    target = docx.Document()
    target.add_paragraph("另一份材料，今年共办实事5件。")
    paragraph = next(p for p in source.paragraphs if "募集捐款" in p.text)
    copied = deepcopy(paragraph._p)
    for link in copied.iter(qn("w:hyperlink")):  # what an editor does when it pastes
        relation = source.part.rels[link.get(qn("r:id"))]
        link.set(qn("r:id"), target.part.relate_to(
            relation.target_ref, relation.reltype, is_external=True))  # fmt: skip
    target.element.body.insert(0, copied)
    target.save(str(tmp_path / "copy.docx"))
    found = [(one.text, str(one.state)) for one in _checked(tmp_path / "copy.docx", bound)]
    assert found == [("20户", "same"), ("2户", "same"), ("11户", "same"), ("9000余元", "same"),
                     ("5", "unbound")]  # fmt: skip


@pytest.mark.slow
def _touching(bound: Draft) -> Draft:
    """The draft with a paragraph whose links touch: 困难家庭7户5户."""
    runs = (
        drafts.named("困难家庭"),
        drafts.figure("t.visit.households", "7户", "7", "户"),
        drafts.figure("t.visit.disabled", "5户", "5", "户"),
    )
    return with_keys(
        replace(bound, blocks=(Paragraph((Run("走访"), *runs, Run("。"))), *bound.blocks)),
        keys(drafts.REPORT),
    )


def test_a_search_finds_what_a_reader_sees(bound: Draft, write_file: Writer) -> None:
    document = docx.Document(str(write_file("docx", _touching(bound))))
    text = "\n".join(one.text for one in document.paragraphs)
    assert "走访困难家庭7户5户。" in text
    assert not {mark for mark in text if unicodedata.category(mark) == "Cf"}


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("困难家庭7户5户。", ["same", "same"]),
        ("困难家庭7人5户。", ["altered", "same"]),  # the words after the cut were changed
        ("困难家庭8户5户。", ["altered", "same"]),
    ],
)
def test_a_link_that_libreoffice_cut_is_mended(text: str, states: list[str], bound: Draft) -> None:
    draft = _touching(bound)
    name, first, second = (ref.key for _, ref in list(draft.refs())[:20] if ref.words == "困难家庭"
                           or ref.value in (7, 5))  # fmt: skip
    cut = ReadParagraph(text, (Link(0, 4, name), Link(4, 5, first), Link(6, 8, second)))
    found = check([cut], drafts.bounds(draft), drafts.present(draft))
    assert [str(one.state) for one in found] == states


def test_saved_again_by_libreoffice(
    bound: Draft, write_file: Writer, soffice: Callable[[Path, str], Path]
) -> None:
    draft = _touching(bound)
    path = write_file("docx", draft)
    again = soffice(path, "docx")
    assert again.read_bytes() != path.read_bytes()
    checked = _checked(again, draft)
    assert len(checked) == 8 + 2
    assert {one.state for one in checked} == {State.SAME}
    seal = read(again).seal
    assert seal is None or (seal.holds() and not seal.numbers().keys() - _linked(again))
    custom = zipfile.ZipFile(again).read("docProps/custom.xml").decode()
    assert str(drafts.REPORT) in custom


# PDF and HTML ------------------------------------------------------------------------------------


def test_a_pdf_is_the_same_bytes_for_the_same_draft(bound: Draft, write_file: Writer) -> None:
    first = write_file("pdf", bound).read_bytes()
    assert write_file("pdf", bound).read_bytes() == first


def test_rare_characters_of_names_print(bound: Draft, write_file: Writer) -> None:
    draft = replace(bound, blocks=(Paragraph((Run(f"负责人{RARE}。"),)),), appendix=())
    document = pypdfium2.PdfDocument(str(write_file("pdf", draft)))
    text = "".join(document[0].get_textpage().get_text_range().split())
    assert RARE in text
    page = document[0].get_textpage()
    boxes = set()
    for index in range(page.count_chars()):
        box = page.get_charbox(index)
        if page.get_text_range(index, 1) in RARE:
            assert box[2] - box[0] > 5, "a character without ink"
            boxes.add(box)
    assert len(boxes) == len(RARE)


def test_twenty_two_lines_of_twenty_eight_characters(bound: Draft, write_file: Writer) -> None:
    draft = replace(bound, title=(Run("题"),), blocks=(Paragraph((Run("字" * 28 * 60),)),),
                    appendix=())  # fmt: skip
    document = pypdfium2.PdfDocument(str(write_file("pdf", draft)))
    lines = [line for line in document[1].get_textpage().get_text_range().split() if "字" in line]
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}


def test_a_link_broken_over_lines_of_a_cell_is_one(bound: Draft, write_file: Writer) -> None:
    long = drafts.named("期内走访的居民家庭数，每户计1次，" * 4, part="definition")
    entry = replace(bound.appendix[0], definition=(long,))
    draft = with_keys(replace(bound, appendix=(entry,)), keys(drafts.REPORT))
    assert {one.state for one in _checked(write_file("pdf", draft), draft)} == {State.SAME}


def test_html_is_one_safe_file(bound: Draft, write_file: Writer) -> None:
    nasty = Paragraph((Run("<script>alert(1)</script>"),))
    page = write_file("html", replace(bound, blocks=(*bound.blocks, nasty))).read_text("utf-8")
    assert "<script>alert" not in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//(?!127\.0\.0\.1)""", page)
    found = [key_of(url) for url in re.findall(r'href="([^"]+)"', page)]
    assert None not in found
    assert len(found) == len(list(bound.refs()))


def test_unverified_numbers_are_marked_in_every_format(bound: Draft, write_file: Writer) -> None:
    typed = Paragraph((Run("另走访"), Run("30户", unverified=True), Run("。")), prose=True)
    draft = replace(bound, blocks=(typed,), appendix=())
    for name in ("docx", "pdf", "html"):
        found = read(write_file(name, draft))
        assert any("30户（未核）" in one.text for one in found.paragraphs)
        states = [one.state for one in check(found.paragraphs, drafts.bounds(draft), {})]
        assert State.UNBOUND in states


def test_a_text_file_is_unbound(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("走访20户，组织学习三次。", encoding="utf-8")
    found = check(read(path).paragraphs, {}, {})
    assert [(one.text, str(one.state)) for one in found] == [("20", "unbound"), ("三", "unbound")]
    assert numerals("走访20户")


def test_a_long_title_breaks_between_its_words() -> None:
    title = (Run("东街第一社区"), Run("2010年第一季度"), Run("文明创建工作总结"))
    lines = ["".join(run.text for run in line) for line in layout.title_lines(title)]
    assert lines == ["东街第一社区2010年第一季度", "文明创建工作总结"]
    assert layout.title_lines(title[:2]) == [title[:2]]
