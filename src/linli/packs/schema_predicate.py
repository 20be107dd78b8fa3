"""Conditions of an indicator: a closed language, written as nested tables in TOML.

``{eq = ["level", "省级"]}``, ``{in = ["level", ["省级", "国家级"]]}``,
``{and = [{…}, {…}]}``, ``{not = {…}}``. The first item names a field of the kind, or one of
``@grain @state @kind``; no free text, no SQL.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Slot

Scalar = str | bool | int | Decimal


class Predicate(BaseModel):
    """Exactly one of its keys is set; ``op`` says which."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    eq: tuple[str, Scalar] | None = None
    ne: tuple[str, Scalar] | None = None
    lt: tuple[str, Scalar] | None = None
    le: tuple[str, Scalar] | None = None
    between: tuple[str, Scalar, Scalar] | None = None
    in_: tuple[str, tuple[Scalar, ...]] | None = Slot(default=None, alias="in")
    is_null: str | None = None
    and_: tuple[Predicate, ...] | None = Slot(default=None, alias="and")
    or_: tuple[Predicate, ...] | None = Slot(default=None, alias="or")
    not_: Predicate | None = Slot(default=None, alias="not")

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        if len(self.model_fields_set) != 1 or getattr(self, self._key) is None:
            raise ValueError("一个条件只写一个算子：eq ne lt le between in is_null and or not")
        return self

    @property
    def _key(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def op(self) -> str:
        """The operator: ``eq``, ``in``, ``and`` …"""
        return self._key.rstrip("_")

    def fields(self) -> frozenset[str]:
        """Names of all fields that the condition reads."""
        value = getattr(self, self._key)
        match self.op:
            case "and" | "or":
                return frozenset().union(*(part.fields() for part in value))
            case "not":
                return frozenset(value.fields())
            case "is_null":
                return frozenset({str(value)})
            case _:
                return frozenset({str(value[0])})
