"""A workbook's column that no pack knows is kept under its own (Chinese) name; nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from linli.core.records.rules import new_record
from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal

UNKNOWN = Occurred(None, None, Precision.UNKNOWN)


@pytest.mark.django_db
def test_a_column_of_its_own_name_is_kept_and_a_wrong_id_refused(
    operator: Any, community: Any
) -> None:
    from linli.core.records.actions import record_one

    kept = record_one(
        actor=operator, area=community,
        new=new_record("base.visit", "走访", UNKNOWN, fields={"网格员评语": "很好"}),
    )  # fmt: skip
    assert kept.fields["网格员评语"] == "很好"
    with pytest.raises(Refusal) as refused:
        record_one(
            actor=operator, area=community,
            new=new_record("base.visit", "走访", UNKNOWN, fields={"remarkk": "很好"}),
        )  # fmt: skip
    assert refused.value.code == "records.field"
