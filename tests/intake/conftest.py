"""Workbooks made in the test, previews of them, and an area to import them into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.packs.load import registry
from linli.work.intake.preview import Preview, preview

Rows = Sequence[Sequence[Any]]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook: ``workbook({"走访": [[…], …]}, merges={"走访": ["A1:D1"]})``."""

    def write(
        sheets: dict[str, Rows],
        *,
        merges: dict[str, list[str]] | None = None,
        name: str = "台账.xlsx",
    ) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
            for merged in (merges or {}).get(title, ()):
                sheet.merge_cells(merged)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def look() -> Callable[..., Preview]:
    """Previews a file: ``look(path, year=2010)``."""

    def show(path: Path, **given: Any) -> Preview:
        return preview(path, registry=registry(), **given)

    return show


@pytest.fixture
def operator(db: None) -> Actor:
    from linli.core.access.queries import local_operator

    return local_operator()


@pytest.fixture
def place(operator: Actor, tmp_path: Path, settings: Any) -> AreaView:
    from linli.core.areas.actions import create_area

    settings.LINLI_HOME = tmp_path / "installation"
    return create_area(actor=operator, slug="garden", name="花园社区", level="community")


@pytest.fixture
def bring(operator: Actor, place: AreaView) -> Callable[..., Any]:
    """Imports a file into the area: ``bring(path, year=2010)``."""
    from linli.work.intake.actions import import_workbook

    def run(path: Path, **given: Any) -> Any:
        return import_workbook(actor=operator, area=place, path=path, **given)

    return run


def read_cells(found: Preview) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(sheet, cell) → (value, unit, qualifier, part_of) of everything that would be recorded."""
    return {
        (str(record.sheet), str(one.cell)): (
            one.quantity.value, one.quantity.unit, str(one.quantity.qualifier), one.part_of,
        )
        for record in found.records
        for one in record.quantities
    }  # fmt: skip
