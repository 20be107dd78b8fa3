"""Each package says why it is here, is locked with its hash, and may be used with our licence."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib

import pytest

from tests.house import tree

PYPROJECT = tree.ROOT / "pyproject.toml"
LINE = re.compile(r'^\s+"(?P<need>[^"]+)",(?P<rest>.*)$')
# Licences that allow what Apache-2.0 allows to those who use us as a program.
FREE = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Unlicense|MPL|Zlib|0BSD|"
    r"LGPL.*exceptions|LGPL-3\.0|GNU Lesser|FreeType",
    re.IGNORECASE,
)


def _lines() -> list[tuple[str, str]]:
    """(requirement, what stands behind it) of every dependency, optional ones too."""
    text = PYPROJECT.read_text(encoding="utf-8")
    blocks = re.findall(
        r"^(?:dependencies|postgres|test) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 3
    found = (LINE.match(line) for block in blocks for line in block.splitlines())
    return [(match["need"], match["rest"].strip()) for match in found if match]


def test_every_line_is_read() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"].values()
    assert len(_lines()) == len(project["dependencies"]) + sum(map(len, optional))


def test_every_dependency_has_a_reason() -> None:
    silent = [need for need, rest in _lines() if len(rest.removeprefix("#").split()) < 2]
    assert not silent, f"no reason beside: {silent}"


def _locked(name: str) -> set[str]:
    text = (tree.ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return set(re.findall(r"^(\S+==\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["run", "test", "installer"])
def test_every_locked_package_has_hashes(name: str) -> None:
    lines = (tree.ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines()
    packages = [n for n, line in enumerate(lines) if "==" in line]
    assert packages
    assert not [lines[n] for n in packages if "--hash=sha256:" not in lines[n + 1]]


def test_what_runs_is_also_what_is_tested() -> None:
    run, tested = (
        set(
            re.findall(
                r"^(\S+==\S+)", (tree.ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE
            )
        )
        for name in ("run.lock", "test.lock")
    )
    assert run <= tested


def _licence(name: str) -> str:
    data = importlib.metadata.metadata(name)
    classified = [c for c in data.get_all("Classifier") or [] if c.startswith("License ::")]
    return " ".join(
        [data.get("License-Expression") or "", (data.get("License") or "")[:200], *classified]
    )


def test_every_package_that_runs_is_free_to_use() -> None:
    lock = (tree.ROOT / "requirements" / "run.lock").read_text(encoding="utf-8")
    names = re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)
    installed = {
        d.metadata["Name"].lower().replace("_", "-") for d in importlib.metadata.distributions()
    }
    present = [name for name in names if name in installed]
    assert len(present) > 20
    strange = {name: _licence(name) for name in present if not FREE.search(_licence(name))}
    assert not strange
