"""Writes of matters: starting and moving them, and the mail between areas."""

from __future__ import annotations

from linli.core.flows.actions.mail import accept, deliver, refuse
from linli.core.flows.actions.moving import erase_reason, move, start

__all__ = ["accept", "deliver", "erase_reason", "move", "refuse", "start"]
