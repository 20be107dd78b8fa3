"""A sealed file opens with its passphrase as it was written, or says what is wrong with it."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest

from linli.kernel.errors import Refusal
from linli.life import sealed
from linli.life.sealed import Opener, Sealer
from tests.life.conftest import PASSPHRASE

CHUNK = 64
HEAD = sealed._HEAD.size


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few bytes, so that short texts have several."""
    monkeypatch.setattr(sealed, "CHUNK", CHUNK)


def seal(text: bytes, piece: int = 50, passphrase: str = PASSPHRASE) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, passphrase)
    for start in range(0, len(text), piece):
        sealer.write(text[start : start + piece])
    sealer.finish()
    return out.getvalue()


def unseal(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return Opener(io.BytesIO(data), passphrase, "备份").readall() or b""


def refused(data: bytes, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(Refusal) as refusal:
        unseal(data, passphrase)
    return refusal.value.code


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
@pytest.mark.parametrize("piece", [1, 50, 1000])
def test_it_opens_as_it_was_written(small: None, size: int, piece: int) -> None:
    text = bytes(n % 251 for n in range(size))
    data = seal(text, piece)
    assert unseal(data) == text
    assert len(data) == HEAD + size + 16 * max(1, -(-size // CHUNK))


def test_nothing_of_the_text_shows_and_no_two_files_are_alike(small: None) -> None:
    text = "经办人".encode() * 40
    assert "经办人".encode() not in seal(text)
    assert seal(text)[HEAD:] != seal(text)[HEAD:]


def test_every_changed_byte_is_found(small: None) -> None:
    """Each byte of head and chunks in turn; only the magic makes it another sort of file."""
    data = seal(bytes(2 * CHUNK + 5))
    codes = set()
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 1
        if place == 10:
            continue  # the cost: another key, said as a wrong passphrase, after a long time
        codes.add(refused(bytes(broken)))
    assert codes == {
        "life.not_a_backup",
        "life.newer_format",
        "life.passphrase",
        "life.altered",
    }


def test_every_missing_end_is_found(small: None) -> None:
    data = seal(bytes(3 * CHUNK))
    codes = {size: refused(data[:size]) for size in range(len(data))}
    assert {codes[size] for size in range(HEAD)} == {"life.not_a_backup"}
    whole = [HEAD + n * (CHUNK + 16) for n in range(3)]
    assert {codes[size] for size in whole} == {"life.truncated"}
    assert {codes[size] for size in codes if size > HEAD and size not in whole} == {"life.altered"}


def test_chunks_cannot_be_swapped_dropped_or_added(small: None) -> None:
    data = seal(bytes(range(192)) + b"end")
    head, size = data[:HEAD], CHUNK + 16
    first, second, rest = (
        data[HEAD : HEAD + size],
        data[HEAD + size : HEAD + 2 * size],
        data[HEAD + 2 * size :],
    )
    assert refused(head + second + first + rest) == "life.altered"
    assert refused(head + first + rest) == "life.altered"
    assert refused(data + first) == "life.altered"
    other = seal(bytes(range(192)) + b"end")
    assert refused(head + other[HEAD:]) == "life.altered", "chunks of another file"


def test_a_wrong_passphrase_is_said_before_anything_is_read(small: None) -> None:
    assert refused(seal(b"text"), "四盏红灯笼挂门后") == "life.passphrase"
    with pytest.raises(Refusal, match="至少 8 个字"):
        Sealer(io.BytesIO(), "太短了")
    assert refused(b"PK\x03\x04" + bytes(100)) == "life.not_a_backup"


def test_memory_stays_small_whatever_the_size(tmp_path: Path) -> None:
    size, piece = 48, bytes(1024 * 1024)
    path = tmp_path / "big"
    tracemalloc.start()
    with path.open("wb") as out:
        sealer = Sealer(out, PASSPHRASE)
        for _ in range(size):
            sealer.write(piece)
        sealer.finish()
    with path.open("rb") as source:
        opener, count = Opener(source, PASSPHRASE, "备份"), 0
        while data := opener.read(65536):
            count += len(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == size * len(piece)
    assert peak < 10 * len(piece)
