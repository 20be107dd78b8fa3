"""Read an .html report: blocks of text, links, and the seal in its script element."""

from __future__ import annotations

from pathlib import Path

from lxml import etree, html

from linli.kernel.errors import Refusal
from linli.reports.links import key_of
from linli.reports.read.page import Collector, ReadFile, ReadParagraph
from linli.reports.seal import from_json

_BLOCKS = frozenset(
    {
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "th",
        "li",
        "caption",
        "figcaption",
        "dt",
        "dd",
        "blockquote",
        "div",
        "section",
        "article",
        "main",
        "body",
        "table",
        "tr",
        "ul",
        "ol",
    }
)
_SKIPPED = frozenset({"script", "style", "svg", "head", "template", "header", "footer", "nav"})


class _Reader:
    """Walks the tree; a block element ends the paragraph before and after it."""

    def __init__(self) -> None:
        self.paragraphs: list[ReadParagraph] = []
        self.open = Collector()

    def close(self) -> None:
        """End the paragraph that is being read."""
        done = self.open.done()
        if done is not None:
            self.paragraphs.append(done)
        self.open = Collector()

    def walk(self, element: etree._Element, key: str | None) -> None:
        """Read an element and what follows inside it."""
        tag: object = element.tag  # a comment has a function here
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        if tag in _BLOCKS or tag == "br":
            self.close()
        if tag == "a":
            key = key_of(element.get("href"))
        self.open.add(_spaced(element.text), key)
        for child in element:
            self.walk(child, key)
            self.open.add(_spaced(child.tail), key)
        if tag in _BLOCKS:
            self.close()


def _spaced(text: str | None) -> str:
    return (text or "").replace("\n", "").replace("\r", "")


def read(path: Path) -> ReadFile:
    """Return the paragraphs of the body and the seal."""
    try:
        root = html.document_fromstring(path.read_bytes())
    except (etree.ParserError, ValueError) as error:
        why = "不是网页文件"
        raise Refusal("reports.file.unreadable", file=path.name, why=why) from error
    reader = _Reader()
    for body in root.iter("body"):
        reader.walk(body, None)
    reader.close()
    script = root.find(".//script[@id='linli-figures']")
    seal = from_json((script.text or "").encode()) if script is not None else None
    return ReadFile(tuple(reader.paragraphs), seal)
