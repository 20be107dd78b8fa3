"""The one clock of Linli. Instants are aware UTC; days are days in Beijing."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from linli.kernel.errors import Refusal, sentences

BEIJING = ZoneInfo("Asia/Shanghai")

FIXED = "LINLI_NOW"
"""Environment variable that stops the clock at an ISO instant (demonstrations and tests)."""

sentences(
    {
        "clock.unreadable": (
            "环境变量 LINLI_NOW 的值“{text}”不是时间。",
            "请写成 2010-05-12T09:30:00+08:00 这样的形式，或者取消这个变量。",
        ),
        "clock.naive": (
            "时间 {text} 没有说明时区。",
            "请在时间后面写明时区，例如 +08:00。",
        ),
    }
)


def now() -> datetime:
    """The present instant, aware, in UTC. A time without a zone in LINLI_NOW is Beijing time."""
    fixed = os.environ.get(FIXED)
    if not fixed:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as fault:
        raise Refusal("clock.unreadable", text=fixed) from fault
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BEIJING)
    return moment.astimezone(UTC)


def today() -> date:
    """The present day in Beijing."""
    return beijing(now()).date()


def beijing(moment: datetime) -> datetime:
    """The same instant on the clocks of Beijing. Refuses a time without a zone."""
    if moment.tzinfo is None:
        raise Refusal("clock.naive", text=moment.isoformat())
    return moment.astimezone(BEIJING)
