"""A sealed file: encrypted with a passphrase, in chunks, so that any size passes through a small memory.

    magic · scrypt cost · salt · prefix · check of the key      the head, authenticated with each chunk
    chunk 0 … chunk n-1, chunk n                                AES-256-GCM, 1 MiB each, 16 bytes tag

The nonce of a chunk is prefix · number · whether it is the last (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár): a chunk that is changed, moved, dropped or added does not open,
and neither does a file whose end is missing. The key comes from the passphrase by scrypt.
"""

from __future__ import annotations

import hmac
import io
import os
import struct
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from linli.kernel.errors import Refusal, sentences

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

sentences(
    {
        "life.not_a_backup": ("{file} 不是邻里的备份文件。", "请核对文件名。"),
        "life.newer_format": (
            "{file} 是较新版本的邻里做的备份（格式 {format}）。",
            "请先升级邻里程序，再恢复。",
        ),
        "life.passphrase": ("口令不对，打不开 {file}。", "请输入做这份备份时用的口令。"),
        "life.altered": (
            "备份文件 {file} 从第 {place} 字节起被改动过，或者损坏、缺失。",
            "什么都没有恢复。请换另一份备份，或重新拷贝一次。",
        ),
        "life.truncated": (
            "备份文件 {file} 不完整：到第 {place} 字节就断了。",
            "什么都没有恢复。请重新拷贝一次，或换另一份备份。",
        ),
        "life.weak_passphrase": ("口令太短，至少 {least} 个字。", "请换一个较长的口令并妥善保管。"),
    }
)
CHUNK = 1024 * 1024
LEAST = 8
_MAGIC, _FORMAT, _COST, _TAG = b"LINLIBAK", 1, 15, 16
_HEAD = struct.Struct(">8sHB16s7s16s")  # magic, format, log2 of scrypt's N, salt, prefix, check


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    kdf = Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1)  # 32 MiB of memory
    return kdf.derive(passphrase.encode())


def _check_of(key: bytes) -> bytes:
    """Tells a wrong passphrase from an altered file; of the key it gives nothing away."""
    return hmac.digest(key, b"linli backup key check", "sha256")[:16]


class _Chunks:
    """Seals or opens the chunks of one file, by number."""

    def __init__(self, head: bytes, key: bytes, prefix: bytes) -> None:
        self._head, self._prefix, self._cipher = head, prefix, AESGCM(key)

    def _nonce(self, number: int, last: bool) -> bytes:
        return self._prefix + struct.pack(">IB", number, last)

    def seal(self, number: int, last: bool, text: bytes) -> bytes:
        return self._cipher.encrypt(self._nonce(number, last), text, self._head)

    def open(self, number: int, last: bool, sealed: bytes) -> bytes | None:
        try:
            return self._cipher.decrypt(self._nonce(number, last), sealed, self._head)
        except InvalidTag:
            return None


class Sealer(io.RawIOBase):
    """A file to write to; what is written lands sealed in `out`. `close` writes the last chunk."""

    def __init__(self, out: IO[bytes], passphrase: str) -> None:
        if len(passphrase) < LEAST:
            raise Refusal("life.weak_passphrase", least=LEAST)
        salt, prefix = os.urandom(16), os.urandom(7)
        key = _key(passphrase, salt, _COST)
        head = _HEAD.pack(_MAGIC, _FORMAT, _COST, salt, prefix, _check_of(key))
        out.write(head)
        self._out, self._chunks = out, _Chunks(head, key, prefix)
        self._held, self._number = bytearray(), 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Take bytes; full chunks go out at once, but for one that may be the last."""
        view = memoryview(data)
        self._held += view
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return view.nbytes

    def finish(self) -> None:
        """Write the last chunk; without it the file does not open."""
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, text: bytes, *, last: bool) -> None:
        self._out.write(self._chunks.seal(self._number, last, text))
        self._number += 1


class Opener(io.RawIOBase):
    """A file to read from: what was sealed into `source`, checked chunk by chunk.

    Raises Refusal life.not_a_backup, life.newer_format, life.passphrase, and while it is read
    life.altered, life.truncated.
    """

    def __init__(self, source: IO[bytes], passphrase: str, name: str) -> None:
        head = source.read(_HEAD.size)
        if len(head) < _HEAD.size or not head.startswith(_MAGIC):
            raise Refusal("life.not_a_backup", file=name)
        _, form, cost, salt, prefix, check = _HEAD.unpack(head)
        if form > _FORMAT or cost > 20:
            raise Refusal("life.newer_format", file=name, format=form)
        key = _key(passphrase, salt, cost)
        if not hmac.compare_digest(check, _check_of(key)):
            raise Refusal("life.passphrase", file=name)
        self._source, self._name, self._chunks = source, name, _Chunks(head, key, prefix)
        self._next = source.read(CHUNK + _TAG)
        self._open, self._number, self._place = memoryview(b""), 0, _HEAD.size
        if not self._next:
            raise Refusal("life.truncated", file=name, place=self._place)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Give the next bytes; 0 after the last, which has then been proved to be the last."""
        if not self._open and self._next:
            self._open = memoryview(self._turn())
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._open))
        target[:count] = self._open[:count]
        self._open = self._open[count:]
        return count

    def _turn(self) -> bytes:
        sealed, self._next = self._next, self._source.read(CHUNK + _TAG)
        last = not self._next
        text = self._chunks.open(self._number, last, sealed)
        if text is None:
            raise self._fault(sealed, last)
        self._number, self._place = self._number + 1, self._place + len(sealed)
        return text

    def _fault(self, sealed: bytes, last: bool) -> Refusal:
        """A chunk that would open if more followed: the end is missing. Else it was changed."""
        if last and self._chunks.open(self._number, False, sealed) is not None:
            return Refusal("life.truncated", file=self._name, place=self._place + len(sealed))
        return Refusal("life.altered", file=self._name, place=self._place)
