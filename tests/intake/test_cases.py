"""The open cases: workbooks whose answers were written by people who had not read the code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linli.core.records.rules import NewRecord
from linli.work.intake.preview import Preview
from tests.intake.score_cases import (
    Case,
    Score,
    recorded,
    score_dates,
    score_false,
    score_quantities,
)

ANSWERS = sorted((Path(__file__).parent / "cases" / "open").glob("*.expected.jsonl"))


def as_line(record: NewRecord) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "occurred": {"start": record.occurred.start, "end": record.occurred.end},
        "quantities": [
            {
                "measure": one.label,
                "value": one.quantity.value,
                "unit": one.quantity.unit,
                "qualifier": str(one.quantity.qualifier),
                "value_max": one.quantity.value_max,
                "part_of": one.part_of,
                "source": {"sheet": record.sheet, "cell": one.cell},
            }
            for one in record.quantities
        ],
    }


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda path: path.name.split(".")[0])
def test_an_open_case_is_read_as_its_author_says(
    answers: Path, look: Callable[..., Preview]
) -> None:
    case = Case.read(answers)
    given = {k: v for line in case.having("options") for k, v in line["options"].items()}
    if "as_of" in given:
        given["as_of"] = date.fromisoformat(given["as_of"])
    found = recorded([as_line(record) for record in look(case.path, **given).records])
    score = Score()
    for mark in (score_quantities, score_false, score_dates):
        mark(case, found, score)
    assert score.asked["quantities"] > 5
    assert [*score.faults, *score.false] == [], score.text()
