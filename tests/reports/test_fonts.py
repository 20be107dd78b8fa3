"""Fonts of documents: names read from the file, the office's own first, rare characters last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from linli.kernel.errors import Refusal
from linli.reports import fonts
from tests.conftest import Ran


def _shipped() -> Path:
    return next(path for path in sorted(fonts.SHIPPED.glob("NotoSerifSC*.ttf")))


def test_names_come_from_the_name_table() -> None:
    assert "Noto Serif SC" in fonts.families(_shipped())


@pytest.mark.parametrize("content", [b"", b"not a font", b"\0\1\0\0\0\5" + b"\0" * 20])
def test_what_is_no_font_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        fonts.add(path, tmp_path / "own")
    assert refused.value.code == "reports.font.unreadable"
    assert not list((tmp_path / "own").glob("*")) if (tmp_path / "own").exists() else True


def test_an_own_font_is_copied_and_listed(tmp_path: Path) -> None:
    added = fonts.add(_shipped(), tmp_path / "own")
    assert added.path.read_bytes() == _shipped().read_bytes()
    origins = [(font.path.name, font.origin) for font in fonts.listed(tmp_path / "own")]
    assert origins[0] == (_shipped().name, "自备")
    assert ("NotoSansSC_400Regular.ttf", "自带") in origins


def test_the_office_font_leads_and_the_full_one_follows() -> None:
    chains = fonts.chains({"FangSong", "Noto Serif SC", "Noto Sans SC", "SimHei"})
    assert chains["body"] == ["FangSong", "Noto Serif SC", "Noto Sans SC"]
    assert chains["level1"][0] == "SimHei"
    with pytest.raises(Refusal):
        fonts.chains({"DejaVu Sans"})


@pytest.mark.slow
def test_the_command_adds_and_lists(linli: Callable[..., Ran], tmp_path: Path) -> None:
    linli("init")
    (row,) = linli("fonts", "add", _shipped(), "--json").rows
    assert "Noto Serif SC" in row["families"]
    rows = linli("fonts", "list", "--json").rows
    assert rows[0]["origin"] == "自备"
    broken = tmp_path / "x.ttf"
    broken.write_bytes(b"x")
    assert "不是可用的字体" in linli("fonts", "add", broken, code=2).err
