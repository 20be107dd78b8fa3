"""The shape of a pack: frozen models that refuse every key they do not know.

A pack declares what may be recorded (kinds with fields and measures), how it is listed (ledgers),
counted (indicators, held against each other by reconciliations) and written (report plans).
Ids carry the pack's name (``base.visit``); a measure's id is its kind's id plus its own
(``base.visit.households``) or, shared by many kinds, the pack's (``base.people``).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic import Field as Slot

from linli.packs.schema_care import CareClass, PersonalField
from linli.packs.schema_flow import Flow
from linli.packs.schema_obligation import ObligationRule
from linli.packs.schema_predicate import Predicate
from linli.packs.schema_report import Phrase, ReportPlan, Supplement

Grain = Literal["event", "summary", "observation"]
FieldType = Literal[
    "text", "date", "choice", "money", "organisation", "place", "level", "person", "cadence"
]
Privacy = Literal["plain", "personal", "sensitive"]
CALENDAR_FIELDS = frozenset({"@day", "@week", "@month", "@quarter", "@year"})
Every = Literal["day", "week", "month", "quarter", "half", "year"]
Severity = Literal["error", "doubt"]

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


def _well_formed(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("编号只用小写字母、数字、下划线和点，并以字母开头")
    return value


Id = Annotated[str, AfterValidator(_well_formed)]
Words = tuple[Annotated[str, Slot(min_length=1)], ...]


class Model(BaseModel):
    """Base of every declaration: frozen, and an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Measure(Model):
    """A quantity that a kind may state: its unit and the words that name it in a ledger.

    ``whole`` is the id of the measure that this one is a part of (其中低保户 of 走访户数).
    ``person_kind`` says what the counted persons are, so that 人 and 人次 stay apart.
    """

    id: Id
    title: str
    unit: str
    words: Words = ()
    whole: Id | None = None
    person_kind: Literal["heads", "times"] | None = None
    stock: bool = False


class Field(Model):
    """A named property of a kind, kept as validated text; up to eight of a kind are indexed."""

    id: Id
    title: str
    type: FieldType = "text"
    words: Words = ()
    options: Words = ()
    required: bool = False
    indexed: bool = False
    privacy: Privacy = "plain"


class Kind(Model):
    """A sort of work (事项). ``words`` in a sheet title, category or content mean it.

    ``generic``: its words are broad (宣传活动), an equally long word of another kind wins.
    ``supplied_by_body``: only a count that a competent body supplied; without a named source the
    record is 来源待补 and enters no report. ``uses``: shared measures; after loading they stand
    in ``measures`` as well.
    """

    id: Id
    title: str
    domain: Annotated[str, Slot(pattern=r"^[A-Z]$")]
    grain: Grain = "event"
    words: Words = ()
    fields: tuple[Field, ...] = ()
    measures: tuple[Measure, ...] = ()
    uses: tuple[Id, ...] = ()
    section: str = "other"
    late_after_days: Annotated[int, Slot(ge=0)] | None = None
    supplied_by_body: bool = False
    generic: bool = False
    titled_by: Id | None = None
    purpose: str = ""
    basis: str = ""

    def field(self, field_id: str) -> Field | None:
        """Return the field with that id, or None."""
        return next((field for field in self.fields if field.id == field_id), None)


class Column(Model):
    """A column of a ledger: a built-in value, a field (``id``) or a measure (``id``)."""

    what: Literal[
        "number",
        "date",
        "title",
        "kind",
        "state",
        "field",
        "measure",
        "quantities",
        "source",
        "area",
        "late",
    ]
    id: Id | None = None
    title: str
    width: Annotated[int, Slot(ge=2, le=80)] = 12
    total: bool = False

    @model_validator(mode="after")
    def _names_its_object(self) -> Self:
        if (self.what in ("field", "measure")) != (self.id is not None):
            raise ValueError("只有 what 为 field 或 measure 的栏要写 id，而且必须写")
        return self


class Ledger(Model):
    """A projection of records in fixed columns (台账), printed with its signature foot."""

    id: Id
    title: str
    kinds: tuple[Id, ...]
    columns: tuple[Column, ...]
    order: tuple[Literal["date", "title", "kind", "level", "number"], ...] = ("date", "title")
    signature: Words = ("填报单位", "填表人", "审核人", "日期")


class Term(Model):
    """One number taken from records.

    ``agg``: *count* records; *tally*: as many as an event states in ``measure``, else 1, and a
    summary only what it states; *sum*, *max*, *min*, *last* of ``measure``; *distinct* values of
    ``field`` (a field id, or ``@day @week @month @quarter @year`` of the day it occurred, or
    ``@area``); *calendar*: how many days, weeks, … (``every``) the period has, no records.
    ``times``: the term is multiplied by it (positions × 4 quarters).
    ``span``: records of the period, of all time up to its end, or the state at its end.
    """

    agg: Literal["count", "tally", "sum", "distinct", "last", "max", "min", "calendar"]
    kinds: tuple[Id, ...] = ()
    measure: Id | None = None
    field: str | None = None
    where: Predicate | None = None
    span: Literal["period", "cumulative", "at_end"] = "period"
    every: Every | None = None
    times: Term | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        need = {
            "count": (),
            "tally": ("measure",),
            "sum": ("measure",),
            "last": ("measure",),
            "max": ("measure",),
            "min": ("measure",),
            "distinct": ("field",),
            "calendar": ("every",),
        }[self.agg]
        for key in ("measure", "field", "every"):
            if (getattr(self, key) is not None) != (key in need):
                word = "必须写" if key in need else "不能写"
                raise ValueError(f"agg 为 {self.agg} 时{word} {key}")
        if (self.agg == "calendar") == bool(self.kinds):
            raise ValueError("kinds 不能为空（agg 为 calendar 时不写）")
        return self


