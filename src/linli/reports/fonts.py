"""Fonts of documents: those that set-up brought, those the office added, those of the machine.

In a chain, the office's own 仿宋 or 小标宋 come first; Noto Serif SC and Noto Sans SC follow and hold
the rare characters of names that old fonts lack.
"""

from __future__ import annotations

import os
import shutil
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from linli.kernel.errors import Refusal
from linli.reports import layout

SHIPPED = Path(__file__).parent / "fonts"
_SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})
_SYSTEM = (Path("/usr/share/fonts"), Path("C:/Windows/Fonts"), Path("/System/Library/Fonts"))
_SERIF, _SANS = "Noto Serif SC", "Noto Sans SC"
# What an official paper asks for, the freely licensed look-alikes, then what holds everything.
_CHAINS = {
    "title": (layout.TITLE_FONT, "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "小标宋", _SERIF),
    "body": (layout.BODY_FONT, "仿宋", "FangSong", "FandolFang R", "FandolFang", _SERIF),
    "level1": ("黑体", "SimHei", "FandolHei", _SANS),
    "level2": (layout.LEVEL_FONTS[2], "楷体", "KaiTi", "LXGW WenKai", "FandolKai", _SERIF),
    "foot": ("宋体", "SimSun", _SERIF),
}
_LAST = ("LXGW WenKai", _SERIF, _SANS, "Noto Serif CJK SC", "Noto Sans CJK SC")


@dataclass(frozen=True, slots=True)
class Font:
    """A font file with the family names it answers to. ``origin``: 自带, 自备 or 系统."""

    path: Path
    families: tuple[str, ...]
    origin: str


def own_folder() -> Path:
    """Return the folder of the office's own fonts, from the settings of the installation."""
    from django.conf import settings

    return Path(settings.LINLI_HOME) / "fonts"


def _table(data: bytes, offset: int, tag: bytes) -> bytes | None:
    count = struct.unpack_from(">H", data, offset + 4)[0]
    for number in range(count):
        name, _, start, length = struct.unpack_from(">4sIII", data, offset + 12 + 16 * number)
        if name == tag:
            return data[start : start + length]
    return None


def _starts(data: bytes) -> list[int]:
    """Return where the fonts of a file begin: one, or several in a collection."""
    if data[:4] != b"ttcf":
        return [0]
    count = struct.unpack_from(">I", data, 8)[0]
    return list(struct.unpack_from(f">{min(count, 64)}I", data, 12))


def families(path: Path) -> tuple[str, ...]:
    """Return the family names of a font file from its name table, all languages, without doubles.

    Raises Refusal reports.font.unreadable.
    """
    found: dict[str, None] = {}
    try:
        data = path.read_bytes()
        if data[:4] not in (b"\0\1\0\0", b"OTTO", b"ttcf", b"true"):
            raise Refusal("reports.font.unreadable", file=path.name, why="文件开头不是字体")
        for start in _starts(data):
            found.update(dict.fromkeys(_names(_table(data, start, b"name") or b"")))
    except (OSError, struct.error, UnicodeDecodeError) as error:
        why = "文件不完整" if isinstance(error, struct.error) else "打不开"
        raise Refusal("reports.font.unreadable", file=path.name, why=why) from error
    if not found:
        raise Refusal("reports.font.unreadable", file=path.name, why="里面没有字体名称")
    return tuple(found)


def _names(table: bytes) -> list[str]:
    _, count, strings = struct.unpack_from(">HHH", table, 0)
    names = []
    for number in range(count):
        platform, encoding, _, name, length, offset = struct.unpack_from(
            ">HHHHHH", table, 6 + 12 * number
        )
        if name not in (1, 16):  # family, typographic family
            continue
        raw = table[strings + offset : strings + offset + length]
        if platform == 3 and encoding == 3:
            names.append(raw.decode("gb18030", "ignore").replace("\0", ""))
        elif platform in (0, 3):
            names.append(raw.decode("utf-16-be"))
        elif platform == 1 and encoding == 0:
            names.append(raw.decode("mac-roman"))
    return [name for name in names if name]


def _fonts_in(folder: Path, origin: str) -> list[Font]:
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _SUFFIXES:
            try:
                found.append(Font(path, _cached(path, path.stat().st_mtime_ns), origin))
            except Refusal:  # a broken file in the folder must not stop a report
                continue
    return found


@lru_cache(maxsize=256)
def _cached(path: Path, changed: int) -> tuple[str, ...]:
    del changed  # only the cache's key
    return families(path)


def listed(own: Path | None = None) -> list[Font]:
    """Return the office's own fonts and those that set-up brought."""
    return [*_fonts_in(own or own_folder(), "自备"), *_fonts_in(SHIPPED, "自带")]


def add(file: Path, own: Path | None = None) -> Font:
    """Copy a font file into the installation. Raises Refusal reports.font.unreadable."""
    if not file.is_file():
        raise Refusal("reports.font.unreadable", file=file.name, why="没有这个文件")
    names = families(file)
    folder = own or own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file.name
    draft = folder / f".{file.name}.{os.getpid()}"
    shutil.copyfile(file, draft)
    draft.replace(target)
    return Font(target, names, "自备")


def folders(own: Path | None = None) -> list[Path]:
    """Return the folders where fonts may lie, the office's first."""
    every = [own or own_folder(), SHIPPED, *_SYSTEM]
    return [folder for folder in every if folder.is_dir()]


def chains(known: set[str]) -> dict[str, list[str]]:
    """Return for each role the fonts that are there, in order, with the rare-character ones last.

    Raises Refusal reports.font.missing when there is no Chinese font at all.
    """
    made = {
        role: list(dict.fromkeys(name for name in (*chain, *_LAST) if name in known))
        for role, chain in _CHAINS.items()
    }
    if not all(made.values()):
        raise Refusal("reports.font.missing")
    return made
