"""Scores the intake against workbooks whose answers were written before the code was read.

    python tests/intake/score_cases.py --home HOME --area SLUG [--setup ARGS] [open|blind|NAME ...]

HOME is an installation that holds the area SLUG. Where it does not exist, `linli init` makes it and
--setup says with which `linli` arguments the area is created ({area} stands for the slug). HOME
itself stays as it is: each workbook goes into a fresh copy, so no case can help or hurt another.

Lines of NAME.expected.jsonl, each with "workbook", most with "sheet" ("" for a .csv) and "cell":

    measure, value, unit, qualifier, [value_max], [part_of]
              a quantity that must be recorded; unit_or and part_of_or name other right answers;
              the wording of the measure is free
    never     why no number of this cell may become a quantity; a rate (次/月) read from a cadence
              is not held against the intake
    either    a cell where careful readers differ: neither counted nor held against the intake
    trap      a remark for people
    occurred  {start, end} of the records whose quantities stand in "cells", else in the same row
    not_occurred
              the same, but these dates must not be given
    problem   {severity, sheet, [cell], [contains]} that the import must report; "a|b" allows both;
              "without": ["year"] asks for it in a dry run that leaves these options out
    quiet     {sheet, cell}: no problem may name this cell
    options   year and as_of for the import
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
Line = dict[str, Any]
SAME_UNITS = ({"人", "名", "位"}, {"平方米", "㎡", "m²"}, {"场", "场次"}, {"栋", "幢"})
COUNTS = ("quantities", "parts", "nevers", "problems", "quiet", "dates")


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")


@dataclass
class Score:
    """What one workbook, or one set of them, was asked and answered."""

    good: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    false: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def mark(self, count: str, right: bool, fault: str) -> None:
        self.asked[count] += 1
        self.good[count] += right
        if not right:
            self.faults.append(f"{count}: {fault}")

    def add(self, other: Score) -> None:
        self.good += other.good
        self.asked += other.asked
        self.false += other.false

    def text(self) -> str:
        shares = [
            f"{name} {self.good[name]}/{self.asked[name]}" for name in COUNTS if self.asked[name]
        ]
        return " · ".join([*shares, f"false quantities {len(self.false)}"])

    def whole(self) -> bool:
        return self.good == +self.asked and not self.false


@dataclass
class Linli:
    """The command, and the installation that it works on."""

    command: Path
    home: Path

    def run(self, *args: str) -> tuple[int, list[Line], str]:
        done = subprocess.run(
            [str(self.command), "--home", str(self.home), *args],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, list(objects(done.stdout)), done.stderr.strip()

    def copy(self, to: Path) -> Linli:
        shutil.copytree(self.home, to, symlinks=True)
        return Linli(self.command, to)


def objects(text: str) -> Iterator[Line]:
    for line in text.splitlines():
        try:
            value = json.loads(line, parse_float=Decimal)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


@dataclass
class Case:
    """One workbook and its answers."""

    path: Path
    lines: list[Line]

    @classmethod
    def read(cls, answers: Path) -> Case:
        lines = list(objects(answers.read_text(encoding="utf-8")))
        return cls(answers.with_name(lines[0]["workbook"]), lines)

    def having(self, key: str) -> list[Line]:
        return [line for line in self.lines if key in line]

    def options(self, without: list[str]) -> list[str]:
        given = {k: v for line in self.having("options") for k, v in line["options"].items()}
        return [
            word
            for key, value in given.items()
            if key not in without
            for word in (f"--{key.replace('_', '-')}", str(value))
        ]


@dataclass
class Found:
    """A quantity as recorded, with the record that it belongs to."""

    record: Line
    data: Line
    sheet: str
    cell: str
    used: bool = False

    def at(self, sheet: str, cell: str) -> bool:
        return self.cell == cell and sheet in ("", self.sheet)

    def text(self) -> str:
        value, most = self.data.get("value"), self.data.get("value_max")
        shown = f"{value}~{most}" if most is not None else f"{value}"
        part = f" part of {self.data['part_of']}" if self.data.get("part_of") else ""
        return (
            f"{self.sheet}!{self.cell} {self.data.get('measure')} = {shown} {self.data.get('unit')}"
            f" {self.data.get('qualifier')}{part}"
        )


def bare(cell: object) -> str:
    return str(cell or "").replace("$", "").split(":")[0].upper()


def recorded(records: list[Line]) -> list[Found]:
    found = []
    for record in records:
        for data in record.get("quantities") or []:
            source = data.get("source") or {}
            found.append(
                Found(record, data, str(source.get("sheet") or ""), bare(source.get("cell")))
            )
    return found


def same_unit(got: object, wanted: Line) -> bool:
    right = {wanted["unit"], *wanted.get("unit_or", [])}
    return got in right or any(got in units and right & units for units in SAME_UNITS)


def same_number(got: object, wanted: object) -> bool:
    if got is None or wanted is None:
        return got is wanted
    return Decimal(str(got)) == Decimal(str(wanted))


def matches(found: Found, wanted: Line) -> bool:
    data = found.data
    return (
        same_number(data.get("value"), wanted["value"])
        and same_unit(data.get("unit"), wanted)
        and data.get("qualifier") == wanted["qualifier"]
        and same_number(data.get("value_max"), wanted.get("value_max"))
    )


def part_cells(found: Found, everything: list[Found]) -> set[str]:
    """The cell that part_of means, whether it is given as a cell, a source or an id."""
    part = found.data.get("part_of")
    if not part:
        return set()
    if isinstance(part, dict):
        part = (part.get("source") or part).get("cell") or part.get("id")
    cells = {o.cell for o in everything if part in (o.data.get("id"), o.record.get("id"))}
    return cells or {bare(str(part).rsplit("!", 1)[-1])}


def score_quantities(case: Case, found: list[Found], score: Score) -> None:
    for wanted in case.having("measure"):
        sheet, cell = wanted["sheet"], wanted["cell"]
        here = [f for f in found if f.at(sheet, cell) and not f.used]
        hit = next((f for f in here if matches(f, wanted)), None)
        amount = f"{wanted['value']} {wanted['unit']} {wanted['qualifier']}"
        title = f"{sheet}!{cell} {wanted['measure']} = {amount}"
        got = "; ".join(f.text() for f in here) or "nothing"
        score.mark("quantities", hit is not None, f"{title}, got {got}")
        if hit is None:
            if len(here) == 1:  # read, but wrongly: one fault, not two
                here[0].used = True
            continue
        hit.used = True
        right = {wanted.get("part_of"), *wanted.get("part_of_or", [])} - {None}
        cells = part_cells(hit, found)
        if right or cells:
            score.mark(
                "parts",
                bool(cells & right),
                f"{title}: part of {cells or None}, not {right or None}",
            )


def score_false(case: Case, found: list[Found], score: Score) -> None:
    def stands(key: str, of: Found) -> list[Line]:
        return [line for line in case.having(key) if of.at(line["sheet"], line["cell"])]

    for line in case.having("never"):
        here = [f for f in found if f.at(line["sheet"], line["cell"]) and not rate(f)]
        score.mark("nevers", not here, f"{'; '.join(f.text() for f in here)} ({line['never']})")
    for one in found:
        if not one.used and not stands("either", one) and not (stands("never", one) and rate(one)):
            score.false.append(one.text())


def rate(found: Found) -> bool:
    return any(mark in str(found.data.get("unit") or "") for mark in "/每")


def row(cell: str) -> str:
    return cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def score_dates(case: Case, found: list[Found], score: Score) -> None:
    for line in case.having("occurred") + case.having("not_occurred"):
        wrong_if_equal = "not_occurred" in line
        span = line["not_occurred" if wrong_if_equal else "occurred"]
        cells = set(line.get("cells", []))
        here = [
            f
            for f in found
            if line["sheet"] in ("", f.sheet)
            and (f.cell in cells if cells else row(f.cell) == row(line["cell"]))
        ]
        got = {occurred(f.record) for f in here}
        wanted = (span["start"], span["end"])
        right = bool(got) and (wanted not in got if wrong_if_equal else got == {wanted})
        no = "not " if wrong_if_equal else ""
        score.mark(
            "dates",
            right,
            f"{line['sheet']}!{line['cell']} {no}{wanted}, got {sorted(got) or 'nothing'}",
        )


def occurred(record: Line) -> tuple[str, str]:
    span = record.get("occurred") or {}
    return str(span.get("start"))[:10], str(span.get("end"))[:10]


def names(problem: Line, wanted: Line) -> bool:
    where = wanted["sheet"] in ("", problem.get("sheet"))
    cell = wanted.get("cell") in (None, bare(problem.get("cell")))
    words = " ".join(str(problem.get(key) or "") for key in ("problem", "value", "way_out"))
    return where and cell and wanted.get("contains", "") in words


def score_problems(case: Case, problems: list[Line], score: Score, without: list[str]) -> None:
    for line in case.having("problem"):
        if line.get("without", []) != without:
            continue
        wanted = line["problem"]
        here = [p for p in problems if names(p, wanted)]
        right = any(p.get("severity") in wanted["severity"].split("|") for p in here)
        place = f"{wanted['sheet']}!{wanted.get('cell', '*')} {wanted.get('contains', '')}".strip()
        got = "; ".join(f"{p.get('severity')}: {p.get('problem')}" for p in here) or "nothing"
        score.mark("problems", right, f"{wanted['severity']} at {place}, got {got}")
    for line in [] if without else case.having("quiet"):
        here = [p for p in problems if names(p, line["quiet"])]
        place = f"{line['quiet']['sheet']}!{line['quiet']['cell']}"
        score.mark("quiet", not here, f"{place}: {'; '.join(str(p.get('problem')) for p in here)}")


def reported(answers: list[Line]) -> list[Line]:
    """The problems, whether they come inside the import's object or one a line."""
    inside = [p for answer in answers for p in answer.get("problems") or []]
    return inside + [answer for answer in answers if "severity" in answer]


