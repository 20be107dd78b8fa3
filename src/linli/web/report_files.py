"""The files of reports written from the site: one folder a report in the home, and its page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from lxml import html

from linli.kernel.ids import uuid7
from linli.reports.links import key_of

FORMATS = ("docx", "pdf", "html")


def _root() -> Path:
    return Path(settings.LINLI_HOME) / "reports"


@contextmanager
def drafting() -> Iterator[Path]:
    """A folder for a report in the making; what is left in it is removed."""
    folder = _root() / f".{uuid7()}"
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settle(folder: Path, report: UUID) -> None:
    """Give the files of a draft folder to the report that was written."""
    folder.rename(_root() / str(report))


def files(report: UUID) -> list[Path]:
    """The files of a report, in the order of FORMATS; none if it was written elsewhere."""
    folder = _root() / str(report)
    found = {path.suffix[1:]: path for path in folder.iterdir()} if folder.is_dir() else {}
    return [found[name] for name in FORMATS if name in found]


def page(report: UUID) -> str | None:
    """The report as markup for the site: its bound numbers lead to their records.

    The file was written by us; scripts, styles and foreign links are dropped all the same.
    """
    path = next((one for one in files(report) if one.suffix == ".html"), None)
    main = html.parse(str(path)).getroot().find(".//main") if path else None
    if main is None:
        return None
    for node in list(main.iter("script", "style", "iframe", "object", "link")):
        node.drop_tree()
    for node in main.iter():
        if isinstance(node.tag, str):
            _tame(node)
    return (main.text or "") + "".join(html.tostring(child, encoding="unicode") for child in main)


def _tame(node: html.HtmlElement) -> None:
    for name in list(node.attrib):
        if name == "style" or name.startswith("on"):
            del node.attrib[name]
    if node.tag != "a":
        return
    key = key_of(node.get("href"))
    if node.get("data-value"):
        node.set("class", "f n")
    for name in list(node.attrib):
        if name.startswith("data-"):
            del node.attrib[name]
    if key is None:
        node.attrib.pop("href", None)
        return
    address = reverse("reference", kwargs={"key": key})
    node.set("href", address)
    node.set("hx-get", address)
    node.set("hx-target", "#behind")
