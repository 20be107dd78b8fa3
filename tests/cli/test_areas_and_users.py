"""Areas and users from the command line, in a real process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Linli = Callable[..., Any]


def _rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_areas_grow_from_the_root_and_are_listed(linli: Linli) -> None:
    linli("init")
    assert "linli area add" in linli("area", "list").err
    linli("area", "add", "shi", "--name", "某某市", "--level", "city")
    linli("area", "add", "minzhu", "--name", "民主社区", "--parent", "shi", "--since", "2001-05-01")
    rows = _rows(linli("area", "list", "--json").out)
    assert [row["slug"] for row in rows] == ["shi", "minzhu"]
    assert rows[1]["path"] == ["某某市", "民主社区"]


def test_a_second_area_of_that_code_is_refused(linli: Linli) -> None:
    linli("init")
    linli("area", "add", "minzhu", "--name", "民主社区")
    told = linli("area", "add", "minzhu", "--name", "另一社区", code=2).err
    assert "minzhu" in told
    assert "请换一个代号" in told


def test_a_user_acts_where_the_role_was_given(linli: Linli) -> None:
    linli("init")
    linli("area", "add", "minzhu", "--name", "民主社区")
    linli("area", "add", "minquan", "--name", "民权社区")
    made = _rows(
        linli(
            "user",
            "add",
            "jia",
            "--name",
            "经办人甲",
            "--role",
            "worker",
            "--area",
            "minzhu",
            "--json",
        ).out
    )[0]
    assert len(made["password"]) >= 12
    assert [row["slug"] for row in _rows(linli("--as", "jia", "area", "list", "--json").out)] == [
        "minzhu"
    ]
    linli("--as", "jia", "records", "--area", "minquan", code=2)


def test_a_wrong_role_or_area_leaves_no_user_behind(linli: Linli) -> None:
    linli("init")
    assert "worker" in linli("user", "add", "jia", "--name", "甲", "--role", "boss", code=2).err
    linli("user", "add", "jia", "--name", "甲", "--role", "worker", "--area", "nowhere", code=2)
    linli("--as", "jia", "area", "list", code=2)
