"""Keys of bindings, and the addresses that carry them through any editor.

A key stands alone: it needs no document around it, so a paragraph that is copied elsewhere keeps
its way back. Whoever opens the link meets the site's page of that number (``/f/KEY``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import blake2b
from uuid import UUID

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 13
_KEY = re.compile(rf"(?:^linli:/{{0,2}}|/)f/([{_LETTERS}]{{{_LENGTH}}})/?(?:[?#].*)?$")
DEFAULT_SITE = "http://127.0.0.1:8000"


def site() -> str:
    """Return the address of this installation's site (``LINLI_SITE``), without a slash."""
    return os.environ.get("LINLI_SITE", DEFAULT_SITE).rstrip("/")


def address(key: str) -> str:
    """Return the link of a bound run."""
    return f"{site()}/f/{key}"


def key_of(url: str | None) -> str | None:
    """Return the key that a link carries, or None for any other link."""
    found = _KEY.search(url or "")
    return found.group(1) if found else None


def keys(report: UUID) -> Iterator[str]:
    """Return the keys of a report's runs in reading order: 65 bits, the same for the same id."""
    ordinal = 0
    while True:
        digest = blake2b(report.bytes + ordinal.to_bytes(4, "big"), digest_size=9).digest()
        number = int.from_bytes(digest, "big")
        yield "".join(_LETTERS[(number >> (5 * place)) & 31] for place in range(_LENGTH))
        ordinal += 1
