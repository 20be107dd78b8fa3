"""The keys of the installation, in private files of its home.

The signing key (Ed25519) signs reports and dossiers; it is the identity of the installation, as a
password is a person's. The register key wraps the key of each person and blinds the index of
sealed fields; without it nobody can read them again.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "keys.missing": ("安装目录里没有签名密钥：{path}。", "请先运行 linli init。"),
        "keys.no_register": (
            "安装目录里没有居民登记的密钥：{path}。",
            "请从备份恢复 keys 目录；新的安装请先运行 linli init。",
        ),
        "keys.unreadable": ("签名密钥读不出来：{path}。", "请从备份恢复 keys 目录。"),
    }
)


_REGISTER_KEY = 64  # bytes: 32 to wrap the keys of persons, 32 to blind the index


def _folder(home: Path | None) -> Path:
    return (home or Path(settings.LINLI_HOME)) / "keys"


def make_keys(home: Path | None = None) -> None:
    """Make the keys that are missing. Never replaces one: what it signed or sealed needs it."""
    folder = _folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / "register.key").exists():
        _put(folder / "register.key", os.urandom(_REGISTER_KEY))
    if (folder / "signing.key").exists():
        return
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _put(folder / "signing.pub", public)
    _put(folder / "signing.key", secret)


def _put(path: Path, content: bytes) -> None:
    """Write a private file so that it is there whole or not at all."""
    draft = path.with_suffix(path.suffix + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def signing_key(home: Path | None = None) -> Ed25519PrivateKey:
    """The private key. Raises Refusal keys.missing, keys.unreadable."""
    path = _folder(home) / "signing.key"
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as fault:
        raise Refusal("keys.missing", path=path) from fault
    except ValueError as fault:
        raise Refusal("keys.unreadable", path=path) from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise Refusal("keys.unreadable", path=path)
    return key


def public_key(home: Path | None = None) -> Ed25519PublicKey:
    """The key that signatures of this installation are verified with."""
    return signing_key(home).public_key()


def register_key(home: Path | None = None) -> tuple[bytes, bytes]:
    """The two keys of the registers: to wrap, to blind. Raises Refusal keys.no_register."""
    path = _folder(home) / "register.key"
    try:
        secret = path.read_bytes()
    except FileNotFoundError as fault:
        raise Refusal("keys.no_register", path=path) from fault
    if len(secret) != _REGISTER_KEY:
        raise Refusal("keys.no_register", path=path)
    return secret[:32], secret[32:]
