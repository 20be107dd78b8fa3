"""What lies inside a sealed file: a tar stream that begins with what it is and ends with its hashes.

about.json      who made it, when, from which database, at which migrations
database/…      the tables            home/…      the files of the folder
manifest.json   SHA-256 and size of every member before it
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

from linli.kernel.errors import Refusal, sentences
from linli.life.sealed import CHUNK, Opener, Sealer

sentences(
    {
        "life.mismatch": (
            "备份文件 {file} 里的“{member}”与它自己的清单不符。",
            "什么都没有恢复。请换另一份备份，并把这件事告诉管理员。",
        ),
    }
)
ABOUT, MANIFEST = "about.json", "manifest.json"
DATABASE, HOME = "database", "home"
Tell = Callable[[int], None]
"""Hears how many bytes are done."""
_BLOCK = 64 * 1024


class _Hashing(io.RawIOBase):
    """Passes bytes on and hashes them."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest, self.size = source, sha256(), 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data


@dataclass(slots=True)
class Writer:
    """Adds members; keeps their hashes for the manifest."""

    tar: tarfile.TarFile
    files: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        """Add a member from memory."""
        self.add_stream(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, path: Path) -> str:
        """Add a file and return its SHA-256."""
        with path.open("rb") as source:
            return self.add_stream(name, source, path.stat().st_size)

    def add_stream(self, name: str, source: IO[bytes], size: int) -> str:
        """Add so many bytes of a stream and return their SHA-256."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        hashing = _Hashing(source)
        self.tar.addfile(info, hashing)
        digest = hashing.digest.hexdigest()
        self.files[name] = (digest, size)
        return digest

    def add_json(self, name: str, value: Any) -> None:
        """Add a member of JSON."""
        self.add(name, json.dumps(value, ensure_ascii=False, sort_keys=True).encode())


@contextmanager
def writing(out: IO[bytes], passphrase: str, about: dict[str, Any]) -> Iterator[Writer]:
    """An archive to add to; the manifest and the last chunk follow when the block ends well."""
    sealer = Sealer(out, passphrase)
    with tarfile.open(fileobj=sealer, mode="w|", bufsize=CHUNK, format=tarfile.PAX_FORMAT) as tar:
        writer = Writer(tar)
        writer.add_json(ABOUT, about)
        yield writer
        writer.add_json(MANIFEST, {"files": writer.files})
    sealer.finish()


@dataclass(slots=True)
class Member:
    """A member on its way out; read it wholly before the next."""

    name: str
    stream: _Hashing

    def read_all(self) -> bytes:
        """All of it; for members that are small by nature."""
        return b"".join(self.blocks())

    def blocks(self) -> Iterator[bytes]:
        """Its bytes, a little at a time."""
        while data := self.stream.read(_BLOCK):
            yield data


class Reader:
    """Walks through the members of a sealed archive. See `Opener` for what it may refuse."""

    def __init__(self, source: IO[bytes], passphrase: str, name: str) -> None:
        self._name = name
        self._opener = Opener(source, passphrase, name)
        self._tar = tarfile.open(  # noqa: SIM115  (closed with the file beneath it)
            fileobj=io.BufferedReader(self._opener, CHUNK), mode="r|", bufsize=CHUNK
        )

    def members(self) -> Iterator[Member]:
        """All members before the manifest; when they are through, the manifest has been held
        against them and the last chunk has been proved to be the last.
        """
        seen: dict[str, list[Any]] = {}
        for info in self._tar:
            source = self._tar.extractfile(info) if info.isreg() and _plain(info.name) else None
            if source is None:
                raise Refusal("life.mismatch", file=self._name, member=info.name)
            member = Member(info.name, _Hashing(source))
            if info.name == MANIFEST:
                self._hold(json.loads(member.read_all())["files"], seen)
                seen[MANIFEST] = []
                continue
            yield member
            for _ in member.blocks():  # what the taker left over is hashed too
                pass
            seen[info.name] = [member.stream.digest.hexdigest(), member.stream.size]
        while self._opener.read(CHUNK):  # to the end, so that the end is checked
            pass
        if MANIFEST not in seen:
            raise Refusal("life.mismatch", file=self._name, member=MANIFEST)

    def _hold(self, wanted: dict[str, list[Any]], seen: dict[str, list[Any]]) -> None:
        for name in sorted(wanted.keys() | seen.keys()):
            if wanted.get(name) != seen.get(name):
                raise Refusal("life.mismatch", file=self._name, member=name)


def _plain(name: str) -> bool:
    """Whether a member's name stays inside the folder it is unpacked into."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
