"""Floor 4: what is written, and checked against the figures."""

from __future__ import annotations

from linli.reports import sentences as sentences  # registers what this floor refuses
