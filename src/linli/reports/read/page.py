"""What every reader returns: paragraphs of text with the links found in them, and the seal."""

from __future__ import annotations

from dataclasses import dataclass

from linli.reports.seal import Seal

# Stands in a line for a broken link that is put together elsewhere.
ELSEWHERE = "\ufffc"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of this project's sort over ``text[start:end]`` of its paragraph."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph or table cell of body text."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as verify sees it. ``seal`` is None where another editor dropped it."""

    paragraphs: tuple[ReadParagraph, ...]
    seal: Seal | None = None


class Collector:
    """Builds a paragraph from pieces; neighbouring pieces of one key are one link."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0
        self._links: list[Link] = []

    def add(self, text: str, key: str | None = None) -> None:
        """Add a piece of text, linked or plain."""
        if not text:
            return
        start, self._length = self._length, self._length + len(text)
        self._text.append(text)
        if key is None:
            return
        if self._links and self._links[-1].key == key and self._links[-1].end == start:
            start = self._links.pop().start
        self._links.append(Link(start, self._length, key))

    def done(self) -> ReadParagraph | None:
        """Return the paragraph, or None when it holds no text."""
        text = "".join(self._text)
        return ReadParagraph(text, tuple(self._links)) if text.strip() else None
