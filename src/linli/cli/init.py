"""`linli init`: an empty installation."""

from __future__ import annotations

import click

from linli.cli.frame import actor, emit, home, linli_command, open_installation


def make_installation() -> None:
    """Lay out the home, make the secret and the keys, bring the database up to date.

    Run again it only brings up to date; what is there stays.
    """
    import importlib

    # The folders and the secret come first: the settings read them.
    importlib.import_module("linli.config.home").lay_out(home())
    open_installation()
    from django.core.management import call_command

    from linli.core.access.keys import make_keys
    from linli.core.records.actions import sweep_imports

    call_command("migrate", verbosity=0, interactive=False)
    make_keys()
    sweep_imports(actor=actor())


@linli_command("init", installation=False, help="建立一个空的安装（已有的只升级，不改动数据）")
def init() -> None:
    """Make an installation."""
    make_installation()
    emit({"home": str(home()), "ready": True}, f"已建好：{home()}")


commands: list[click.Command] = [init]
