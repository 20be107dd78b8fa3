"""Filters of the templates: words for codes, days and quantities."""

from __future__ import annotations

from django import template

from linli.packs.load import registry
from linli.web import wording

register = template.Library()

register.filter("said", wording.said)
register.filter("when", wording.when)
register.filter("stamp", wording.stamp)
register.filter("number", wording.number)
register.filter("section_title", wording.section_title)


@register.filter
def grain(code: str) -> str:
    """一件事, 一段时间的合计, 某日的状况."""
    return wording.GRAINS.get(code, code)


@register.filter
def state(code: str) -> str:
    """已办, 计划, 来源待补 …"""
    return wording.STATES.get(code, code)


@register.filter
def qualifier(code: str) -> str:
    """What a qualifier says, in words."""
    return wording.QUALIFIERS.get(code, code)


@register.filter
def basis(code: str) -> str:
    """How a figure came about, in words."""
    return wording.BASES.get(code, code)


@register.filter
def kind(kind_id: str) -> str:
    """The title of a kind; a kind whose pack is gone is shown by its id."""
    found = registry().kinds.get(kind_id)
    return found.title if found else kind_id


@register.filter
def short(fingerprint: str) -> str:
    """The first letters of a long digest."""
    return fingerprint[:12]
