"""Lines of a rule that no base rule shows: birthdays, and decisions about one subject of many."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from linli.core.obligations.derive import Decisions, Derivation, Line, Place
from linli.core.obligations.happenings import Happening, Happenings
from linli.core.obligations.obligation import mark
from linli.core.obligations.rules import State, Stop
from linli.packs.schema_obligation import ObligationRule

ON = date(2025, 9, 20)
GARDEN = 7


def rule(**more: Any) -> ObligationRule:
    values = {
        "id": "local.due.wish",
        "title": "生日祝寿",
        "domain": "L",
        "kind": "local.wish",
        "owner": "老龄专干",
        **more,
    }
    return ObligationRule.model_validate(values)


def happening(number: int, kind: str, day: date, **fields: str) -> Happening:
    return Happening(
        number, UUID(int=number), kind, "event", "done", day, day, f"{kind}{number}", fields
    )


def lines(one: ObligationRule, happened: list[Happening], **more: Any) -> list[Line]:
    by_kind: dict[str, list[Happening]] = {}
    for event in happened:
        by_kind.setdefault(event.kind, []).append(event)
    asked = Derivation(
        [one],
        date(2025, 1, 1),
        date(2025, 12, 31),
        ON,
        more.get("decisions", Decisions()),
        Happenings({GARDEN: by_kind}),
    )
    return list(asked.lines([Place(GARDEN, (1, GARDEN))]))


BIRTHDAY = rule(
    interval="生日前3天",
    after={"kinds": ["local.elder"], "field": "born", "subject": "code"},
    by={"kinds": ["local.wish"], "subject": "code"},
)


def test_each_elder_has_a_birthday_each_year() -> None:
    found = lines(
        BIRTHDAY,
        [
            happening(1, "local.elder", date(2020, 1, 1), born="1934-03-05", code="甲"),
            happening(2, "local.elder", date(2020, 1, 1), born="1933-12-01", code="乙"),
            happening(3, "local.elder", date(2020, 1, 1), code="丙"),  # no date: no birthday
            happening(4, "local.wish", date(2025, 3, 3), code="甲"),
            happening(5, "local.wish", date(2025, 3, 3), code="丁"),
        ],
    )
    stood = {
        (line.subject, one.due): one.state
        for line in found
        for one in line.standings
        if one.due.year == 2025
    }
    assert stood == {
        ("local.elder1", date(2025, 3, 5)): State.DONE,
        ("local.elder2", date(2025, 12, 1)): State.UPCOMING,
    }


def test_a_wish_of_last_year_is_not_this_years() -> None:
    found = lines(
        BIRTHDAY,
        [
            happening(1, "local.elder", date(2020, 1, 1), born="1934-03-05", code="甲"),
            happening(2, "local.wish", date(2024, 3, 4), code="甲"),
        ],
    )
    stood = {one.due.year: one.state for line in found for one in line.standings}
    assert stood == {2024: State.DONE, 2025: State.MISSED}


EACH = rule(
    interval="每季度",
    each={"kinds": ["local.school"], "field": "name"},
    by={"kinds": ["local.wish"], "subject": "school"},
)


def test_a_decision_may_concern_one_subject_alone() -> None:
    schools = [
        happening(n, "local.school", date(2020, 1, 1), name=name)
        for n, name in enumerate(("一小", "二小"), start=1)
    ]
    name = f"2025-01-01~{mark('一小')}"
    key = (GARDEN, EACH.id)
    decisions = Decisions(
        stops={key: [Stop(date(2025, 7, 1), None, f"2025-07-01~{mark('二小')}")]},
        waived={key: frozenset({name})},
    )
    first, second = lines(EACH, schools, decisions=decisions)
    assert [first.subject, second.subject] == ["一小", "二小"]
    assert [one.state for one in first.standings[:3]] == [State.WAIVED, State.MISSED, State.DUE]
    assert [one.state for one in second.standings[:3]] == [
        State.MISSED, State.MISSED, State.PAUSED,
    ]  # fmt: skip


def test_a_rule_whose_words_name_no_interval_has_no_line() -> None:
    waiting = rule(interval="经常")
    assert lines(waiting, [happening(1, "local.wish", ON)]) == []