def score_case(case: Case, linli: Linli, area: str, folder: Path) -> Score:
    score = Score()
    lacking = {tuple(line["without"]) for line in case.having("problem") if "without" in line}
    for number, left_out in enumerate(sorted(lacking)):
        trial = linli.copy(folder / f"without-{number}")
        options = case.options(list(left_out))
        _, answers, _ = trial.run(
            "import", str(case.path), "--area", area, *options, "--dry-run", "--json"
        )
        score_problems(case, reported(answers), score, list(left_out))
    fresh = linli.copy(folder / "whole")
    code, answers, noise = fresh.run(
        "import", str(case.path), "--area", area, *case.options([]), "--json"
    )
    problems = reported(answers)
    if code:
        score.faults.append(f"import: exit {code} {noise[-300:]}")
        stops = [p for p in problems if p.get("severity") != "warning"]
        score.faults += [f"import: {json.dumps(p, ensure_ascii=False, default=str)}" for p in stops]
    _, records, _ = fresh.run("records", "--area", area, "--json")
    found = recorded(records)
    score_quantities(case, found, score)
    score_false(case, found, score)
    score_dates(case, found, score)
    score_problems(case, problems, score, [])
    return score


def prepare(linli: Linli, setup: str, area: str) -> None:
    if linli.home.exists():
        return
    for args in (["init"], shlex.split(setup.format(area=area))):
        if not args:
            continue
        code, _, noise = linli.run(*args)
        if code:
            raise SystemExit(f"linli {' '.join(args)}: exit {code}\n{noise}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Scores the intake against the cases.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--area", required=True)
    parser.add_argument(
        "--setup", default="", help="linli arguments that create the area; {area} is its slug"
    )
    parser.add_argument("--linli", type=Path, default=HERE.parents[1] / ".venv/bin/linli")
    parser.add_argument("--cases", type=Path, default=HERE / "cases")
    parser.add_argument(
        "--quiet", action="store_true", help="totals only, so that blind cases stay blind"
    )
    parser.add_argument(
        "only", nargs="*", help="open, blind, or the beginning of a workbook's name"
    )
    return parser.parse_args()


def show(name: str, score: Score, quiet: bool) -> None:
    say(f"{name}\n  {score.text()}")
    if not quiet:
        for fault in score.faults:
            say(f"    {fault}")
        for false in score.false:
            say(f"    false: {false}")


def main() -> int:
    given = arguments()
    linli = Linli(given.linli, given.home)
    prepare(linli, given.setup, given.area)
    totals: dict[str, Score] = {}
    for answers in sorted(given.cases.glob("*/*.expected.jsonl")):
        case, kind = Case.read(answers), answers.parent.name
        if given.only and not any(kind == o or case.path.name.startswith(o) for o in given.only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            score = score_case(case, linli, given.area, Path(folder))
        show(f"{kind}/{case.path.name}", score, given.quiet)
        totals.setdefault(kind, Score()).add(score)
    say()
    for kind, total in totals.items():
        say(f"{kind}: {total.text()}")
    return 0 if totals and all(total.whole() for total in totals.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
