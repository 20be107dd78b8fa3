"""Tables are written in actions only: each write has an actor, a permission and an entry."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house import tree, writes


@pytest.mark.parametrize("line", writes.GOOD)
def test_reading_is_not_taken_for_a_write(line: str) -> None:
    assert not writes.writes(ast.parse(line))


@pytest.mark.parametrize("line", writes.BAD)
def test_each_sort_of_write_is_seen(line: str) -> None:
    assert writes.writes(ast.parse(line))


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("core/records/actions.py", True),
        ("core/records/actions/stage.py", True),
        ("core/audit/trail.py", True),
        ("core/records/migrations/0001_initial.py", True),
        ("core/records/queries.py", False),
        ("insight/trail.py", False),
        ("web/views.py", False),
        ("cli/demo/play.py", False),
    ],
)
def test_places_that_may_write(name: str, may: bool) -> None:
    assert writes.may_write(Path(name)) is may


# DuckDB's memory, gone with the cursor: no table of ours.
MEMORY = "cursor.execute('INSERT INTO asked SELECT unnest($keys)'"


def test_only_actions_write() -> None:
    strays = [
        f"{tree.place(path, call)}: {ast.unparse(call)[:90]}"
        for path in tree.modules()
        if not writes.may_write(path.relative_to(tree.SOURCE))
        for call in writes.writes(tree.parsed(path))
        if not ast.unparse(call).startswith(("super().", MEMORY))
    ]
    assert not strays, "a write outside actions:\n" + "\n".join(strays)


SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|COPY|CREATE|ALTER|DROP)\s", re.IGNORECASE)


def _pasted(node: ast.AST) -> bool:
    """An f-string that is SQL and takes in anything but a constant's name."""
    if not isinstance(node, ast.JoinedStr) or not node.values:
        return False
    first = node.values[0]
    if not (isinstance(first, ast.Constant) and SQL.match(str(first.value))):
        return False
    taken = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    return any(not (isinstance(one, ast.Name) and one.id.isupper()) for one in taken)


@pytest.mark.parametrize(
    ("line", "pasted"),
    [
        ("f'SELECT * FROM {table}'", True),
        ("f'SELECT * FROM {self.table}'", True),
        ("f'SELECT {COLUMNS} FROM records'", False),
        ("f'select a row from {table}'", True),
        ("f'{name}: selected'", False),
        ("'SELECT 1'", False),
    ],
)
def test_pasted_sql_is_seen(line: str, pasted: bool) -> None:
    assert any(_pasted(node) for node in ast.walk(ast.parse(line))) is pasted


FRAMES = {
    "insight/engine.py",  # names of views and paths of our own Parquet parts
    "insight/compile/program.py",  # column lists around SQLGlot trees
}


def test_no_value_is_pasted_into_sql() -> None:
    found = [
        f"{tree.place(path, node)}: {ast.unparse(node)[:90]}"
        for path in tree.modules()
        if path.relative_to(tree.SOURCE).as_posix() not in FRAMES
        for node in ast.walk(tree.parsed(path))
        if _pasted(node)
    ]
    assert not found, "SQL is a SQLGlot tree or a constant:\n" + "\n".join(found)
