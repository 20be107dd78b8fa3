"""What the packs say of a kind, held against a new record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.core.records.rules import Grain, NewRecord, State
from linli.kernel.errors import Refusal
from linli.packs.load import registry
from linli.packs.schema import Field, Kind


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a kind is asked at every row, laid out for speed: no model is hashed or searched."""

    kind: Kind
    fields: Mapping[str, Field]
    required: tuple[str, ...]
    late_after_days: int | None
    supplied_by_body: bool


@dataclass(slots=True)
class Kinds:
    """The kinds of one piece of work; each is looked up once."""

    _known: dict[str, Terms] = field(default_factory=dict)

    def terms(self, kind_id: str) -> Terms:
        """The terms of a kind. Raises the registry's Refusal with the nearest id."""
        found = self._known.get(kind_id)
        if found is None:
            kind = registry().kind(kind_id)
            found = self._known[kind_id] = Terms(
                kind,
                {one.id: one for one in kind.fields},
                tuple(one.id for one in kind.fields if one.required),
                kind.late_after_days,
                kind.supplied_by_body,
            )
        return found

    def check(self, new: NewRecord) -> Terms:
        """Refuse what the kind does not allow: unknown field, missing field, no such option."""
        terms = self.terms(new.kind)
        if new.grain not in _GRAINS:
            raise _no_such("records.grain", "grain", new.grain, _GRAINS)
        if new.state not in _STATES:
            raise _no_such("records.state", "state", new.state, _STATES)
        if new.fields or terms.required:
            _check_fields(terms, new.fields)
        return terms


_GRAINS = frozenset(str(one) for one in Grain)
_STATES = frozenset(str(one) for one in State)


def _no_such(code: str, name: str, word: str, known: frozenset[str]) -> Refusal:
    return Refusal(code, **{name: word, f"{name}s": "、".join(sorted(known))})


def _check_fields(terms: Terms, fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        declared = terms.fields.get(name)
        if declared is None:
            if not name.isascii():
                continue  # intake: a workbook's column that no pack knows keeps its own name
            raise Refusal("records.field", kind=terms.kind.title, field=name, value=value)
        if declared.options and value and value not in declared.options:
            raise Refusal(
                "records.option",
                field=declared.title,
                value=value,
                options="、".join(declared.options),
            )
    for name in terms.required:
        if not fields.get(name):
            title = terms.fields[name].title
            raise Refusal("records.required", kind=terms.kind.title, field=title)
