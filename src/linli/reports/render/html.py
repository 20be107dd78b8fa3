"""A bound draft as one self-contained page: screen and print, numbers linked, the seal inside."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from html import escape
from pathlib import Path

from linli.reports import layout
from linli.reports.draft import Block, Cell, Chart, Draft, Heading, Paragraph, Run, Signature, Table
from linli.reports.links import address
from linli.reports.seal import Seal

_STYLE = Path(__file__).parent / "report.css"
_PLACE = Path(__file__).parent / "report.html.txt"


def _run(run: Run) -> str:
    words = escape(run.text)
    if run.unverified:
        return f'<span class="unverified">{words}{layout.UNVERIFIED}</span>'
    if run.ref is None or not run.ref.key:
        return words
    ref = run.ref
    facts = {
        "key": ref.key,
        "kind": ref.kind.value,
        "subject": ref.subject,
        "value": "" if ref.value is None else format(ref.value, "f"),
        "unit": ref.unit,
        "qualifier": ref.qualifier if ref.value is not None else "",
        "period": ref.period,
    }
    data = "".join(f' data-{name}="{escape(fact)}"' for name, fact in facts.items() if fact)
    return f'<a class="f" href="{escape(address(ref.key))}"{data}>{words}</a>'


def _runs(cell: Cell) -> str:
    return "".join(_run(run) for run in cell)


def _table(head: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], caption: str = "") -> str:
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    top = "".join(f'<th scope="col">{escape(words)}</th>' for words in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{_runs(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f"<table>{title}<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody></table>\n"


def _block(block: Block, pictures: dict[Chart, str]) -> str:
    match block:
        case Heading():
            words = layout.heading(block.number, block.text)
            return f"<h{block.level + 1}>{escape(words)}</h{block.level + 1}>\n"
        case Paragraph():
            return f"<p>{_runs(block.runs)}</p>\n"
        case Table():
            return _table(block.head, block.rows, block.caption)
        case Chart():
            drawn = pictures.get(block)
            return (
                f'<figure role="img" aria-label="{escape(block.title)}">{drawn}</figure>\n'
                if drawn
                else ""
            )
        case Signature():
            return (
                f'<p class="signature">{_runs(block.body)}</p>\n'
                f'<p class="signed-on">{_runs(block.date)}</p>\n'
            )


def _appendix(draft: Draft) -> str:
    if not draft.appendix:
        return ""
    rows = tuple(
        (entry.title, entry.value, entry.definition, entry.trail()) for entry in draft.appendix
    )
    title = f"<h2>{escape(layout.APPENDIX_TITLE)}</h2>\n"
    return f'<section class="appendix">{title}{_table(layout.APPENDIX_HEAD, rows)}</section>\n'


def _script(seal: Seal) -> str:
    """JSON inside a script element: a closing tag in it must not end the element."""
    return seal.as_json().decode().replace("<", "\\u003c")


def render(draft: Draft, seal: Seal, written: datetime, drawings: dict[Chart, str]) -> bytes:
    """Return the page of a bound draft; ``drawings`` are the charts as SVG."""
    blocks = "".join(_block(block, drawings) for block in draft.blocks)
    subtitle = f'<p class="subtitle">{_runs(draft.subtitle)}</p>\n' if draft.subtitle else ""
    parts = {
        "title": escape(draft.title_text),
        "heading": "<br>".join(_runs(line) for line in layout.title_lines(draft.title)),
        "subtitle": subtitle,
        "style": _STYLE.read_text(encoding="utf-8"),
        "written": written.isoformat(timespec="seconds"),
        "blocks": blocks,
        "appendix": _appendix(draft),
        "seal": _script(seal),
    }
    page = _PLACE.read_text(encoding="utf-8")
    for name, words in parts.items():
        page = page.replace(f"@@{name}@@", words, 1)
    return page.encode()


def picture(png: bytes, title: str) -> str:
    """Return a picture as it stands inside a page, where no SVG was drawn."""
    return f'<img alt="{escape(title)}" src="data:image/png;base64,{b64encode(png).decode()}">'
