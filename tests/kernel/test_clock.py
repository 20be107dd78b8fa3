"""The clock: UTC inside, days in Beijing, stopped by one variable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.kernel import clock
from linli.kernel.errors import Refusal


def test_now_is_aware_and_moves() -> None:
    first = clock.now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= clock.now() - first < timedelta(minutes=1)
    assert abs(clock.today() - first.date()) <= timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2010-05-12T09:30:00+08:00", datetime(2010, 5, 12, 1, 30, tzinfo=UTC)),
        ("2010-05-12T09:30:00", datetime(2010, 5, 12, 1, 30, tzinfo=UTC)),
        ("2010-05-12", datetime(2010, 5, 11, 16, tzinfo=UTC)),
        ("2010-05-12T01:30:00Z", datetime(2010, 5, 12, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_stopped_clock(monkeypatch: pytest.MonkeyPatch, text: str, instant: datetime) -> None:
    monkeypatch.setenv(clock.FIXED, text)
    assert clock.now() == instant
    assert clock.today() == date(2010, 5, 12)


def test_the_day_turns_at_midnight_in_beijing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.FIXED, "2010-12-31T15:59:59Z")
    assert clock.today() == date(2010, 12, 31)
    monkeypatch.setenv(clock.FIXED, "2010-12-31T16:00:00Z")
    assert clock.today() == date(2011, 1, 1)


def test_an_unreadable_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.FIXED, "明天")
    with pytest.raises(Refusal) as refusal:
        clock.now()
    assert refusal.value.code == "clock.unreadable"
    assert "明天" in refusal.value.sentence


def test_beijing_takes_no_time_without_a_zone() -> None:
    with pytest.raises(Refusal) as refusal:
        clock.beijing(datetime(2010, 5, 12, 9, 30))  # noqa: DTZ001
    assert refusal.value.code == "clock.naive"
    assert clock.beijing(datetime(2010, 5, 12, 1, 30, tzinfo=UTC)).hour == 9
