"""Evidence as others see it. Plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.errors import Refusal, Refusals, sentences

LIMIT_MB = 50
"""A photo is a tenth of it, a scanned volume or a minute of video fits."""
SUFFIXES = frozenset(
    "jpg jpeg png heic heif webp gif bmp tif tiff pdf ofd doc docx wps xls xlsx et csv txt ppt pptx dps "
    "mp3 m4a aac amr wav mp4 mov 3gp".split()
)
HEAD_BYTES = 512
# What a browser or a computer would run, whatever it is called.
_DISGUISES = (
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"#!", "脚本"),
    (b"PK\x03\x04", "压缩包"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php")
_ZIPPED = frozenset("doc docx xls xlsx ppt pptx ofd wps et dps".split())

sentences(
    {
        "evidence.missing": ("佐证文件 {sha256} 不在存放目录里。", "请从备份恢复 evidence 目录。"),
        "evidence.altered": ("佐证文件 {sha256} 的内容与登记时不同。", "请从备份恢复这个文件。"),
        "evidence.none": ("没有选择佐证文件。", "请选择一个文件，或者用手机拍一张照片。"),
        "evidence.empty": ("文件“{name}”是空的。", "请核对文件，再上传一次。"),
        "evidence.too_large": (
            "文件“{name}”有 {size} MB，超过了 {limit} MB。",
            "照片请用普通画质，视频请截取要紧的一段，再上传。",
        ),
        "evidence.type": (
            "文件“{name}”不是可以作佐证的类型。",
            "可以上传照片、PDF、OFD、Word、Excel、WPS、文本、录音和录像；压缩包请解开，程序和网页不收。",
        ),
        "evidence.disguised": (
            "文件“{name}”的内容是{content}，与文件名不符。",
            "请核对文件的来历；确实要用，请另存为照片或 PDF 再上传。",
        ),
        "evidence.unproved": ("没有写明这个文件能证明什么。", "请写一句，如“3月5日走访签到表”。"),
        "evidence.unreadable": ("文件“{name}”读不出来：{why}", "请核对文件是否存在、是否有权限。"),
    }
)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A stored file."""

    id: UUID
    sha256: str
    name: str
    size: int
    mime: str
    proves: str
    taken: datetime | None
    place: str
    received: datetime


def check_proof(name: str, size: int, head: bytes, proves: str) -> None:
    """Raise Refusals with all that keeps a file from being evidence; ``head``: its first bytes."""
    problems = list(_faults(name, size, head))
    if not proves.strip():
        problems.append(Refusal("evidence.unproved"))
    if problems:
        raise Refusals(problems)


def _faults(name: str, size: int, head: bytes) -> Iterator[Refusal]:
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if size == 0:
        yield Refusal("evidence.empty", name=name)
    if size > LIMIT_MB * 1024 * 1024:
        shown = f"{size / 1024 / 1024:.0f}"
        yield Refusal("evidence.too_large", name=name, size=shown, limit=LIMIT_MB)
    if suffix not in SUFFIXES:
        yield Refusal("evidence.type", name=name)
    elif content := _disguise(suffix, head):
        yield Refusal("evidence.disguised", name=name, content=content)


def _disguise(suffix: str, head: bytes) -> str | None:
    """What the first bytes say the file is, where its name hides it."""
    for mark, content in _DISGUISES:
        if head.startswith(mark) and not (content == "压缩包" and suffix in _ZIPPED):
            return content
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "网页" if start.startswith(_MARKUP) else None