class Indicator(Model):
    """The definition of a figure.

    ``grains``: the first grain with records in the period counts, the others are reconciled
    against it. ``declared``: where it cannot be computed from ``numerator`` (and ``denominator``),
    the value that an office states itself (a rate without its parts); its basis is *declared*.
    ``factor`` multiplies the ratio (100 for %), ``decimals`` is the rounding, half up, done once.
    """

    id: Id
    version: Annotated[int, Slot(ge=1)] = 1
    title: str
    definition: str
    unit: str
    type: Literal["flow", "stock", "list"] = "flow"
    grains: tuple[Grain, ...] = ("event", "summary")
    numerator: Term
    denominator: Term | None = None
    declared: Term | None = None
    factor: Decimal = Decimal(1)
    decimals: Annotated[int, Slot(ge=0, le=6)] = 0
    rollup: Literal["additive", "distinct", "last", "ratio", "none"] = "additive"
    missing: Literal["null", "zero"] = "null"
    valid_from: date | None = None
    valid_to: date | None = None
    target: Decimal | None = None
    target_is: Literal["at_least", "at_most", "exact"] | None = None
    section: str = "other"

    @model_validator(mode="after")
    def _ratio_is_whole(self) -> Self:
        if (self.rollup == "ratio") != (self.denominator is not None):
            raise ValueError("有分母的指标 rollup 必须是 ratio，没有分母的不能是")
        if (self.target is None) != (self.target_is is None):
            raise ValueError("target 和 target_is 要写就一起写")
        return self

    @model_validator(mode="after")
    def _days_are_of_events(self) -> Self:
        terms = [term for term in (self.numerator, self.denominator) if term]
        if any(term.field in CALENDAR_FIELDS for term in terms) and self.grains != ("event",):
            raise ValueError(
                '数日子的指标（field 为 @day 等）要写 grains = ["event"]：汇总没有写明日子'
            )
        return self


class Reconciliation(Model):
    """A rule that holds figures or records against each other (勾稽).

    *part_of_whole*: each part ≤ whole (``disjoint``: their sum too). *total*: whole = sum of parts.
    *list_length*: ``stated`` (an indicator) ≥ the number of records of ``kinds``.
    *inside_period*: records of ``kinds`` lie inside the period. *window*: the indicator of a
    narrower period (``part``) ≤ of the wider period (``whole``) that holds it.
    *grains*: one indicator computed from events against the same from summaries.
    *duplicates*: records of ``kinds`` equal in ``fields``. *ratio*: a rate has its parts.
    ``sentence`` may use {part} {whole} {parts} {stated} {listed} {title} {count} {date} {period}
    {summary} {event}; ``fields`` of *duplicates* may name ``@title`` and ``@day``.
    """

    id: Id
    title: str
    rule: Literal[
        "part_of_whole",
        "total",
        "list_length",
        "inside_period",
        "window",
        "grains",
        "duplicates",
        "ratio",
    ]
    whole: Id | None = None
    parts: tuple[Id, ...] = ()
    stated: Id | None = None
    kinds: tuple[Id, ...] = ()
    fields: tuple[str, ...] = ()
    disjoint: bool = False
    severity: Severity = "doubt"
    sentence: str = ""

    @model_validator(mode="after")
    def _has_its_subject(self) -> Self:
        need = {
            "part_of_whole": ("whole", "parts"),
            "total": ("whole", "parts"),
            "list_length": ("stated", "kinds"),
            "inside_period": ("kinds",),
            "window": ("whole", "parts"),
            "grains": ("parts",),
            "duplicates": ("kinds", "fields"),
            "ratio": ("parts",),
        }[self.rule]
        missing = [key for key in need if not getattr(self, key)]
        if missing:
            raise ValueError(f"rule 为 {self.rule} 时要写 {'、'.join(missing)}")
        return self


class Role(Model):
    """What a column of a ledger is, and the header words that say so, in order of preference."""

    id: Literal[
        "date",
        "cadence",
        "number",
        "title",
        "content",
        "category",
        "object",
        "people",
        "value",
        "unit",
        "place",
        "organiser",
        "partner",
        "level",
        "result",
        "state",
        "person",
        "deadline",
        "remark",
        "measure",
        "households",
        "money",
        "times",
    ]
    words: Words


class Stops(Model):
    """Words that mark what is not work: totals, notes, signatures; and part rows, scale notes."""

    total: Words = ()
    note: Words = ()
    signature: Words = ()
    part: Words = ()
    scale: Words = ()


class PackHead(Model):
    """``pack.toml``: who a pack is."""

    id: Annotated[str, Slot(pattern=r"^[a-z][a-z0-9_]*$")]
    version: str
    title: str
    requires: tuple[str, ...] = ()


class Pack(Model):
    """One pack, all its files together."""

    id: str
    version: str
    title: str
    requires: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    kinds: tuple[Kind, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    reconciliations: tuple[Reconciliation, ...] = ()
    obligations: tuple[ObligationRule, ...] = ()
    reports: tuple[ReportPlan, ...] = ()
    flows: tuple[Flow, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    care: tuple[CareClass, ...] = ()
    personal: tuple[PersonalField, ...] = ()
    roles: tuple[Role, ...] = ()
    stops: Stops = Stops()
