"""Titles that say only what was done (正式挂牌成立) and leave out of what it is said.

Some ledgers keep the name in another column. A sentence without its subject is never written: the
name is taken from there, or the record is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DONE = (
    "正式", "顺利", "全面", "圆满", "如期", "已经", "已", "挂牌", "揭牌", "授牌", "成立", "组建", "建立", "设立",
    "启用", "启动", "开业", "开放", "开工", "落成", "竣工", "投入", "使用", "运行", "完工", "完成", "建成", "验收",
)  # fmt: skip
_ONLY_DONE = re.compile(f"(?:{'|'.join(_DONE)})+")
_LONGEST_NAME = 20  # a longer cell is a description, not a name
_NO_NAME = re.compile(r"[\d，。；：！？]")


def lacks_subject(text: str) -> bool:
    """Say whether words name nobody and nothing of which they could be said."""
    return _ONLY_DONE.fullmatch(text) is not None


def subject_field(fields: Mapping[str, str]) -> str | None:
    """Return the id of the one field that can name the subject; None where none or several can."""
    found = [field for field, text in fields.items() if _is_name(text.strip())]
    return found[0] if len(found) == 1 else None


def _is_name(text: str) -> bool:
    fits = 2 <= len(text) <= _LONGEST_NAME
    return fits and not lacks_subject(text) and _NO_NAME.search(text) is None
