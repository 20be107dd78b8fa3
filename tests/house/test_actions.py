"""Each action is keyword-only, names its actor, and cannot succeed without an audit entry."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from types import FunctionType

import pytest
from tests.house import tree

from linli.core.audit.action import ACTIONS, Registered


def _modules() -> list[str]:
    names = []
    for path in tree.modules():
        relative = path.relative_to(tree.SOURCE.parent).with_suffix("")
        if relative.name == "actions" or "actions" in relative.parts[:-1]:
            names.append(".".join(p for p in relative.parts if p != "__init__"))
    return names


def _functions(name: str) -> Iterator[FunctionType]:
    """Public functions that a module of actions defines itself."""
    module = importlib.import_module(name)
    for label, value in vars(module).items():
        if label.startswith("_") or not inspect.isfunction(value):
            continue
        if inspect.unwrap(value).__module__ == name:
            yield value


@pytest.fixture(scope="module")
def registered() -> dict[str, Registered]:
    for name in _modules():
        importlib.import_module(name)
    assert len(ACTIONS) > 5
    return ACTIONS


def test_every_public_function_of_actions_is_an_action(registered: dict[str, Registered]) -> None:
    known = {inspect.unwrap(one.function) for one in registered.values()}
    strays = [
        f"{name}.{function.__name__}"
        for name in _modules()
        for function in _functions(name)
        if inspect.unwrap(function) not in known
    ]
    assert not strays, "public, but neither @action nor _private:\n" + "\n".join(strays)


def test_every_action_takes_keywords_only_and_an_actor(registered: dict[str, Registered]) -> None:
    problems = []
    for name, one in registered.items():
        parameters = inspect.signature(inspect.unwrap(one.function)).parameters
        if "actor" not in parameters:
            problems.append(f"{name} has no actor")
        problems += [
            f"{name}: {label} is not keyword-only"
            for label, parameter in parameters.items()
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        ]
    assert not problems, "\n".join(problems)


def test_every_action_has_a_permission_or_is_named_here(registered: dict[str, Registered]) -> None:
    without = {name for name, one in registered.items() if one.permission is None}
    assert without <= WITHOUT_PERMISSION, without - WITHOUT_PERMISSION


def test_a_step_of_an_action_names_a_real_one(registered: dict[str, Registered]) -> None:
    wrong = [n for n, one in registered.items() if one.part_of and one.part_of not in registered]
    assert not wrong


WITHOUT_PERMISSION: set[str] = set()
"""Actions that come before all permissions, with the reason."""
