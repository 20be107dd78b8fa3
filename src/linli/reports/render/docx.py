"""A bound draft as an editable .docx in the layout of GB/T 9704, numbers linked to their traces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Emu, Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from linli.reports import layout
from linli.reports.draft import (
    Block,
    Cell,
    Chart,
    Draft,
    Heading,
    Paragraph,
    Run,
    Signature,
    Table,
)
from linli.reports.links import address
from linli.reports.render.docx_seal import embed
from linli.reports.render.docx_styles import dress
from linli.reports.seal import Seal


class _Writer:
    """Writes blocks in reading order; ``pictures`` are the charts as PNG."""

    def __init__(self, document: DocumentObject, pictures: dict[Chart, bytes]) -> None:
        self.document = document
        self.pictures = pictures
        self.part = document.part

    def run(self, paragraph: DocxParagraph, run: Run) -> None:
        """Add a run; a bound one becomes a hyperlink that looks like its neighbours."""
        if run.ref is None or not run.ref.key:
            made = paragraph.add_run(run.text)
            if run.unverified:
                made.style = self.document.styles["Unverified"]
                paragraph.add_run(layout.UNVERIFIED).style = self.document.styles["Unverified"]
            return
        rel = self.part.relate_to(
            address(run.ref.key), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), rel)
        link.set(qn("w:history"), "1")
        inner = paragraph.add_run(run.text)
        inner._r.style = "Figure"  # by its id: python-docx looks a name up in all styles
        link.append(inner._r)
        paragraph._p.append(link)

    def cell(self, paragraph: DocxParagraph, cell: Cell) -> DocxParagraph:
        """Add the runs of a cell or paragraph."""
        for run in cell:
            self.run(paragraph, run)
        return paragraph

    def block(self, block: Block) -> None:
        """Add one block."""
        match block:
            case Heading():
                words = layout.heading(block.number, block.text)
                self.document.add_paragraph(words, style=f"Heading {block.level}")
            case Paragraph():
                self.cell(self.document.add_paragraph(style="Normal"), block.runs)
            case Table():
                self.table(block.caption, block.head, block.rows, block.widths)
            case Chart():
                self.chart(block)
            case Signature():
                self.signature(block)

    def signature(self, block: Signature) -> None:
        """Add the signing body and its date, right-aligned, the date four characters in."""
        self.cell(self.document.add_paragraph(style="Signature Body"), block.body)
        self.cell(self.document.add_paragraph(style="Signature Date"), block.date)

    def chart(self, chart: Chart) -> None:
        """Add a chart as a picture with its words for those who cannot see it."""
        picture = self.pictures.get(chart)
        if picture is None:
            return
        paragraph = self.document.add_paragraph(style="Picture")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape = paragraph.add_run().add_picture(BytesIO(picture), width=Mm(150))
        shape._inline.docPr.set("descr", chart.title)

    def table(
        self,
        caption: str,
        head: tuple[str, ...],
        rows: Sequence[tuple[Cell, ...]],
        widths: tuple[int, ...],
    ) -> None:
        """Add a captioned table; its head is repeated on every page."""
        if caption:
            self.document.add_paragraph(caption, style="Table Caption")
        table = self.document.add_table(rows=1, cols=len(head), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        shares = widths or tuple([1] * len(head))
        line = Mm(layout.PAGE_MM[0] - layout.MARGINS_MM[1] - layout.MARGINS_MM[3])
        sizes = [Emu(int(line * share / sum(shares))) for share in shares]
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = size
        marker = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(marker)
        for cell, words in zip(table.rows[0].cells, head, strict=True):
            self._fill(cell, (Run(words),), "Table Head")
        for row in rows:
            made = table.add_row()
            whole = OxmlElement("w:cantSplit")
            made._tr.get_or_add_trPr().append(whole)
            for cell, content in zip(made.cells, row, strict=True):
                self._fill(cell, content, "Table Text")
        for made in table.rows:
            for cell, size in zip(made.cells, sizes, strict=True):
                cell.width = size

    def _fill(self, cell: _Cell, content: Cell, style: str) -> None:
        paragraph = cell.paragraphs[0]
        paragraph._p.style = style.replace(" ", "")
        self.cell(paragraph, content)

    def appendix(self, draft: Draft) -> None:
        """Add the appendix on its own page: figure, as written, meaning, records."""
        if not draft.appendix:
            return
        title = self.document.add_paragraph(style="Appendix Title")
        title.add_run().add_break(WD_BREAK.PAGE)
        title.add_run(layout.APPENDIX_TITLE)
        rows: list[tuple[Cell, ...]] = [
            (entry.title, entry.value, entry.definition, entry.trail()) for entry in draft.appendix
        ]
        self.table("", layout.APPENDIX_HEAD, rows, layout.APPENDIX_WIDTHS)


def render(draft: Draft, seal: Seal, written: datetime, pictures: dict[Chart, bytes]) -> bytes:
    """Return the .docx of a bound draft with its seal inside."""
    document = Document()
    dress(document)
    core = document.core_properties
    core.title, core.author, core.language = draft.title_text, "", draft.language
    core.comments, core.created, core.modified = "", written, written
    writer = _Writer(document, pictures)
    title = document.add_paragraph(style="Title")
    for number, line in enumerate(layout.title_lines(draft.title)):
        if number:
            title.add_run().add_break()
        writer.cell(title, line)
    if draft.subtitle:
        writer.cell(document.add_paragraph(style="Subtitle"), draft.subtitle)
    for block in draft.blocks:
        writer.block(block)
    writer.appendix(draft)
    embed(document, seal)
    target = BytesIO()
    document.save(target)
    return target.getvalue()
