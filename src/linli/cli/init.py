"""`linli init`: an empty installation."""

from __future__ import annotations

import click

from linli.cli.frame import actor, check_version, emit, home, linli_command, open_installation


def make_installation() -> None:
    """Lay out the home, make the secret and the keys, make the tables.

    Run again it completes what is missing; what is there stays. Tables of an older version are the
    business of `linli upgrade`, which backs up first: Refusal cli.older.
    """
    import importlib

    # The folders and the secret come first: the settings read them.
    importlib.import_module("linli.config.home").lay_out(home())
    open_installation()
    from django.core.management import call_command

    from linli.core.access.keys import make_keys
    from linli.core.records.actions import sweep_imports
    from linli.life import tables

    # Where nothing was ever done (an init that was killed), there is nothing to back up.
    if tables.exists("audit_chainhead") and tables.heads():
        check_version()
    call_command("migrate", verbosity=0, interactive=False)
    make_keys()
    sweep_imports(actor=actor())


@linli_command(
    "init", installation=False, help="建立一个空的安装（已有的不改动；旧版本的请用 linli upgrade）"
)
def init() -> None:
    """Make an installation."""
    make_installation()
    emit({"home": str(home()), "ready": True}, f"已建好：{home()}")


commands: list[click.Command] = [init]
