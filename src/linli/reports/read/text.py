"""Read plain text and Markdown: every number in it is unbound, but for Markdown's own links."""

from __future__ import annotations

import re
from pathlib import Path

from linli.kernel.errors import Refusal
from linli.reports.links import key_of
from linli.reports.read.page import Collector, ReadFile

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def read(path: Path) -> ReadFile:
    """Return the lines of a text file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = path.read_text(encoding="gb18030")
        except UnicodeDecodeError as error:
            why = "不是 UTF-8 或 GBK 编码的文字"
            raise Refusal("reports.file.unreadable", file=path.name, why=why) from error
    paragraphs = []
    for line in text.splitlines():
        collector = Collector()
        at = 0
        for found in _LINK.finditer(line):
            collector.add(line[at : found.start()])
            collector.add(found.group(1), key_of(found.group(2)))
            at = found.end()
        collector.add(line[at:])
        if (made := collector.done()) is not None:
            paragraphs.append(made)
    return ReadFile(tuple(paragraphs))
