"""Renderers: a bound draft as .docx, .pdf or .html."""

from __future__ import annotations

from datetime import datetime

from linli.reports.draft import Chart, Draft
from linli.reports.render import chart, docx, html, pdf
from linli.reports.seal import Seal

FORMATS = ("docx", "pdf", "html")


def render(name: str, draft: Draft, seal: Seal, written: datetime) -> bytes:
    """Return the bytes of a bound draft in a format of ``FORMATS``."""
    charts = [block for block in draft.blocks if isinstance(block, Chart)]
    drawings = chart.draw(charts)
    if name == "html":
        return html.render(draft, seal, written, drawings)
    pictures = chart.pictures(drawings)
    if name == "pdf":
        return pdf.render(draft, seal, written, pictures)
    return docx.render(draft, seal, written, pictures)
