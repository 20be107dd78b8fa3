"""An office that gets a wheel gets everything: packs, pages, fonts, charts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import tree

BUILT = ("web/static/dist", "reports/assets", "reports/fonts")


def _files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def _wanted() -> set[str]:
    ours = {
        p.relative_to(tree.SOURCE).as_posix() for p in tree.tracked() if tree.SOURCE in p.parents
    }
    ours = {name for name in ours if not name.startswith("web/frontend/")}
    built = {f"{folder}/{name}" for folder in BUILT for name in _files(tree.SOURCE / folder)}
    return ours | built


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout and unpacked."""
    copy = tmp_path_factory.mktemp("checkout")
    for path in tree.tracked():
        target = copy / path.relative_to(tree.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    for folder in BUILT:
        shutil.copytree(tree.SOURCE / folder, copy / "src/linli" / folder, dirs_exist_ok=True)
    out = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index"]
    subprocess.run([*words, "--no-build-isolation", "-w", out, copy], check=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "unpacked")
    return out / "unpacked"


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_product(unpacked: Path) -> None:
    missing = _wanted() - _files(unpacked / "linli")
    assert not missing


@pytest.mark.slow
def test_the_wheel_holds_fonts_and_pages(unpacked: Path) -> None:
    files = _files(unpacked / "linli")
    assert {"reports/fonts/NotoSerifSC_400Regular.ttf", "reports/assets/echarts.js"} <= files
    assert {"web/static/dist/app.js", "web/static/dist/app.css"} <= files


@pytest.mark.slow
def test_the_unpacked_wheel_runs(unpacked: Path, tmp_path: Path) -> None:
    program = "import sys, linli.cli.main as m; print(m.__file__); sys.exit(m.main(['init']))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(unpacked), "LINLI_HOME": str(tmp_path / "home")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked)), "the checkout ran in place of the wheel"
    assert (tmp_path / "home" / "linli.sqlite3").exists()
