"""Which periods a type of report is about: a quarterly summary tells a quarter, no other span."""

from __future__ import annotations

from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.packs.schema_report import ReportType

# Type: its title, the kind of period, that period in words, the codes of a year. Others: any period.
_SPANS: dict[ReportType, tuple[str, str, str, tuple[str, ...]]] = {
    "annual": ("年度总结", "year", "一整年", ("",)),
    "half-year": ("半年总结", "half", "半年", ("H1", "H2")),
    "quarter": ("季度总结", "quarter", "一个季度", ("Q1", "Q2", "Q3", "Q4")),
}


def refuse_unfit(type: ReportType, span: Period) -> None:  # noqa: A002
    """Refuse a period that is not of the type's kind: reports.period.unfit, naming codes that are."""
    if type not in _SPANS:
        return
    title, kind, words, codes = _SPANS[type]
    # By its days, however it was written: 3m@2010-03-31 is a quarter.
    if Period(span.start, span.end).kind != kind:
        fitting = "、".join(f"{span.end.year}{code}" for code in codes)
        raise Refusal(
            "reports.period.unfit", title=title, words=words, period=span.text, codes=fitting
        )
