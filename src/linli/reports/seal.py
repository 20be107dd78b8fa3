"""The machine-readable figures of a report and the installation's Ed25519 signature over them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from linli.reports.draft import Draft, Ref

NAMESPACE = "urn:linli:report:1"


@dataclass(frozen=True, slots=True)
class Seal:
    """The canonical JSON of a report's figures, signed. ``key`` is the public key, base64."""

    report: str
    payload: bytes
    signature: str
    key: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the payload, hexadecimal."""
        return sha256(self.payload).hexdigest()

    def as_json(self) -> bytes:
        """Return the seal as one JSON document (for PDF and HTML)."""
        parts = {
            "report": self.report,
            "figures": self.payload.decode(),
            "algorithm": "Ed25519",
            "signature": self.signature,
            "key": self.key,
        }
        return json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()

    def numbers(self) -> dict[str, tuple[str, Decimal]]:
        """Return text and value of every bound number of the list, by key; none of a broken list."""
        try:
            listed = [one for one in json.loads(self.payload)["figures"] if "value" in one]
            return {str(o["key"]): (str(o["text"]), Decimal(o["value"])) for o in listed}
        except (ValueError, KeyError, TypeError, ArithmeticError):
            return {}

    def holds(self) -> bool:
        """Say whether the signature is that of the key over the payload."""
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.key))
            key.verify(base64.b64decode(self.signature), self.payload)
        except (InvalidSignature, ValueError):
            return False
        return True


def from_json(content: bytes) -> Seal | None:
    """Read back what ``as_json`` wrote; None when it is something else."""
    try:
        parts = json.loads(content)
        return Seal(
            str(parts["report"]),
            str(parts["figures"]).encode(),
            str(parts["signature"]),
            str(parts["key"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _entry(text: str, ref: Ref) -> dict[str, Any]:
    entry: dict[str, Any] = {"key": ref.key, "kind": ref.kind.value, "text": text}
    words = ("subject", "part", "area", "period", "known_at", "unit", "qualifier", "words")
    entry.update({name: getattr(ref, name) for name in (*words, "fingerprint")})
    entry["value"], entry["value_max"] = _plain(ref.value), _plain(ref.value_max)
    return {name: value for name, value in entry.items() if value not in ("", None)}


def payload(draft: Draft, about: Mapping[str, str]) -> bytes:
    """Return the canonical JSON: what the report is, and every bound run in reading order."""
    figures = [_entry(text, ref) for text, ref in draft.refs()]
    whole = {"report": dict(about), "title": draft.title_text, "figures": figures}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal(key: Ed25519PrivateKey, report: str, content: bytes) -> Seal:
    """Sign the payload of a report."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Seal(
        report,
        content,
        base64.b64encode(key.sign(content)).decode(),
        base64.b64encode(public).decode(),
    )
