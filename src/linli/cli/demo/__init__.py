"""`linli demo`: an installation with six communities, loaded through the same door as any file, and
a simulated one that has lived until yesterday."""

from __future__ import annotations

import click

from linli.cli.demo.play import play
from linli.cli.frame import emit, home, linli_command


@linli_command(
    "demo", installation=False, help="建立带六个社区演示数据和一个模拟社区的安装（可重复运行）"
)
def demo() -> int:
    """Make the installation, its areas, users and records; say which dates were supplied by hand."""
    played = play(home())
    for one in played.workbooks:
        emit(one.as_json(), one.line())
    for community in played.lived:
        emit(community.as_json(), community.line())
    emit(
        {"home": str(home()), "accounts": [a.as_json() for a in played.accounts]},
        "\n".join(
            [
                f"演示账户（仅供演示，密码也存于 {played.kept}）：",
                *(f"  {a.login}  {a.password}  {a.name}" for a in played.accounts),
                f"演示数据已就绪：{home()}",
            ]
        ),
    )
    return 2 if any(one.done.blocked for one in played.workbooks) else 0


commands: list[click.Command] = [demo]
