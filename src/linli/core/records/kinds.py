"""What the packs say of a kind, held against a new record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from linli.core.records.rules import Grain, NewRecord, State
from linli.kernel.errors import Refusal
from linli.packs.load import registry
from linli.packs.schema import Kind


@dataclass(slots=True)
class Kinds:
    """The kinds of one piece of work; each is looked up once."""

    _known: dict[str, Kind] = field(default_factory=dict)

    def kind(self, kind_id: str) -> Kind:
        """The kind. Raises the registry's Refusal with the nearest id."""
        found = self._known.get(kind_id)
        if found is None:
            found = self._known[kind_id] = registry().kind(kind_id)
        return found

    def check(self, new: NewRecord) -> Kind:
        """Refuse what the kind does not allow: unknown field, missing field, no such option."""
        kind = self.kind(new.kind)
        _check_word(new.grain, _GRAINS, "records.grain", "grain")
        _check_word(new.state, _STATES, "records.state", "state")
        if new.fields or _required(kind):
            _check_fields(kind, new.fields)
        return kind


_GRAINS = frozenset(str(one) for one in Grain)
_STATES = frozenset(str(one) for one in State)


def _check_word(word: str, known: frozenset[str], code: str, name: str) -> None:
    if word not in known:
        raise Refusal(code, **{name: word, f"{name}s": "、".join(sorted(known))})


@lru_cache(maxsize=1024)
def _required(kind: Kind) -> tuple[str, ...]:
    return tuple(one.id for one in kind.fields if one.required)


def _check_fields(kind: Kind, fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        declared = kind.field(name)
        if declared is None:
            if not name.isascii():
                continue  # a column of a workbook that the pack does not know, under its own name
            raise Refusal("records.field", kind=kind.title, field=name, value=value)
        if declared.options and value and value not in declared.options:
            raise Refusal(
                "records.option",
                field=declared.title,
                value=value,
                options="、".join(declared.options),
            )
    for name in _required(kind):
        if not fields.get(name):
            declared = kind.field(name)
            title = declared.title if declared else name
            raise Refusal("records.required", kind=kind.title, field=title)
