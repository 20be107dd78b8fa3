"""Cadences as ledgers write them."""

from __future__ import annotations

import pytest

from linli.kernel.days import read_date


@pytest.mark.parametrize(
    ("text", "times", "every"),
    [
        ("每周", None, "week"), ("每日", None, "day"), ("每天", None, "day"),
        ("每月", None, "month"),
        ("每季度", None, "quarter"), ("每季", None, "quarter"), ("每半年", None, "half"),
        ("每年", None, "year"),
        ("天天", None, "day"), ("天天检查", None, "day"), ("月月", None, "month"),
        ("日常", None, "day"),
        ("每月一次", 1, "month"), ("每季度1次", 1, "quarter"), ("每季度更换一次", 1, "quarter"),
        ("每年不少于2次", 2, "year"),
        ("每周2~3个上午", 2, "week"), ("每月开展两期", 2, "month"), ("每学期一次", 1, "half"),
        ("每周三", 1, "week"),
        ("每周一、三、五", 3, "week"), ("每周一至五", 5, "week"), ("每周五至一", None, "week"),
        ("每月5日", 1, "month"),
        ("每年3月5日", None, "year"), ("每两周一次", 26, "year"), ("每两个月", 6, "year"),
        ("每3个月", 1, "quarter"),
        ("每三周", None, "unstated"), ("每旬", 3, "month"), ("每半月", 2, "month"),
        ("半月一次", 2, "month"),
        ("一周一次", 1, "week"), ("一年两次", 2, "year"), ("半年一次", 1, "half"),
        ("季度1次", 1, "quarter"),
        ("两月一次", 6, "year"), ("两月两次", None, "unstated"), ("五年一次", None, "unstated"),
        ("半个月一次", 2, "month"),
        ("按季度", None, "quarter"), ("按月", None, "month"), ("按季度报告一次", 1, "quarter"),
        ("每１次", None, None),
        ("每逢节日", None, "festival"), ("逢年过节", None, "festival"),
        ("每年传统佳节", None, "festival"),
        ("传统节日", None, "festival"), ("节假日", None, "festival"), ("定期", None, "unstated"),
        ("不定期", None, "unstated"),
        ("经常", None, "unstated"), ("经常性开展", None, "unstated"), ("随时", None, "unstated"),
        ("及时", None, "unstated"),
        ("常态化", None, "unstated"), ("每 周", None, "week"), ("每月至少1次", 1, "month"),
        ("半周一次", 1, "week"),
        ("每周组织收看远程教育片并且讨论体会", None, None), ("周", None, None),
        ("每人一次", None, None),
    ],
)  # fmt: skip
def test_cadences(text: str, times: int | None, every: str | None) -> None:
    reading = read_date(text, year=2010)
    if every is None:
        assert reading is None
        return
    assert reading is not None
    assert reading.cadence is not None
    assert (reading.cadence.times, reading.cadence.every) == (times, every)
    assert reading.cadence.words == text
    assert reading.occurred == ()
    assert not reading.needs
