"""A bound draft made by hand with its files, and an installation with one small community."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.reports.draft import Draft
from linli.reports.render import render
from linli.reports.seal import payload, seal
from tests.reports import drafts

WRITTEN = datetime(2010, 4, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def bound() -> Draft:
    """The draft made by hand."""
    return drafts.draft()


@pytest.fixture(scope="session")
def write_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Draft], Path]:
    """Writes a draft in a format and answers the file."""
    key = Ed25519PrivateKey.generate()
    folder = tmp_path_factory.mktemp("reports")

    def write(name: str, draft: Draft) -> Path:
        made = seal(key, str(drafts.REPORT), payload(draft, {"id": str(drafts.REPORT)}))
        path = folder / f"{abs(hash(draft.title_text)) % 10**8}.{name}"
        path.write_bytes(render(name, draft, made, WRITTEN))
        return path

    return write


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Saves a file again with LibreOffice; skips where it is not installed, fails there under CI."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed: nothing can be saved again with it")
    home = tmp_path_factory.mktemp("office")

    def convert(path: Path, suffix: str) -> Path:
        out = tmp_path_factory.mktemp("saved")
        subprocess.run(
            [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", suffix,
             "--outdir", str(out), str(path)],
            check=True, capture_output=True, timeout=90,
        )  # fmt: skip
        return next(out.iterdir())

    return convert
