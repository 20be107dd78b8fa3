"""What a clone holds: no place of work, no registry, no secret, no third party's file, no stub."""

from __future__ import annotations

import re

import pytest

from tests.house import tree

# Written in pieces, so that this file does not find itself.
PATHS = re.compile(
    r"(^|[^A-Za-z0-9_.~])/(wo" + r"rk|fa" + r"rm|ro" + r"ot|ho" + r"me/[a-z]+|Us" + r"ers)/"
)
HOSTS = re.compile(
    r"pypi\.(org|tuna)|pythonhosted|registry\.npm|npmmirror|registry\.yarnpkg|mirrors\.[a-z]|"
    r"fonts\.goo"
    r"gleapis|cdn\.jsdelivr|unpkg\.com|cdnjs"
)
SECRETS = re.compile(
    r"-----BEGIN (RSA |EC |OPENSSH )?PRIVATE"
    r" KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9]{32,}|xox[bp]-[0-9]"
)
STUBS = re.compile(
    r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|raise NotImpl" + r"emented|pragma: no cov" + r"er"
)
VENDORED = re.compile(
    r"\.min\.(js|css)$|\.(woff2?|ttf|otf|whl|jar|so|dll)$|(^|/)(vendor|third_party)/"
)


def _found(pattern: re.Pattern[str], *, skip: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{tree.place(path)[:-2]}:{number}: {line.strip()[:100]}"
        for path, text in tree.text_files()
        if str(path.relative_to(tree.ROOT)) not in skip
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (PATHS, "see /wo" + "rk/main"),
        (PATHS, "open('/ro" + "ot/.linli')"),
        (HOSTS, "https://py" + "pi.org/simple"),
        (SECRETS, "-----BEGIN PRIVATE" + " KEY-----"),
        (STUBS, "# TO" + "DO later"),
        (VENDORED, "static/htmx.min" + ".js"),
    ],
)
def test_each_pattern_finds_its_fault(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize("line", ["from linli.work import intake", "~/.linli", "src/linli/work/"])
def test_ordinary_paths_are_not_places_of_work(line: str) -> None:
    assert not PATHS.search(line)


def test_no_path_of_somebodys_machine() -> None:
    assert not _found(PATHS)


def test_no_registry_or_foreign_host() -> None:
    assert not _found(HOSTS, skip=("tests/house/test_tracked_files.py",))


def test_no_secret() -> None:
    assert not _found(SECRETS)


def test_no_stub_and_no_promise() -> None:
    assert not _found(STUBS)


def test_nothing_of_a_third_party_is_committed() -> None:
    names = [str(path.relative_to(tree.ROOT)) for path in tree.tracked()]
    assert not [name for name in names if VENDORED.search(name)]


def test_lock_files_name_no_address() -> None:
    locks = [
        path
        for path in tree.tracked()
        if path.suffix == ".lock" or path.name == "package-lock.json"
    ]
    assert len(locks) == 5
    assert not [path for path in locks if "://" in path.read_text(encoding="utf-8")]
