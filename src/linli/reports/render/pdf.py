"""A bound draft as PDF by Typst: fixed template, words as data, the same bytes for the same draft."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from linli.kernel.clock import beijing
from linli.kernel.errors import Refusal
from linli.reports import fonts, layout
from linli.reports.draft import Block, Cell, Chart, Draft, Heading, Paragraph, Run, Signature, Table
from linli.reports.links import address
from linli.reports.seal import Seal

_TEMPLATE = Path(__file__).parent / "report.typ"
_ATTACHMENT = "机器可读的数据与签名"


def _run(run: Run) -> dict[str, Any]:
    made: dict[str, Any] = {"text": run.text}
    if run.ref is not None and run.ref.key:
        made["url"] = address(run.ref.key)
    if run.unverified:
        made["unverified"] = True
    return made


def _runs(cell: Cell) -> list[dict[str, Any]]:
    return [_run(run) for run in cell]


def _rows(rows: tuple[tuple[Cell, ...], ...]) -> list[list[dict[str, Any]]]:
    return [[{"runs": _runs(cell)} for cell in row] for row in rows]


def _block(block: Block, files: dict[Chart, str]) -> dict[str, Any] | None:
    match block:
        case Heading():
            words = layout.heading(block.number, block.text)
            return {"kind": "heading", "level": block.level, "text": words}
        case Paragraph():
            return {"kind": "paragraph", "runs": _runs(block.runs)}
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "head": list(block.head),
                "rows": _rows(block.rows),
                "widths": list(block.widths or [1] * len(block.head)),
            }
        case Chart():
            file = files.get(block)
            return {"kind": "chart", "file": file, "title": block.title} if file else None
        case Signature():
            return {"kind": "signature", "body": _runs(block.body), "date": _runs(block.date)}


def _sizes() -> dict[str, Any]:
    top, right, bottom, left = layout.MARGINS_MM
    column = (layout.PAGE_MM[1] - top - bottom) / 25.4 * 72
    line = (layout.PAGE_MM[0] - left - right) / 25.4 * 72
    return {
        "page": list(layout.PAGE_MM),
        "margins": list(layout.MARGINS_MM),
        "pitch": round(column / layout.LINES, 2),  # 22 lines fill the column, no 23rd fits
        "tracking": round(line / layout.CHARACTERS - layout.BODY_PT - 0.01, 2),
        "body": layout.BODY_PT,
        "title-size": layout.TITLE_PT,
        "title-pitch": layout.TITLE_PITCH_PT,
        "table": layout.TABLE_PT,
        "table-pitch": layout.TABLE_PITCH_PT,
        "foot": layout.FOOT_PT,
        "mark": layout.UNVERIFIED,
        "appendix-title": layout.APPENDIX_TITLE,
        "appendix-head": list(layout.APPENDIX_HEAD),
        "appendix-widths": list(layout.APPENDIX_WIDTHS),
        "attachment": _ATTACHMENT,
    }


def _data(
    draft: Draft, written: datetime, files: dict[Chart, str], chains: dict[str, list[str]]
) -> dict[str, Any]:
    day = beijing(written)
    blocks = [made for block in draft.blocks if (made := _block(block, files))]
    appendix = tuple(
        (entry.title, entry.value, entry.definition, entry.trail()) for entry in draft.appendix
    )
    return {
        **_sizes(),
        "name": draft.title_text,
        "date": [day.year, day.month, day.day],
        "fonts": chains,
        "title": [_runs(line) for line in layout.title_lines(draft.title)],
        "subtitle": _runs(draft.subtitle),
        "blocks": blocks,
        "appendix": _rows(appendix),
    }


def render(draft: Draft, seal: Seal, written: datetime, pictures: dict[Chart, bytes]) -> bytes:
    """Return the PDF of a bound draft. Raises Refusal reports.font.missing, reports.pdf.failed."""
    book = typst.Fonts(
        include_system_fonts=True,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in fonts.folders()[:2]],
    )
    chains = fonts.chains(set(book.families()))
    with TemporaryDirectory(prefix="linli-pdf-") as folder:
        root = Path(folder)
        files: dict[Chart, str] = {}
        for number, (chart, picture) in enumerate(pictures.items(), start=1):
            files[chart] = f"chart-{number}.png"
            (root / files[chart]).write_bytes(picture)
        (root / "figures.json").write_bytes(seal.as_json())
        data = json.dumps(_data(draft, written, files, chains), ensure_ascii=False)
        (root / "data.json").write_text(data, encoding="utf-8")
        source = root / "report.typ"
        source.write_bytes(_TEMPLATE.read_bytes())
        try:
            compiler = typst.Compiler(input=str(source), root=folder, font_paths=book)
            made = compiler.compile(format="pdf", timestamp=int(written.timestamp()))
        except typst.TypstError as error:
            raise Refusal("reports.pdf.failed", why=error.message) from error
    if not isinstance(made, bytes):
        raise Refusal("reports.pdf.failed", why="没有得到文件")
    return made
