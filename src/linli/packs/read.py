"""Read a pack's folder: every TOML file as a table, every unreadable one as a fault."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from linli.packs.fault import Fault

_AT = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_MOST_BYTES = 2_000_000  # a declaration larger than this is not written by a person
_MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a pack; ``file`` is its path inside the pack's folder."""

    file: str
    data: dict[str, Any]


def read_folder(folder: Path) -> tuple[list[Document], list[Fault]]:
    """Return the pack's documents (``examples/`` left out) and the faults met while reading."""
    if not folder.is_dir():
        return [], [Fault(str(folder), "", "没有这个文件夹")]
    files = [p for p in sorted(folder.rglob("*.toml")) if _belongs(p.relative_to(folder))]
    if len(files) > _MOST_FILES:
        return [], [Fault(str(folder), "", f"最多 {_MOST_FILES} 个文件，这里有 {len(files)} 个")]
    documents: list[Document] = []
    faults: list[Fault] = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        read = _read_file(path, name)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            documents.append(read)
    if not (folder / "pack.toml").is_file():
        faults.append(Fault("pack.toml", "", "缺少 pack.toml（写 id、version、title）"))
    return documents, faults


def read_text(text: str, file: str) -> Document | Fault:
    """Parse TOML; a syntax fault names its line."""
    try:
        return Document(file, tomllib.loads(text, parse_float=_decimal))
    except tomllib.TOMLDecodeError as error:
        return Fault(file, _where(str(error), text), f"TOML 写法有误：{_reason(str(error))}")
    except (RecursionError, ValueError) as error:
        return Fault(file, "", f"TOML 写法有误：{error}")


def _read_file(path: Path, name: str) -> Document | Fault:
    if path.stat().st_size > _MOST_BYTES:
        return Fault(name, "", f"文件超过 {_MOST_BYTES} 字节")
    try:
        return read_text(path.read_text(encoding="utf-8-sig"), name)
    except UnicodeDecodeError as error:
        return Fault(name, f"第 {error.start} 字节", "文件不是 UTF-8 编码")
    except OSError as error:
        return Fault(name, "", f"读不出来：{error.strerror}")


def _belongs(relative: Path) -> bool:
    return "examples" not in relative.parts and not relative.name.startswith(".")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"不是数：{text}") from error


def _where(message: str, text: str) -> str:
    found = _AT.search(message)
    if found and found.group(1):
        return f"第 {found.group(1)} 行第 {found.group(2)} 列"
    return f"第 {text.count(chr(10)) + 1} 行（文件末尾）"


def _reason(message: str) -> str:
    return _AT.sub("", message).strip()
