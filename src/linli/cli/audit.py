"""`linli audit verify`: the chain, and the rows it speaks of."""

from __future__ import annotations

import click

from linli.cli.frame import actor, emit, linli_command, linli_group


@linli_command("verify", help="核对审计链，以及链上每一项所指的数据")
@click.option("--chain-only", is_flag=True, help="只核对链本身，不逐行核对数据")
def verify(chain_only: bool) -> int:
    """Exit 0 when the chain is whole, 1 when it is broken."""
    from linli.core.access.queries import permit
    from linli.core.access.rules import Permission
    from linli.core.audit import trail

    permit(actor(), Permission.AUDIT, None)
    report = trail.verify(tables=not chain_only)
    row = {"ok": report.ok, "entries": report.entries, "broken_at": report.broken_at}
    if report.ok:
        text = f"审计链完整，共 {report.entries} 条。"
    else:
        row["problem"] = report.problem
        text = f"审计链在 {report.broken_at} 处断开：{report.problem}（此前 {report.entries} 条完好）。"
    emit(row, text)
    return 0 if report.ok else 1


audit = linli_group("audit", help="审计")
audit.add_command(verify)
commands: list[click.Command] = [audit]
