"""The kinds a person may choose from, by section."""

from __future__ import annotations

from linli.packs.load import registry
from linli.packs.schema import Kind
from linli.web.wording import SECTIONS, section_title

Groups = list[tuple[str, list[Kind]]]


def kinds_by_section(word: str = "") -> Groups:
    """All kinds by section, or those that a word means or stands in."""
    found: dict[str, list[Kind]] = {section: [] for section in SECTIONS}
    for kind in registry().kinds.values():
        if not word or any(word in one or one in word for one in (kind.title, *kind.words)):
            found.setdefault(kind.section, []).append(kind)
    return [(section_title(name), kinds) for name, kinds in found.items() if kinds]
