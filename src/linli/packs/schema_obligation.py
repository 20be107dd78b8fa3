"""The shape of an obligation rule (应办规则): what is due, whose it is, when, and what fulfils it.

The interval is written in an office's words (每季度一次, 中秋节前7天, 5个工作日内); they are read by
``linli.kernel.intervals``. Words that name no interval (定期, 及时) are kept: an installation has to
name one before anything is due.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic import Field as Slot

from linli.kernel.intervals import ANCHORED, Interval, read_interval
from linli.packs.schema_predicate import Predicate

Words = tuple[Annotated[str, Slot(min_length=1)], ...]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _readable(words: str) -> str:
    if read_interval(words) is None:
        raise ValueError(
            f"读不懂频次“{words}”，请写成 每周一次、每月首个工作日、每季度后10个工作日内、中秋节前7天、"
            "5个工作日内 这样的词，或者写 定期、及时 由使用单位自定"
        )
    return words


class Fulfilment(_Model):
    """Which records fulfil an obligation.

    ``measure``: a record fulfils as many as it states there, else one. ``subject``: the field (or
    ``@title``) that says whose obligation it fulfils, where there is one for each subject.
    """

    kinds: Annotated[tuple[str, ...], Slot(min_length=1)]
    where: Predicate | None = None
    measure: str | None = None
    subject: str | None = None


class Anchor(_Model):
    """The records whose day starts the clock.

    ``field`` names a date that they state; without it their first day counts. ``subject``: the
    field (or ``@title``) in which the fulfilling record must agree with them.
    """

    kinds: Annotated[tuple[str, ...], Slot(min_length=1)]
    where: Predicate | None = None
    field: str | None = None
    subject: str | None = None


class Each(_Model):
    """One obligation for each value of a field (or ``@title``) of these records: each school.

    Where an area has no such record there is one obligation for the area as a whole.
    """

    kinds: Annotated[tuple[str, ...], Slot(min_length=1)]
    field: str
    where: Predicate | None = None


class Escalation(_Model):
    """A step of reminding: what it is called, so many days after the due day, and to whom.

    ``days`` below nought is before the due day, but never before the window opens.
    """

    title: Annotated[str, Slot(min_length=1)]
    days: Annotated[int, Slot(ge=-365, le=365)]
    to: Annotated[str, Slot(min_length=1)]


USUAL = (
    Escalation(title="提醒", days=-1, to="责任人"),
    Escalation(title="督办", days=3, to="主任"),
)
"""The steps of a rule that names none."""


class ObligationRule(_Model):
    """Something due again and again, or so long after another record.

    ``owner`` is a role or post. ``by`` says what fulfils it (without it any record of ``kind``).
    ``grace``: days after the due day in which a record still counts, as late. ``level``: the areas
    that have this duty.
    """

    id: Annotated[str, Slot(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
    title: str
    domain: Annotated[str, Slot(pattern=r"^[A-Z]$")]
    kind: str
    owner: str
    interval: Annotated[str, AfterValidator(_readable)]
    by: Fulfilment | None = None
    grace: Annotated[int, Slot(ge=0, le=366)] = 0
    after: Anchor | None = None
    each: Each | None = None
    level: str = "community"
    escalation: tuple[Escalation, ...] = USUAL
    basis: str = ""

    @model_validator(mode="after")
    def _anchored_where_its_interval_is(self) -> Self:
        every = self.reading.every
        if every in ANCHORED and self.after is None:
            raise ValueError(f"频次“{self.interval}”从一条记录的日子算起，要写 after")
        if every not in (*ANCHORED, "unstated") and self.after is not None:
            raise ValueError(f"频次“{self.interval}”不从记录的日子算起，不能写 after")
        if self.after is not None and self.each is not None:
            raise ValueError("after 和 each 只能写一个")
        if every == "birthday" and self.after is not None and self.after.field is None:
            raise ValueError("生日要在 after.field 写明出生日期的字段")
        return self

    @model_validator(mode="after")
    def _steps_in_order(self) -> Self:
        titles = [step.title for step in self.escalation]
        if len(set(titles)) < len(titles):
            raise ValueError("催办的两步不能同名")
        if [step.days for step in self.escalation] != sorted(s.days for s in self.escalation):
            raise ValueError("催办的步骤要按日子先后写")
        return self

    @cached_property
    def reading(self) -> Interval:
        """The interval that the words state; `unstated` where they name none."""
        found = read_interval(self.interval)
        if found is None:  # the words were read when the rule was validated
            raise ValueError(self.interval)
        return found

    @property
    def fulfilment(self) -> Fulfilment:
        """What fulfils it: as written, or any record of its kind."""
        return self.by or Fulfilment(kinds=(self.kind,))

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind whose records it reads."""
        others = [one.kinds for one in (self.after, self.each) if one is not None]
        return frozenset(self.fulfilment.kinds).union(*others)
