"""A draft made by hand, with every sort of block and ref, for tests of renderers and readers."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from linli.reports.check import Bound, Now
from linli.reports.draft import (
    Block,
    Draft,
    Entry,
    Heading,
    Paragraph,
    Ref,
    RefKind,
    Run,
    Signature,
    Table,
    with_keys,
)
from linli.reports.links import keys

REPORT = UUID("0192f5a0-0000-7000-8000-000000000001")


def figure(indicator: str, text: str, value: str, unit: str, qualifier: str = "exact") -> Run:
    """A run bound to a figure."""
    ref = Ref(
        RefKind.FIGURE,
        f"{indicator}@1",
        area="east",
        period="2010Q1",
        known_at="2010-04-01",
        value=Decimal(value),
        unit=unit,
        qualifier=qualifier,
        fingerprint="f" * 16,
    )
    return Run(text, ref)


def named(
    text: str, kind: RefKind = RefKind.NAME, subject: str = "east", part: str = "name"
) -> Run:
    """A run bound to a name, date or period."""
    return Run(text, Ref(kind, subject, part=part, area="east", words=text))


def record(text: str, part: str = "occurred") -> Run:
    """A run bound to a part of a record."""
    return named(text, RefKind.RECORD, "0192f5a0-0000-7000-8000-0000000000aa", part)


def blocks() -> tuple[Block, ...]:
    """Every sort of block."""
    visited = figure("t.visit.households", "20户", "20", "户")
    money = figure("t.gift.money", "9000余元", "9000", "元", "over")
    return (
        Paragraph(
            (
                named("2010年第一季度", RefKind.PERIOD, "2010Q1"),
                Run("，"),
                named("东街社区"),
                Run("围绕“以人为本，服务为民”的总要求，做了以下工作。"),
            )
        ),
        Heading(1, "一、", "走访帮扶"),
        Paragraph(
            (
                Run("(1)"),
                record("3月5日"),
                Run("，走访居民家庭"),
                visited,
                Run("，其中低保户"),
                figure("t.visit.poor", "2户", "2", "户"),
                Run("、残疾家庭"),
                figure("t.visit.disabled", "11户", "11", "户"),
                Run("；(2)"),
                record("3月8日"),
                Run("，募集捐款"),
                money,
                Run("。"),
            )
        ),
        Heading(2, "（一）", "学习教育"),
        Heading(3, "1.", "政策学习"),
        Paragraph((Run("组织学习"), figure("t.study", "三次", "3", "次"), Run("。"))),
        Table(
            "主要数据",
            ("项目", "数据"),
            (
                ((Run("走访户数"),), (figure("t.visit.households", "20户", "20", "户"),)),
                ((Run("捐款金额"),), (figure("t.gift.money", "9000余元", "9000", "元", "over"),)),
            ),
            (3, 2),
        ),
        Signature(
            (named("东街社区居民委员会"),), (named("2010年4月2日", RefKind.PERIOD, "2010-04-02"),)
        ),
    )


def draft() -> Draft:
    """The whole draft, bound."""
    made = Draft(
        title=(
            named("东街社区"),
            named("2010年第一季度", RefKind.PERIOD, "2010Q1"),
            Run("工作总结"),
        ),
        blocks=blocks(),
        appendix=(
            Entry(
                (Run("走访户数"),),
                (figure("t.visit.households", "20户", "20", "户"),),
                (
                    named(
                        "期内走访的居民家庭数，每户计1次",
                        RefKind.FIGURE,
                        "t.visit.households@1",
                        "definition",
                    ),
                ),
                ((record("工作记录!D4", "source"),),),
            ),
        ),
    )
    return with_keys(made, keys(REPORT))


def bounds(made: Draft) -> dict[str, Bound]:
    """What the installation would keep of the draft."""
    return {ref.key: Bound(text, ref) for text, ref in made.refs()}


def present(made: Draft) -> dict[str, Now]:
    """Figures of now, equal to those written."""
    return {
        ref.key: Now(ref.value, ref.unit, ref.qualifier, ref.value_max, ref.words)
        for _, ref in made.refs()
    }
