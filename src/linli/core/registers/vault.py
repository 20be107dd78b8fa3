"""Sealing of what must not lie open: each person has a key, the installation's key wraps them.

A value is encrypted with AES-256-GCM under the person's key; the nonce stands before it, and person
and field are bound to it, so that a sealed value cannot be moved to somebody else. The blind index
is an HMAC under a key of its own: equal values have equal digests, and without the key nobody can
try out all numbers of identity.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.core.access.keys import register_key
from linli.kernel.errors import Refusal

_NONCE = 12
_KEY = 32


@dataclass(frozen=True, slots=True)
class Vault:
    """The installation's two keys, read once for an action."""

    wrapping: bytes
    blinding: bytes

    def new_key(self, person: UUID) -> tuple[bytes, bytes]:
        """A fresh key for a person: (key, as it is stored)."""
        key = os.urandom(_KEY)
        return key, _encrypt(self.wrapping, key, person.bytes)

    def key_of(self, person: UUID, wrapped: bytes) -> bytes:
        """The person's key. Raises Refusal registers.sealed where it cannot be opened."""
        return _decrypt(self.wrapping, wrapped, person.bytes)

    def digest(self, field: str, value: str) -> bytes:
        """The blind index of a value: 16 bytes."""
        return self.keyed("index", field, value)[:16]

    def keyed(self, *parts: object) -> bytes:
        """A keyed digest for the audit: says whether something is the same, not what it is."""
        text = "\x1f".join(map(str, parts)).encode()
        return hmac.new(self.blinding, text, sha256).digest()


def open_vault() -> Vault:
    """The vault of this installation. Raises Refusal keys.no_register."""
    return Vault(*register_key())


def seal(key: bytes, person: UUID, field: str, value: str) -> bytes:
    """Encrypt a value under a person's key."""
    return _encrypt(key, value.encode(), person.bytes + field.encode())


def unseal(key: bytes, person: UUID, field: str, sealed: bytes) -> str:
    """The value. Raises Refusal registers.sealed."""
    return _decrypt(key, sealed, person.bytes + field.encode()).decode()


def _encrypt(key: bytes, content: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except InvalidTag as fault:
        raise Refusal("registers.sealed") from fault
