"""A line of the table: one ratio of one run, what it should be, and whether it is."""

from __future__ import annotations

from dataclasses import dataclass

from bench.contender import Measured, equal


@dataclass(frozen=True, slots=True)
class Line:
    """``ratio``: how many times; ``slower`` tells whether a smaller one is better."""

    name: str
    against: str
    ours: float
    theirs: float
    slower: bool
    aim: float | None
    ours_mb: float
    theirs_mb: float | None
    memory_aim: float | None = None

    @property
    def ratio(self) -> float:
        """Our time over theirs where we may be slower, else theirs over ours."""
        return self.ours / self.theirs if self.slower else self.theirs / self.ours

    @property
    def kept(self) -> bool | None:
        """Whether the aim is reached; None without an aim."""
        if self.aim is None:
            return None
        good = self.ratio <= self.aim if self.slower else self.ratio >= self.aim
        if self.memory_aim is not None and self.theirs_mb is not None:
            good = good and self.ours_mb <= self.theirs_mb * self.memory_aim
        return good

    def cells(self) -> list[str]:
        """As the table shows it."""
        aim = "–"
        if self.aim is not None:
            aim = f"≤ {self.aim:g}×" if self.slower else f"≥ {self.aim:g}× faster"
        if self.memory_aim is not None:
            aim += f", ≤ {self.memory_aim:g} of its memory"
        said = f"{self.ratio:.2f}×" + ("" if self.slower else " faster")
        if self.memory_aim is not None and self.theirs_mb:
            said += f", {self.ours_mb / self.theirs_mb:.2f} of its memory"
        theirs_mb = "–" if self.theirs_mb is None else f"{self.theirs_mb:.0f}"
        times = [seconds(self.ours), seconds(self.theirs)]
        verdict = {True: "kept", False: "**missed**", None: "–"}[self.kept]
        return [
            self.name,
            self.against,
            *times,
            said,
            aim,
            verdict,
            f"{self.ours_mb:.0f} / {theirs_mb}",
        ]


HEAD = (
    "what",
    "against",
    "ours s",
    "theirs s",
    "ratio",
    "aim",
    "verdict",
    "peak MB ours / theirs",
)


def seconds(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def slower(name: str, against: str, ours: Measured, theirs: Measured, aim: float | None) -> Line:
    """Ours may be so many times slower. Both must have answered the same."""
    equal(ours, theirs)
    return Line(name, against, ours.total, theirs.total, True, aim, ours.peak_mb, theirs.peak_mb)


def faster(
    name: str,
    against: str,
    ours: Measured,
    theirs: Measured,
    aim: float | None,
    memory_aim: float | None = None,
    memory: bool = True,
) -> Line:
    """Ours should be so many times faster. ``memory`` False: theirs lies in another process."""
    equal(ours, theirs)
    peak = theirs.peak_mb if memory else None
    return Line(name, against, ours.total, theirs.total, False, aim, ours.peak_mb, peak, memory_aim)


def parts(title: str, field: list[Measured]) -> tuple[str, list[str], list[list[str]]]:
    """A small table of the parts of a question, contender by contender."""
    names = list(dict.fromkeys(part for one in field for part in one.seconds))
    rows = [
        [name, *(seconds(one.seconds[name]) if name in one.seconds else "–" for one in field)]
        for name in names
    ]
    return title, ["seconds", *(one.name for one in field)], rows
