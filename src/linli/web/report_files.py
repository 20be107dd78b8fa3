"""A report as a page of the site, from the file that was kept when it was written."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from lxml import html

from linli.reports import kept
from linli.reports.links import key_of


def page(report: UUID) -> str | None:
    """The report as markup for the site: its bound numbers lead to their records.

    The file was written by us; scripts, styles and foreign links are dropped all the same.
    """
    path = next((one for one in kept.files(report) if one.suffix == ".html"), None)
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
