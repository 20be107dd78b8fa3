"""The form of a record, made from what the pack declares of its kind.

Amounts are typed as they are said (20, 200余, 近1000, 97%以上); days too, where no exact one is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from linli.core.records.rules import NewQuantity, NewRecord, QuantityView, RecordView, new_record
from linli.kernel.clock import today
from linli.kernel.days import Occurred, Precision, read_date
from linli.kernel.lexer import read_quantity
from linli.kernel.quantities import Quantity
from linli.kernel.wording import phrase
from linli.packs.schema import Field, Kind, Measure
from linli.web.forms.slots import Slot
from linli.web.wording import GRAINS, STATES

_STATES = [(code, STATES[code]) for code in ("done", "ongoing", "planned")]
_ALWAYS_SHOWN = 4
_CONTROLS = {"date": "date"}


@dataclass(slots=True)
class EntryForm:
    """The slots of one record. `record_id` is made in the browser or here: a retry is harmless."""

    kind: Kind
    record_id: str
    slots: dict[str, Slot]
    version: int = 0
    extra: tuple[NewQuantity, ...] = ()
    original: RecordView | None = None
    typed: dict[str, str] = field(default_factory=dict)  # as the form was shown at first

    # What the template walks -------------------------------------------------------------------

    @property
    def head(self) -> list[Slot]:
        """Title, days, state."""
        return self._named("title", "day", "words", "state")

    @property
    def fields(self) -> list[Slot]:
        """The fields that the kind declares."""
        return [slot for name, slot in self.slots.items() if name.startswith("f:")]

    @property
    def amounts(self) -> list[Slot]:
        """The first measures, and any that holds a value."""
        return [slot for number, slot in enumerate(self._amounts()) if self._shown(number, slot)]

    @property
    def further(self) -> list[Slot]:
        """The other measures."""
        return [
            slot for number, slot in enumerate(self._amounts()) if not self._shown(number, slot)
        ]

    @property
    def tail(self) -> list[Slot]:
        """What is seldom changed: grain, the body that gave the count, the reason."""
        return self._named("grain", "body", "reason")

    @property
    def faulty(self) -> list[Slot]:
        """All slots with a fault, for the summary above the form."""
        return [slot for slot in self.slots.values() if slot.fault]

    def _named(self, *names: str) -> list[Slot]:
        return [self.slots[name] for name in names if name in self.slots]

    def _amounts(self) -> list[Slot]:
        return [slot for name, slot in self.slots.items() if name.startswith("m:")]

    @staticmethod
    def _shown(number: int, slot: Slot) -> bool:
        return number < _ALWAYS_SHOWN or bool(slot.value or slot.fault)

    def differences(self, newer: RecordView) -> list[tuple[str, str, str]]:
        """(label, as it stands now, as typed here) of each slot that a newer version made differ."""
        now = filled(self.kind, newer).slots
        return [
            (slot.label, now[name].value, slot.value)
            for name, slot in self.slots.items()
            if name in now and name != "reason" and now[name].value != slot.value
        ]

    # Reading -----------------------------------------------------------------------------------

    @property
    def body(self) -> str:
        """The competent body that gave the count."""
        slot = self.slots.get("body")
        return slot.value if slot else ""

    @property
    def reason(self) -> str:
        """Why a record is corrected."""
        slot = self.slots.get("reason")
        return slot.value if slot else ""

    def take(self, data: Mapping[str, str]) -> None:
        """Keep what was typed."""
        for name, slot in self.slots.items():
            slot.value = data.get(name, "").strip()

    def read(self) -> NewRecord | None:
        """The record that was typed; None when a slot has a fault. All faults at once."""
        occurred = self._occurred()
        fields = self._fields()
        quantities = [one for one in self._quantities() if one is not None]
        self._require()
        if self.faulty or occurred is None:
            return None
        return new_record(
            self.kind.id,
            self.slots["title"].value,
            occurred,
            quantities=(*quantities, *self.extra),
            fields=fields,
            grain=self.slots["grain"].value or self.kind.grain,
            state=self.slots["state"].value or "done",
            record_id=UUID(self.record_id),
        )

    def _require(self) -> None:
        for slot in self.slots.values():
            if slot.required and not slot.value and not slot.fault:
                slot.fault = f"“{slot.label}”没有填写。"
            known = {value for value, _ in slot.options}
            if slot.options and slot.value and slot.value not in known:
                slot.fault = f"“{slot.value}”不在可选的范围里，请重新选择。"

    def _occurred(self) -> Occurred | None:
        day, words = self.slots["day"], self.slots["words"]
        if self.original and self._untouched("day", "words"):
            return self.original.occurred  # 三年来 counted from a day that the form does not show
        exact = _iso(day.value)
        if day.value and exact is None:
            day.fault = f"“{day.value}”不是一个日期，请写成 2010-03-05 的样子。"
            return None
        if not words.value:
            if exact is None:
                day.fault = "日期没有填写；不知道确切日期时，请在右边用文字写明。"
                return None
            return Occurred(exact, exact, Precision.DAY, exact.isoformat())
        near = exact or today()
        reading = read_date(words.value, year=near.year, as_of=near)
        if reading is None:
            words.fault = (
                f"“{words.value}”看不出是什么时候，请写成 3月下旬、2010年第一季度、元宵节这样。"
            )
        elif reading.fault:
            words.fault = f"“{words.value}”：{reading.fault}。"
        elif len(reading.occurred) > 1:
            words.fault = f"“{words.value}”是几个日期，请分成几条记录。"
        elif reading.occurred:
            return reading.occurred[0]
        else:
            return Occurred(None, None, Precision.UNKNOWN, words.value)
        return None

    def _fields(self) -> dict[str, str]:
        found = {}
        for declared in self.kind.fields:
            slot = self.slots.get(f"f:{declared.id}")
            if slot is not None and slot.value:
                found[declared.id] = slot.value
                if declared.type == "date" and _iso(slot.value) is None:
                    slot.fault = f"“{slot.value}”不是一个日期。"
        if self.kind.titled_by and self.slots["title"].value:
            found[self.kind.titled_by] = self.slots["title"].value
        return found

    def _quantities(self) -> Iterable[NewQuantity | None]:
        for measure in self.kind.measures:
            slot = self.slots[f"m:{measure.id}"]
            if slot.value:
                yield self._quantity(measure, slot)

    def _quantity(self, measure: Measure, slot: Slot) -> NewQuantity | None:
        kept = self._kept(measure) if self._untouched(slot.name) else None
        if kept is not None:
            return kept
        quantity = read_quantity(slot.value, unit=measure.unit)
        if quantity is None:
            slot.fault = f"“{slot.value}”不是一个数量，请写成 20、200余、近1000 或 97%以上这样。"
            return None
        if quantity.unit != measure.unit:
            slot.fault = f"这里的单位是“{measure.unit}”，写的是“{quantity.unit}”，请核对。"
            return None
        whole = measure.whole and self.slots.get(f"m:{measure.whole}")
        part_of = whole.label if whole and whole.value else None
        return NewQuantity(measure.id, measure.title, quantity, part_of=part_of)

    def _untouched(self, *names: str) -> bool:
        return all(self.slots[name].value == self.typed.get(name, "") for name in names)

    def _kept(self, measure: Measure) -> NewQuantity | None:
        """The amount as it was, with its cell: what was not touched keeps its source."""
        for one in self.original.quantities if self.original else ():
            if one.measure == measure.id:
                return _as_new(one)
        return None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def blank(kind: Kind, record_id: str) -> EntryForm:
    """An empty form of a kind, dated today."""
    slots = [
        Slot("title", _title_of(kind), required=True),
        Slot("day", "日期", "date", value=today().isoformat()),
        Slot("words", "日期不确切时这样写", help="如：3月下旬、2010年第一季度、元宵节、每季度"),
        Slot("state", "状态", "select", "done", _STATES),
        *(_field_slot(one) for one in kind.fields if one.id != kind.titled_by),
        *(Slot(f"m:{one.id}", one.title, unit=one.unit) for one in _wholes_first(kind)),
        Slot("grain", "这条记录是", "select", kind.grain, list(GRAINS.items())),
    ]
    if kind.supplied_by_body:
        words = "这类数字只能由主管部门提供；不写明单位时记为“来源待补”，不进入任何报告。"
        slots.append(Slot("body", "提供数据的单位", help=words))
    return EntryForm(kind, record_id, {slot.name: slot for slot in slots})


def filled(kind: Kind, record: RecordView) -> EntryForm:
    """The form of a record that exists, for correcting it."""
    form = blank(kind, str(record.id))
    form.version = record.version
    form.slots["reason"] = Slot(
        "reason", "更正理由", "area", required=True, help="写明为什么改；原来的内容会保留。"
    )
    values = {
        "title": record.title,
        "day": _exact_day(record.occurred),
        "words": "" if record.occurred.precision is Precision.DAY else record.occurred.words,
        "state": record.state if record.state in dict(_STATES) else "done",
        "grain": record.grain,
        "body": record.source_body,
        **{f"f:{name}": value for name, value in record.fields.items()},
    }
    measures: dict[str, Quantity] = {}
    extra = []
    for one in record.quantities:
        if f"m:{one.measure}" in form.slots and one.measure not in measures:
            measures[one.measure] = one.quantity
        else:  # a second amount of the same measure keeps its place unseen
            extra.append(_as_new(one))
    for name, value in values.items():
        if name in form.slots:
            form.slots[name].value = value
    for name, quantity in measures.items():
        form.slots[f"m:{name}"].value = phrase(quantity)
    form.extra = tuple(extra)
    form.original = record
    form.typed = {name: slot.value for name, slot in form.slots.items()}
    return form


def _as_new(one: QuantityView) -> NewQuantity:
    return NewQuantity(one.measure, one.label, one.quantity, one.cell, one.part_of)


def _wholes_first(kind: Kind) -> list[Measure]:
    """Totals before their parts: 走访户数, then 其中低保户."""
    return sorted(kind.measures, key=lambda one: one.whole is not None)


def _exact_day(occurred: Occurred) -> str:
    exact = occurred.precision is Precision.DAY and occurred.start is not None
    return occurred.start.isoformat() if exact and occurred.start else ""


def _title_of(kind: Kind) -> str:
    named = kind.field(kind.titled_by) if kind.titled_by else None
    return named.title if named else "名称或内容"


def _field_slot(declared: Field) -> Slot:
    options: list[tuple[str, str]] = []
    if declared.options:
        options = [("", "（不填）"), *((one, one) for one in declared.options)]
    control = "select" if options else _CONTROLS.get(declared.type, "text")
    return Slot(
        f"f:{declared.id}", declared.title, control, options=options, required=declared.required
    )
