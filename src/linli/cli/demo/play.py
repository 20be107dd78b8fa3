"""The demo played out: areas and users made where they are missing, workbooks imported,
a community simulated.

Everything goes through the actions that people use. A second run finds all in place.
"""

from __future__ import annotations

import secrets
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linli.cli.frame import actor
from linli.cli.init import make_installation
from linli.kernel.clock import today
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period

if TYPE_CHECKING:
    from linli.work.intake.actions import Imported

ACCOUNTS = "demo-accounts"


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account with its password, made at random for this installation."""

    login: str
    password: str
    name: str

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        return {"login": self.login, "password": self.password, "name": self.name, "demo": True}


@dataclass(frozen=True, slots=True)
class Loaded:
    """One workbook and what was supplied for it by hand."""

    area: str
    file: str
    supplied: dict[str, str]
    why: str
    done: Imported

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        shown = {"area": self.area, "file": self.file, "supplied_by_hand": self.supplied}
        return shown | self.done.as_json()

    def line(self) -> str:
        """One line for people."""
        words = (
            f"{self.area}：{self.file}：新增 {self.done.created} 条，未变 {self.done.unchanged} 条"
        )
        words += f"，提醒 {len(self.done.problems)} 处" if self.done.problems else ""
        return words + (f"。人工补充：{self.why}" if self.why else "。表里写明了日期，没有人工补充")


@dataclass(frozen=True, slots=True)
class Lived:
    """The simulated community of the current year: what was written now, what of all that was
    written has been withdrawn (an entry made twice, say), and what it holds."""

    area: str
    created: int
    withdrawn: int
    held: int

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows; no ``area`` on top, for it is none of the six."""
        held = {"withdrawn": self.withdrawn, "records": self.held}
        return {"simulated": {"area": self.area, "created": self.created, **held}}

    def line(self) -> str:
        """One line for people."""
        written = f"写入 {self.created} 条" if self.created else "早已写入"
        gone = f"，其中撤销 {self.withdrawn} 条" if self.withdrawn else ""
        return f"{self.area}：模拟数据（不是任何人的工作）：{written}{gone}，现有 {self.held} 条"


@dataclass(frozen=True, slots=True)
class Played:
    """What the demo holds now."""

    workbooks: list[Loaded]
    lived: list[Lived]
    accounts: list[Account]
    kept: Path


def play(home: Path) -> Played:
    """Make or complete the demo in the home."""
    make_installation()
    told = tomllib.loads(files(__package__).joinpath("demo.toml").read_text("utf-8"))
    for area in told["areas"]:
        _area(area)
    accounts = _users(home, told["users"])
    workbooks = [_workbook(one) for one in told["workbooks"]]
    lived = [_simulated(one) for one in told["simulated"]]
    return Played(workbooks, lived, accounts, home / ACCOUNTS)


def _area(area: dict[str, Any]) -> None:
    from linli.core.areas.actions import create_area
    from linli.core.areas.queries import area as look_up

    try:
        look_up(actor(), area["slug"])
    except Refusal as missing:
        if missing.code != "areas.unknown":
            raise
        create_area(actor=actor(), **area)


def accounts(home: Path) -> list[Account]:
    """The demo accounts of an installation; empty if it is none of the demo."""
    try:
        lines = (home / ACCOUNTS).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Account(*line.split("\t", 2)) for line in lines if line.count("\t") == 2]


def _users(home: Path, users: list[dict[str, Any]]) -> list[Account]:
    from linli.core.access.actions import create_user, grant

    known = {account.login: account for account in accounts(home)}
    for user in users:
        if user["login"] in known:
            continue
        account = Account(user["login"], secrets.token_urlsafe(9), user["name"])
        try:
            create_user(
                actor=actor(), login=account.login, name=account.name, password=account.password
            )
        except Refusal as taken:
            if taken.code != "access.taken":
                raise
            continue
        for area in user["areas"] or [None]:
            grant(actor=actor(), user=account.login, role=user["role"], area=area)
        known[account.login] = account
        _keep(home, list(known.values()))
    return list(known.values())


def _keep(home: Path, found: list[Account]) -> None:
    path = home / ACCOUNTS
    path.touch(mode=0o600)
    path.write_text("".join(f"{a.login}\t{a.password}\t{a.name}\n" for a in found), "utf-8")


def _workbook(one: dict[str, Any]) -> Loaded:
    from linli.work.intake.actions import import_workbook

    period = Period.parse(one["period"]) if "period" in one else None
    with as_file(files(__package__).joinpath("workbooks", one["file"])) as path:
        done = import_workbook(
            actor=actor(),
            area=one["area"],
            path=path,
            year=one.get("year"),
            as_of=one.get("as_of"),
            period=period,
            name=one["file"],
        )
    hands: tuple[str, ...] = ("year", "as_of", "period")
    supplied = {key: str(one[key]) for key in hands if key in one}
    return Loaded(one["area"], one["file"], supplied, one.get("why", ""), done)


def _simulated(one: dict[str, Any]) -> Lived:
    """A community that lived from January of this year to yesterday, unless it has lived already."""
    from linli.core.records.queries import count
    from linli.work.simulation.actions import simulate

    created = 0
    if not count(actor(), one["area"]):
        yesterday = today() - timedelta(days=1)
        created = simulate(actor=actor(), year=yesterday.year, **one).written
    withdrawn = count(actor(), one["area"], state="withdrawn")
    return Lived(one["area"], created, withdrawn, count(actor(), one["area"]))
