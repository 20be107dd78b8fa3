"""Hold the text of a finished file against what was written and against the figures of now.

Every numeral run of the body outside list numbering must lie inside a bound run. States:
``same``; ``changed``: the text is as written, the figure's value is another one now; ``altered``:
the text is not what was written, or was deleted from a sealed file; ``unbound``: a number without
a link; ``unresolved``: a link whose key this installation does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest

from linli.reports.draft import Ref, RefKind
from linli.reports.numerals import Numeral, numerals, plain
from linli.reports.read.page import ELSEWHERE, Link, ReadParagraph


class State(StrEnum):
    """How a number of a file stands."""

    SAME = "same"
    CHANGED = "changed"
    ALTERED = "altered"
    UNBOUND = "unbound"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Bound:
    """What was written: the text of a bound run and the ref behind it."""

    text: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Now:
    """What the ref leads to at present; ``None`` everywhere when it is gone."""

    value: Decimal | None = None
    unit: str = ""
    qualifier: str = ""
    value_max: Decimal | None = None
    words: str = ""

    def equals(self, ref: Ref) -> bool:
        """Say whether the value, its unit and its wording are still those of the ref."""
        mine = (self.value, self.unit, self.qualifier, self.value_max, self.words)
        return mine == (ref.value, ref.unit, ref.qualifier, ref.value_max, ref.words)


@dataclass(frozen=True, slots=True)
class Checked:
    """One number, date or name of the file. ``then`` and ``now`` are values, else words.

    ``around`` is the sentence or cell in which it stands; of a number that was deleted, whose
    ``text`` is empty, the words that stood there.
    """

    indicator: str | None
    text: str
    then: Decimal | str | None
    now: Decimal | str | None
    state: State
    key: str | None = None
    around: str = ""

    @property
    def fault(self) -> bool:
        """Say whether the file does not agree here; ``changed`` is no fault of the file."""
        return self.state not in (State.SAME, State.CHANGED)


# Words at the seam of a number that change it though the bound text stays as it was.
_BEFORE = frozenset("近约超逾负-−±第0123456789０１２３４５６７８９.．")
_WORDS_BEFORE = ("附近", "最近", "邻近", "就近", "远近", "亲近")
_AFTER = frozenset("余多万亿%％‰0123456789０１２３４５６７８９")


def indicator_of(ref: Ref) -> str | None:
    """Return the name by which a bound run is listed: its indicator, or the record's measure."""
    if ref.kind is RefKind.FIGURE:
        return ref.subject.split("@")[0]
    if ref.part.startswith("quantity:"):
        return ref.part.removeprefix("quantity:").split("#")[0]
    return None


_ENDS = re.compile("[。；！？\n]")
_WIDE = 40  # characters of a sentence shown on either side


def _around(text: str, start: int, end: int) -> str:
    """The sentence of a paragraph in which a stretch stands, long ones cut with ……."""
    first = max((found.end() for found in _ENDS.finditer(text, 0, start)), default=0)
    stop = _ENDS.search(text, end)
    last = stop.end() if stop else len(text)
    head = "……" if start - first > _WIDE else ""
    tail = "……" if last - end > _WIDE else ""
    shown = text[max(first, start - _WIDE) : min(last, end + _WIDE)]
    return f"{head}{shown.strip()}{tail}".replace(ELSEWHERE, "……")


def shown(value: Decimal | None, words: str) -> Decimal | str | None:
    """Return what stands for a value in a list: the value, else the words, None for neither."""
    return value if value is not None else (words or None)


def _meddled(paragraph: ReadParagraph, link: Link) -> bool:
    """A character was put against the link that makes another number of it."""
    text, linked = (
        paragraph.text,
        {at for one in paragraph.links for at in range(one.start, one.end)},
    )
    before, after = link.start - 1, link.end
    if before >= 0 and before not in linked and text[before] in _BEFORE:
        if not text[: link.start].endswith(_WORDS_BEFORE):
            return True
    return after < len(text) and after not in linked and text[after] in _AFTER


