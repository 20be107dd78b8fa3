"""Holds the audit entry of a run of reminding against the rows that it wrote."""

from __future__ import annotations

from linli.core.audit.models import Entry
from linli.core.audit.rules import merkle_root
from linli.core.obligations.models import Reminder
from linli.core.obligations.rules import reminder_seal


def check_reminders(entry: Entry) -> str | None:
    """The rows are all there, unchanged, under the Merkle root that was noted."""
    first, last = entry.facts.get("first"), entry.facts.get("last")
    leaves = []
    for row in Reminder.objects.filter(id__range=(first, last), area=entry.chain).order_by("id"):
        if bytes(row.seal) != reminder_seal(
            row.area_id, row.rule, row.mark, row.step, row.addressee, row.due, row.day
        ):
            return f"催办 {row.id} 被改动"
        leaves.append(bytes(row.seal))
    same = len(leaves) == entry.rows and merkle_root(leaves) == bytes(entry.merkle_root or b"")
    return None if same else f"催办 {first} 至 {last} 的行数或内容与登记时不同"
