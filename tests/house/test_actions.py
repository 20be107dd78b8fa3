"""Each action is keyword-only, names its actor, and cannot succeed without an audit entry."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from linli.config.home import lay_out
from linli.core.access.keys import make_keys
from linli.core.access.rules import Actor
from linli.core.audit import trail
from linli.core.audit.action import ACTIONS, Registered
from linli.core.audit.models import Entry
from linli.kernel.errors import Refusal
from tests.house import tree, world


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


WITHOUT_PERMISSION = {
    "access.fail_sign_in",  # who types a wrong password has no permissions yet
}
"""Actions that come before all permissions, with the reason."""


@pytest.fixture
def small(db: None, tmp_path: Path, settings: Any) -> world.World:
    settings.LINLI_HOME = tmp_path / "home"
    lay_out(settings.LINLI_HOME)
    make_keys()
    return world.make(tmp_path)


def test_every_action_is_called_here(registered: dict[str, Registered]) -> None:
    assert set(world.CALLS) | set(world.QUIET) == set(registered)
    assert not set(world.CALLS) & set(world.QUIET)
    steps = {name for name, one in registered.items() if one.part_of}
    assert set(world.QUIET) - steps <= {"records.sweep_imports"}


@pytest.mark.database
@pytest.mark.parametrize("name", world.CALLS)
def test_every_action_leaves_an_entry(name: str, small: world.World) -> None:
    words = world.CALLS[name](small)
    before = Entry.objects.count()
    ACTIONS[name].function(actor=small.operator, **words)
    left = list(Entry.objects.order_by("id")[before:])
    assert left
    assert {entry.actor for entry in left} == {small.operator.id}
    assert any(entry.action.split(".")[0] == name.split(".", maxsplit=1)[0] for entry in left) or (
        name == "intake.import" and any(entry.action == "records.commit_import" for entry in left)
    )
    assert trail.verify().ok


@pytest.mark.parametrize("name", [n for n in world.CALLS if ACTIONS[n].permission])
def test_every_action_refuses_who_may_not(name: str, small: world.World) -> None:
    words = world.CALLS[name](small)
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        ACTIONS[name].function(actor=Actor("stranger", "路人", ()), **words)
    assert refused.value.code == "access.denied"
    assert Entry.objects.count() == before
