"""The contracts name every app, and each of them catches the fault it is there for."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house import tree

SETTINGS = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = {one["name"]: one for one in SETTINGS["importlinter"]["contracts"]}


def test_every_app_is_in_the_contract_of_its_inside() -> None:
    apps = {
        ".".join(("linli", *path.parent.relative_to(tree.SOURCE).parts))
        for path in tree.SOURCE.rglob("apps.py")
    }
    named = {m for name, one in CONTRACTS.items() if "inside" in name for m in one["containers"]}
    assert apps - {"linli.web"} == named


def test_every_app_of_the_core_has_its_place() -> None:
    (core,) = [one for name, one in CONTRACTS.items() if name.startswith("core")]
    placed = {name.strip() for layer in core["layers"] for name in layer.split("|")}
    folders = {p.name for p in (tree.SOURCE / "core").iterdir() if (p / "__init__.py").exists()}
    assert placed == folders


def test_every_refusal_to_check_has_a_reason() -> None:
    ignored = [one for one in CONTRACTS.values() if one.get("ignore_imports")]
    assert not ignored, "an ignored import hides a wrong floor"


FAULTS = [
    ("kernel/clock.py", "import linli.core.audit.rules", "floors"),
    ("core/areas/queries.py", "from linli.core.records import rules", "core"),
    ("web/stray.py", "from linli.core.records import models", "doors never touch tables"),
    ("core/records/rules.py", "import django.db", "plain Python"),
    ("core/records/queries.py", "from linli.core.records import actions", "inside an app"),
    ("insight/stray.py", "from linli.core.records import actions", "analytics only read"),
    ("utils/__init__.py", "", "floors"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source and its settings, to be spoilt."""
    folder = tmp_path_factory.mktemp("contracts")
    skip = shutil.ignore_patterns("static", "fonts", "assets", "__pycache__", "frontend")
    shutil.copytree(tree.SOURCE, folder / "src" / "linli", ignore=skip)
    shutil.copy2(tree.ROOT / "pyproject.toml", folder)
    return folder


def _lint(folder: Path) -> tuple[int, str]:
    program = (
        "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports;"
        "sys.exit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_tree_keeps_its_contracts(copy: Path) -> None:
    code, said = _lint(copy)
    assert code == 0, said


@pytest.mark.slow
@pytest.mark.parametrize(("name", "line", "contract"), FAULTS)
def test_each_contract_catches_its_fault(copy: Path, name: str, line: str, contract: str) -> None:
    path = copy / "src" / "linli" / name
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        code, said = _lint(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
        if path.parent.name == "utils":
            path.parent.rmdir()
    assert code != 0
    broken = [row for row in said.splitlines() if row.endswith("BROKEN")]
    assert any(contract in row for row in broken), said
