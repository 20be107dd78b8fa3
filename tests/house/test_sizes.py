"""Size budget: the tail is what separates a tidy tree from an untidy one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house import tree

FILE, FUNCTION, CLASS, TEMPLATE, TEST = 400, 60, 200, 150, 50
SHAPELESS = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _length(node: Function | ast.ClassDef) -> int:
    """Lines of a definition; its docstring and its tables of cases are worth their room."""
    first = node.lineno
    body = node.body[0]
    documented = ast.get_docstring(node) is not None
    spent = (body.end_lineno or body.lineno) - body.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - first + 1 - spent


def _too_long(paths: list[Path], kind: type | tuple[type, ...], limit: int) -> list[str]:
    return [
        f"{tree.place(path, node)} {node.name}: {_length(node)} lines, {limit} are allowed"
        for path in paths
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, kind) and _length(node) > limit
    ]


def _tests() -> list[Path]:
    folder = tree.ROOT / "tests"
    return [p for p in tree.tracked() if p.is_relative_to(folder) and p.suffix == ".py"]


def test_length_counts_neither_decorators_nor_the_docstring() -> None:
    function = ast.parse('@a\n@b\ndef f():\n    """One.\n\n    Two."""\n    return 1\n').body[0]
    assert isinstance(function, ast.FunctionDef)
    assert _length(function) == 2


def test_a_long_function_is_seen(tmp_path: Path) -> None:
    path = tree.ROOT / "tests" / "house" / "tree.py"
    assert _too_long([path], ast.FunctionDef, 3)


def test_files_are_short() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in [*tree.modules(), *_tests()]
    }
    long = [f"{tree.place(path)} has {n} lines" for path, n in lengths.items() if n > FILE]
    assert not long, f"{FILE} lines are allowed:\n" + "\n".join(long)


def test_functions_are_short() -> None:
    long = _too_long(tree.modules(), Function.__args__, FUNCTION)
    assert not long, "\n".join(long)


def test_classes_are_short() -> None:
    long = _too_long(tree.modules(), ast.ClassDef, CLASS)
    assert not long, "\n".join(long)


def test_test_functions_are_short() -> None:
    long = _too_long(_tests(), Function.__args__, TEST)
    assert not long, "\n".join(long)


def test_templates_are_short() -> None:
    long = [
        f"{tree.place(path)} has {n} lines"
        for path in tree.tracked()
        if path.suffix == ".html"
        and (n := len(path.read_text(encoding="utf-8").splitlines())) > TEMPLATE
    ]
    assert not long, f"{TEMPLATE} lines are allowed:\n" + "\n".join(long)


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = [
        tree.place(path) for path in tree.modules() if {path.stem, path.parent.name} & SHAPELESS
    ]
    assert not drawers, "a module is named by its noun:\n" + "\n".join(drawers)


@pytest.mark.parametrize("which", ["src", "tests"])
def test_each_module_says_what_it_is_for(which: str) -> None:
    paths = tree.modules() if which == "src" else _tests()
    silent = [
        tree.place(path)
        for path in paths
        if tree.parsed(path).body and not ast.get_docstring(tree.parsed(path))
    ]
    assert not silent, "no module docstring:\n" + "\n".join(silent)
