"""What verifying a file found, in words: the verdict first, then every number, faults before all."""

from __future__ import annotations

from linli.reports.check import Checked, State
from linli.reports.verify import Verification

STATES = {
    State.SAME: "一致",
    State.CHANGED: "数据已变",
    State.ALTERED: "被改动",
    State.UNBOUND: "没有出处",
    State.UNRESOLVED: "出处不明",
}
_SIGNATURES = {
    "valid": "文件内数据清单的签名有效",
    "invalid": "文件内数据清单的签名无效",
    "absent": "文件内没有签名",
}


def verdict(found: Verification) -> str:
    """Return one sentence or two: whether the file agrees, and whose the signature is.

    A signature is that of the list inside the file: beside a fault it is said that it vouches for
    the list alone.
    """
    count = len(found.figures)
    faults = sum(one.fault for one in found.figures)
    changed = sum(one.state is State.CHANGED for one in found.figures)
    sign = _SIGNATURES[found.signature]
    later = f"有 {changed} 处数据后来有了变化"
    if faults:
        also = f"，另{later}" if changed else ""
        alone = "，但它只保清单，不保正文" if found.signature == "valid" else ""
        return f"{count} 处里有 {faults} 处不符{also}。{sign}{alone}。"
    if found.signature == "invalid":
        also = f"，{later}" if changed else ""
        return f"有不符之处：{sign}。正文共 {count} 处，没有被改动{also}。"
    if changed:
        return f"文件里的数据没有被改动，{sign}；{later}。"
    return f"核对无误：共 {count} 处，{sign}。"


def listed(found: Verification) -> list[Checked]:
    """Return the numbers, those that do not agree first, else in reading order."""
    return sorted(found.figures, key=lambda one: not one.fault)


def words(one: Checked) -> str:
    """Return what stands in the file; of a deleted number, what stood there."""
    return one.text or f"（已删去：{one.around}）"


def place(one: Checked) -> str:
    """Return the sentence or cell of a fault; empty for what agrees and what was deleted."""
    return one.around if one.fault and one.text else ""
