"""New rows held against what already stands: unchanged, dated otherwise, changed, or also elsewhere.

Pure: takes what stands as ``Standing`` rows and answers what to stage, to replace and to leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from linli.core.records.rules import NewRecord, RecordView, Standing
from linli.work.intake.likeness import Likeness, face_of, pair
from linli.work.intake.problems import Problem, Problems, Severity, shown

_MOST = 20_000  # rows gone from a file whose contents are looked at


@dataclass(slots=True)
class Changes:
    """One import against what stands. ``take`` sorts the stream, ``settle`` what was held back."""

    file: str
    problems: Problems
    contents: Callable[[Sequence[UUID]], Iterable[RecordView]]  # what standing records say
    unchanged: int = 0
    skipped: int = 0
    replaces: dict[UUID, int] = field(default_factory=dict)
    _known: dict[tuple[str, bytes], Standing] = field(default_factory=dict)
    _contents: dict[bytes, Standing] = field(default_factory=dict)
    _shapes: set[str] = field(default_factory=set)
    _seen: set[tuple[str, bytes]] = field(default_factory=set)
    _held: list[NewRecord] = field(default_factory=list)
    _redated: dict[str, list[tuple[NewRecord, Standing]]] = field(default_factory=dict)
    _elsewhere: dict[tuple[str, str], list[NewRecord]] = field(default_factory=dict)

    def load(self, standing: Iterable[Standing]) -> None:
        """Learn what stands in the area."""
        for row in standing:
            self._known[row.shape, row.identity] = row
            if row.file == self.file:
                self._shapes.add(row.shape)
            else:
                self._contents[row.content] = row

    def take(self, records: Iterable[NewRecord]) -> Iterator[NewRecord]:
        """Pass on the records that are plainly new; keep back or count the others."""
        if not self._known:
            yield from records
            return
        for new in records:
            key = (new.shape, new.identity)
            known = self._known.get(key)
            if known is not None:
                self._seen.add(key)
                if known.content == new.content:
                    self.unchanged += 1
                else:
                    self._redated.setdefault(str(new.sheet), []).append((new, known))
                continue
            if new.content in self._contents and new.quantities + tuple(new.title):
                other = self._contents[new.content].file
                self._elsewhere.setdefault((str(new.sheet), other), []).append(new)
                continue
            if new.shape in self._shapes:
                self._held.append(new)
                continue
            yield new

    def settle(self) -> Iterator[NewRecord]:
        """Ask about what was held back; yield what the answers let in."""
        yield from self._settle_redated()
        yield from self._settle_elsewhere()
        yield from self._settle_changed()

    def _settle_redated(self) -> Iterator[NewRecord]:
        for sheet, pairs in self._redated.items():
            first, known = pairs[0]
            answer = self._ask(
                "dates",
                sheet,
                f"A{first.row}",
                first.title,
                f"这张表的 {len(pairs)} 行已经导入过，但这次读出的日期、事项或数量不同",
                "apply 按这次的更正，keep 保留原来的，new 另记一次",
            )
            for new, known in pairs:
                yield from self._answered(answer, new, known)

    def _settle_elsewhere(self) -> Iterator[NewRecord]:
        for (sheet, other), records in self._elsewhere.items():
            first = records[0]
            answer = self._ask(
                "overlap",
                sheet,
                f"A{first.row}",
                first.title,
                f"这张表有 {len(records)} 行与“{other}”里已导入的内容相同",
                "skip 是同一件事，不重复记；new 是另一件事，照记",
            )
            if answer == "new":
                yield from records
            elif answer is not None:
                self.skipped += len(records)

    def _settle_changed(self) -> Iterator[NewRecord]:
        """A held row that is like one gone from the same file is that row, changed."""
        gone = {
            row.id: row
            for key, row in self._known.items()
            if row.file == self.file and row.shape in self._shapes and key not in self._seen
        }
        paired = self._paired(gone) if self._held and gone else {}
        for new in self._held:
            if new.id not in paired:
                yield new
                continue
            old, like = paired[new.id]
            known = gone.pop(old)
            answer = self._ask(
                "changed",
                str(new.sheet),
                f"A{new.row}",
                new.title,
                f"像是已经导入过的第 {known.row} 行（{like.words()}），现在内容改了",
                "apply 更正原记录，keep 保留原来的，new 另记一条",
                row=new.row,
            )
            yield from self._answered(answer, new, known)
        self._report_gone(gone.values())

    def _paired(self, gone: Mapping[UUID, Standing]) -> dict[UUID, tuple[UUID, Likeness]]:
        """Held rows and the rows that they were. A dry run's rows have no ids of their own."""
        for number, new in enumerate(self._held):
            if new.id.int == 0:
                self._held[number] = replace(new, id=UUID(int=number + 1))
        ids = list(gone)[:_MOST]
        olds = [face_of(view, gone[view.id].shape) for view in self.contents(ids)]
        return pair([face_of(new, new.shape) for new in self._held], olds)

    def _report_gone(self, rows: Iterable[Standing]) -> None:
        left = sorted((row.row or 0, row) for row in rows if row.sheet)
        if left:
            first = left[0][1]
            self.problems.warn(
                first.sheet,
                f"A{first.row}",
                "",
                f"上次导入的 {len(left)} 行这次文件里没有了，原记录保留",
                "确实作废的请逐条撤销",
            )

    def _answered(self, answer: str | None, new: NewRecord, known: Standing) -> Iterator[NewRecord]:
        if answer == "apply":
            self.replaces[known.id] = known.version
            yield replaced(new, known.id)
        elif answer == "new":
            yield new
        elif answer is not None:
            self.skipped += 1

    def _ask(
        self,
        what: str,
        sheet: str,
        cell: str,
        value: object,
        problem: str,
        way_out: str,
        row: int | None = None,
    ) -> str | None:
        """Ask once a sheet (or row); an answer to the plain ``what`` serves for all of its sort."""
        answers = self.problems.answers
        key = f"{what}:{sheet}" + (f"!{row}" if row is not None else "")
        for name in (key, f"{what}:{sheet}", what):
            if answers.get(name) in ("apply", "keep", "new", "skip"):
                return answers[name]
        self.problems.blocked = True
        self.problems.found.append(
            Problem(
                Severity.QUESTION,
                sheet,
                cell,
                shown(value),
                problem,
                f"请用 --answer {key}=… 回答（{way_out}）；一次答完用 --answer {what}=…",
                key,
            )
        )
        return None


def replaced(new: NewRecord, record_id: UUID) -> NewRecord:
    """The same record under the id of the one that it corrects."""
    return replace(new, id=record_id)
