"""`linli simulate`: a community-year that nobody lived, with its own totals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from linli.cli.frame import actor, emit, linli_command, progress, wants_json

if TYPE_CHECKING:
    from linli.work.simulation.rules import Simulated

_DAY = click.DateTime(["%Y-%m-%d"])


@linli_command("simulate", help="模拟一个社区的一年，用到业务包的每一种事项，并给出自己的合计")
@click.option("--area", required=True, help="辖区代号")
@click.option("--households", type=int, required=True, help="户数")
@click.option("--year", type=int, required=True, help="年份")
@click.option("--seed", type=int, default=1, show_default=True, help="种子：同一种子得到同样的记录")
@click.option("--until", type=_DAY, help="到哪一天为止（缺省为年末；今年为昨天）")
@click.option("--into", is_flag=True, help="辖区里已有记录也加进去")
def simulate(
    area: str, households: int, year: int, seed: int, until: datetime | None, into: bool
) -> None:
    """Write the year, then print what was written and what the simulation itself counted."""
    from linli.work.simulation.actions import simulate as run

    done = run(
        actor=actor(),
        area=area,
        households=households,
        year=year,
        seed=seed,
        until=until.date() if until else None,
        into=into,
        progress=progress("已写"),
    )
    emit(done.as_json(), _words(done))
    for row in _rows(done):
        emit(row, f"  {row['title']}：{row['value']}{row['unit']}")


def _words(done: Simulated) -> str:
    """What was written, for people."""
    fates, states = done.fates, done.states
    return (
        f"{done.area}：已写入 {done.asked.year} 年的模拟数据 {done.written} 条，{done.kinds} 种事项"
        f"（截至 {done.asked.until}，{done.asked.households} 户，种子 {done.asked.seed}）。\n"
        f"更正 {fates['corrected']} 条，撤销 {fates['withdrawn']} 条，关账后补记 {fates['late']} 条，"
        f"计划 {states['planned']} 条，进行中 {states['ongoing']} 条，"
        f"来源待补 {fates['wanted']} 条，后来补明 {fates['named']} 条。\n"
        "户数、人口等以状况记录模拟，没有登记居民和住户。模拟时数得的全年合计："
    )


def _rows(done: Simulated) -> Iterator[dict[str, Any]]:
    """The totals, a line each: of all periods with --json, else of the year."""
    from linli.packs.load import registry

    for name, periods in done.totals.items():
        declared = registry().indicator(name)
        for period, total in periods.items():
            if wants_json() or period == str(done.asked.year):
                yield {
                    "indicator": name,
                    "title": declared.title,
                    "period": period,
                    "value": total.value,
                    "lo": total.lo if total.lo.is_finite() else None,
                    "hi": total.hi if total.hi.is_finite() else None,
                    "truth": total.truth,
                    "unit": declared.unit,
                }


commands: list[click.Command] = [simulate]
