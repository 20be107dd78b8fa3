"""Runs that lead back: figures, records, periods, names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from linli.kernel.days import words as day_words
from linli.kernel.quantities import Quantity
from linli.kernel.wording import phrase
from linli.reports.compose.material import Amount, Datum, Item, Material
from linli.reports.compose.when import when
from linli.reports.draft import Ref, RefKind, Run
from linli.reports.numerals import numerals


def _value(quantity: Quantity) -> dict[str, object]:
    return {
        "value": quantity.value,
        "unit": quantity.unit,
        "qualifier": str(quantity.qualifier),
        "value_max": quantity.value_max,
    }


def _ref(kind: RefKind, subject: str, **facts: object) -> Ref:
    return Ref(kind, subject, **facts)  # type: ignore[arg-type]  # facts are Ref's own fields


def figure(datum: Datum, material: Material) -> Run:
    """Return a figure as it is written, with its unit."""
    quantity = datum.quantity
    if quantity is None:
        raise ValueError(f"{datum.indicator} has no value to write")
    return Run(
        phrase(quantity),
        _ref(
            RefKind.FIGURE,
            f"{datum.indicator}@{datum.version}",
            area=material.area,
            period=material.asked,
            known_at=datum.known_at,
            fingerprint=datum.fingerprint,
            **_value(quantity),
        ),
    )


def of_figure(datum: Datum, material: Material, part: str, text: str) -> Run:
    """Return words about a figure: its title, its definition, or how many records are behind it."""
    ref = _ref(
        RefKind.FIGURE,
        f"{datum.indicator}@{datum.version}",
        part=part,
        area=material.area,
        period=material.asked,
        known_at=datum.known_at,
        words=text,
    )
    return Run(text, ref)


def title(datum: Datum, material: Material) -> Run:
    """Return the name of a figure; one that holds a number (90周岁以上老人) leads back too."""
    if not numerals(datum.title):
        return Run(datum.title)
    return of_figure(datum, material, "title", datum.title)


def worded(run: Run, datum: Datum, material: Material) -> Run:
    """Return a run of a figure's phrase; words of the phrase that hold a number lead back too."""
    if run.ref is not None or not numerals(run.text):
        return run
    return of_figure(datum, material, "says", run.text)


def amount(item: Item, one: Amount, material: Material) -> Run:
    """Return a quantity of a record as it is written."""
    return Run(
        phrase(one.quantity),
        _ref(
            RefKind.RECORD,
            item.id,
            part=f"quantity:{one.measure}#{one.number}",
            area=material.area,
            period=material.asked,
            **_value(one.quantity),
        ),
    )


def of_record(item: Item, material: Material, part: str, text: str) -> Run:
    """Return words of a record: ``title``, ``field:ID``, ``source``."""
    ref = _ref(
        RefKind.RECORD, item.id, part=part, area=material.area, period=material.asked, words=text
    )
    return Run(text, ref)


def level(item: Item, material: Material, field: str, text: str) -> Run | None:
    """Return the level of an honour in words; one that holds a number (4A级) leads back."""
    if not text or not numerals(text):
        return Run(text) if text else None
    run = of_record(item, material, f"field:{field}", text)
    return Run(text, run.ref and replace(run.ref, words=item.fields.get(field, "")))


def occurred(item: Item, material: Material) -> Run | None:
    """Return the day of a record, or None where it has none."""
    text = when(item.occurred, material.period)
    return of_record(item, material, "occurred", text) if text else None


def area(material: Material) -> Run:
    """Return the name of the area."""
    ref = _ref(
        RefKind.NAME, material.area, part="name", area=material.area, words=material.area_name
    )
    return Run(material.area_name, ref)


def period(material: Material, words: str = "") -> Run:
    """Return the period in words, or such other words of it as 三年来."""
    text = words or material.period.words()
    ref = _ref(
        RefKind.PERIOD, material.period.text, area=material.area, period=material.asked, words=text
    )
    return Run(text, ref)


def day(on: date, material: Material) -> Run:
    """Return a day of the report itself (落款)."""
    text = day_words(on, year=True)
    ref = _ref(RefKind.PERIOD, on.isoformat(), area=material.area, words=text)
    return Run(text, ref)


def count(kind: str, number: int, unit: str, material: Material) -> Run:
    """Return how many records of a kind the report knows."""
    text = f"{number}{unit}"
    ref = _ref(
        RefKind.RECORD,
        "",
        part=f"count:{kind}",
        area=material.area,
        period=material.asked,
        words=text,
    )
    return Run(text, ref)
