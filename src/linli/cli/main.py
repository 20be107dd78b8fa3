"""The `linli` command: finds the commands of all doors and runs one."""

from __future__ import annotations

import importlib
import sys

import click

from linli.cli.chinese import Group
from linli.cli.frame import Frame, global_options, run

MODULES = (
    "init",
    "demo",
    "serve",
    "jobs",
    "life",
    "areas",
    "users",
    "intake",
    "register",
    "records",
    "simulate",
    "obligations",
    "flows",
    "insight",
    "reports",
    "packs",
    "audit",
)


@click.group(
    cls=Group,
    help="邻里：一次登记，台账、数据和总结随之而成。",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@global_options
@click.version_option(package_name="linli", message="%(version)s", help="显示版本")
@click.pass_context
def linli(context: click.Context, home: str | None, as_json: bool, as_user: str | None) -> None:
    """Take the global options that stand before the subcommand."""
    context.obj = Frame()
    context.obj.take(home, as_json, as_user)


def discover() -> None:
    """Add the commands of every module; a second call adds the same ones."""
    for name in MODULES:
        try:
            module = importlib.import_module(f"linli.cli.{name}")
        except ModuleNotFoundError as missing:
            if missing.name != f"linli.cli.{name}":
                raise
            continue
        for command in module.commands:
            linli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the console script. Leaves by SystemExit."""
    sys.exit(run(linli, arguments, discover))


if __name__ == "__main__":
    main()