def _link_state(
    paragraph: ReadParagraph, link: Link, bound: Bound, now: Now | None, straddled: bool
) -> State:
    text = paragraph.text[link.start : link.end]
    number = bound.ref.value is not None
    if plain(text) != plain(bound.text) or straddled or (number and _meddled(paragraph, link)):
        return State.ALTERED
    return State.SAME if now is not None and now.equals(bound.ref) else State.CHANGED


@dataclass(frozen=True, slots=True)
class _Check:
    bounds: Mapping[str, Bound]
    now: Mapping[str, Now]

    def paragraph(self, paragraph: ReadParagraph) -> Iterator[tuple[int, Checked]]:
        """Yield what the paragraph holds, each with its place."""
        loose: list[Numeral] = []
        straddled: set[int] = set()
        for numeral in numerals(paragraph.text):
            touching = [
                place
                for place, link in enumerate(paragraph.links)
                if numeral.start < link.end and link.start < numeral.end
            ]
            if not touching:
                loose.append(numeral)
            elif not self._inside(numeral, [paragraph.links[place] for place in touching]):
                straddled.update(touching)
        for numeral in loose:
            one = Checked(None, numeral.text, None, None, State.UNBOUND)
            around = _around(paragraph.text, numeral.start, numeral.end)
            yield numeral.start, replace(one, around=around)
        for place, link in enumerate(paragraph.links):
            found = self._link(paragraph, link, place in straddled)
            if found is not None:
                around = _around(paragraph.text, link.start, link.end)
                yield link.start, replace(found, around=around)

    @staticmethod
    def _inside(numeral: Numeral, links: list[Link]) -> bool:
        """A numeral may run over several links only where they touch without a gap between."""
        covered = {at for link in links for at in range(link.start, link.end)}
        return all(at in covered for at in range(numeral.start, numeral.end))

    def _link(self, paragraph: ReadParagraph, link: Link, straddled: bool) -> Checked | None:
        text = paragraph.text[link.start : link.end]
        bound = self.bounds.get(link.key)
        if bound is None:
            return Checked(None, text, None, None, State.UNRESOLVED, link.key)
        now = self.now.get(link.key)
        state = _link_state(paragraph, link, bound, now, straddled)
        name = indicator_of(bound.ref)
        if state is State.SAME and (name is None or bound.ref.value is None):
            return None  # names, dates and definitions are listed only when something is wrong
        return Checked(
            name,
            text,
            shown(bound.ref.value, bound.ref.words),
            shown(now.value, now.words) if now else None,
            state,
            link.key,
        )


def _mended(paragraph: ReadParagraph, bounds: Mapping[str, Bound]) -> ReadParagraph:
    """The paragraph with links as long as they were written.

    LibreOffice, saving a .docx, ends the second of two touching links where digits and Chinese
    characters meet: of 12户 only 12 stays linked. Words that stand there as they were written are
    that link's, as long as no other link begins in them.
    """
    links: list[Link] = []
    for link, following in zip_longest(paragraph.links, paragraph.links[1:]):
        bound = bounds.get(link.key)
        touches = bool(links) and links[-1].end == link.start
        if bound is not None and touches and paragraph.text.startswith(bound.text, link.start):
            end = link.start + len(bound.text)
            if link.end < end <= (following.start if following else end):
                link = replace(link, end=end)
        links.append(link)
    return replace(paragraph, links=tuple(links))


def check(
    paragraphs: Iterable[ReadParagraph], bounds: Mapping[str, Bound], now: Mapping[str, Now]
) -> list[Checked]:
    """Return every number of the file, and every bound name or date that is no longer right."""
    checker = _Check(bounds, now)
    found: list[Checked] = []
    for paragraph in paragraphs:
        listed = checker.paragraph(_mended(paragraph, bounds))
        found.extend(one for _, one in sorted(listed, key=lambda place: place[0]))
    return found


def deleted(
    gone: Mapping[str, tuple[str, Decimal]], bounds: Mapping[str, Bound], now: Mapping[str, Now]
) -> Iterator[Checked]:
    """Yield the numbers of a sealed list that no longer stand in its file: ``altered``, no text."""
    for key, (written, value) in gone.items():
        bound, present = bounds.get(key), now.get(key)
        yield Checked(
            indicator_of(bound.ref) if bound else None,
            "",
            value,
            shown(present.value, present.words) if present else None,
            State.ALTERED,
            key,
            written,
        )
