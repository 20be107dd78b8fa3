"""The docs say what the program does: a page written from it, and pages that name every command."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest

from linli.cli.main import discover, linli
from linli.core.audit.rules import Permission
from linli.kernel.errors import catalogue
from tests.house import tree

DOCS = tree.ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def _commands(group: click.Group, before: str = "") -> list[str]:
    names: list[str] = []
    for label, command in group.commands.items():
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            names += _commands(command, f"{before}{label} ")
        else:
            names.append(f"{before}{label}")
    return names


def test_the_reference_is_what_the_program_says() -> None:
    done = subprocess.run(
        [sys.executable, tree.ROOT / "scripts" / "docs", "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ["docs/reference.md", "README.md", "README.zh.md"])
def test_every_command_is_named(page: str) -> None:
    text = (tree.ROOT / page).read_text(encoding="utf-8")
    discover()
    names = _commands(linli)
    assert {"import", "figures", "report", "verify"} <= set(names)
    assert not [name for name in names if f"linli {name}" not in text]


def test_every_permission_and_refusal_is_named() -> None:
    text = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert catalogue()
    assert not [code for code in (*catalogue(), *Permission) if f"`{code}`" not in text]


def test_both_readmes_show_the_two_commands() -> None:
    for name in ("README.md", "README.zh.md"):
        text = (tree.ROOT / name).read_text(encoding="utf-8")
        assert "make run" in text
        assert "make test" in text


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(tree.ROOT)}: {target}"
        for page in tree.tracked()
        if page.suffix == ".md"
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_each_decision_has_its_three_parts() -> None:
    pages = sorted((DOCS / "adr").glob("*.md"))
    assert len(pages) >= 7
    parts = ("**Context.**", "**Decision.**", "**Consequences.**")
    assert not [p.name for p in pages for part in parts if part not in p.read_text("utf-8")]
    assert [p.name[:4] for p in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
