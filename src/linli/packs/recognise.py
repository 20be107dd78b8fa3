"""Recognise what a ledger's words mean: kinds by the longest word, measures, column roles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from linli.kernel.units import kind_of
from linli.packs.registry import Registry
from linli.packs.schema import Field, Kind, Measure

_SCALE = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_BLANK = re.compile(r"[\s　:：*＊]+")


@dataclass(frozen=True, slots=True)
class Match:
    """A kind that a text may mean: the word found, where, and how much of the text it is."""

    kind: str
    word: str
    start: int
    weight: float


def kinds_of(registry: Registry, text: str) -> list[Match]:
    """Return kinds whose words stand in ``text``, best first: longer word, specific, later.

    The later of two equally long words wins, since a Chinese title ends with its noun.
    """
    found: dict[str, Match] = {}
    for word, kind in registry.kind_words:
        start = text.rfind(word)
        if start >= 0 and kind not in found:
            found[kind] = Match(kind, word, start, len(word) / max(len(text), 1))
    return sorted(found.values(), key=lambda m: _rank(registry, m))


def _rank(registry: Registry, match: Match) -> tuple[int, bool, int, str]:
    generic = registry.kinds[match.kind].generic
    return (-len(match.word), generic, -match.start, match.kind)


def measure_of(kind: Kind, label: str, unit: str = "") -> Measure | None:
    """Return the kind's measure that ``label`` names: longest word first, then the exact unit.

    A stated unit must be of the measure's sort (人 and 名 are, 人 and 人次 are not). Where the
    label names none, the kind's own whole measure of that unit, else a shared one.
    """
    fitting = [m for m in kind.measures if _fits(m.unit, unit)]
    named = [
        (len(word), measure.unit == unit, measure.whole is not None, -index, measure)
        for index, measure in enumerate(fitting)
        for word in (*measure.words, measure.title)
        if word in label
    ]
    if named:
        return max(named, key=lambda item: item[:4])[4]
    if not unit:
        return None
    wholes = sorted(
        (m for m in fitting if m.whole is None),
        key=lambda m: (m.unit != unit, not m.id.startswith(f"{kind.id}.")),
    )
    return wholes[0] if wholes else None


def _fits(known: str, stated: str) -> bool:
    return not stated or known == stated or kind_of(known) == kind_of(stated) is not None


def field_of(kind: Kind, header: str, values: Iterable[str] = ()) -> Field | None:
    """Return the kind's field that a header names: the longest word, of equals the last.

    A choice fits only where every value of the column is one of its options; a column of other
    words stays text (an old ledger knows nothing of our options).
    """
    bare = _BLANK.sub("", _SCALE.sub("", header))
    stated = {value.strip() for value in values if value.strip()}
    fitting = [f for f in kind.fields if not f.options or stated <= set(f.options)]
    named = [
        (len(word), bare.endswith(word), -index, field)
        for index, field in enumerate(fitting)
        for word in (*field.words, field.title)
        if word in bare
    ]
    return max(named, key=lambda item: item[:3])[3] if named else None


def roles_of(registry: Registry, header: str) -> tuple[str, ...]:
    """Return the roles that a header cell may mean, best first; empty if it names none."""
    bare = _BLANK.sub("", _SCALE.sub("", header))
    if bare in registry.roles:
        return registry.roles[bare]
    longest = sorted((w for w in registry.roles if len(w) > 1 and w in bare), key=len)
    return registry.roles[longest[-1]] if longest else ()
