"""Refusals: what Linli says when it will not do a thing.

A refusal is not a crash. It carries a code, the facts of the case, one Chinese sentence that says
what is wrong with which value, and one that says what to do next. The sentences of a code are
registered by the floor that raises it, so that code and wording stay side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_CATALOGUE: dict[str, tuple[str, str]] = {}

# Said when a code was never registered: the person still learns that nothing was done.
_UNWORDED = ("操作没有完成（{code}）。", "请把这个代码告诉管理员。")


class DuplicateCode(ValueError):
    """Two floors registered the same code: a fault of the program, found at import."""


def sentences(catalogue: Mapping[str, tuple[str, str]]) -> None:
    """Register `{code: (sentence, way out)}`, templates of `str.format` over the facts.

    Raises DuplicateCode when a code is already taken; then nothing of the catalogue is registered.
    """
    taken = sorted(_CATALOGUE.keys() & catalogue.keys())
    if taken:
        raise DuplicateCode(", ".join(taken))
    _CATALOGUE.update(catalogue)


def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every registered code with its two templates (read-only)."""
    return MappingProxyType(_CATALOGUE)


class Refusal(Exception):
    """A thing Linli will not do, said in words a community worker understands.

    `code` is stable and for programs; `facts` are the values of the case; `sentence` says what is
    wrong with which value; `way_out` says what to do next.
    """

    code: str
    facts: dict[str, Any]

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def sentence(self) -> str:
        """What is wrong, in Chinese."""
        return self._word(0)

    @property
    def way_out(self) -> str:
        """What to do next, in Chinese."""
        return self._word(1)

    def _word(self, which: int) -> str:
        # A refusal must reach the person even where its wording is faulty, hence the fall-back;
        # tests/kernel/test_errors.py fails on every missing code and every missing fact.
        template = _CATALOGUE.get(self.code, _UNWORDED)[which]
        try:
            return template.format(**{"code": self.code, **self.facts})
        except (KeyError, IndexError):
            return _UNWORDED[which].format(code=self.code)

    def __str__(self) -> str:
        return self.sentence + self.way_out

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.facts)


def _rebuild(kind: type[Refusal], code: str, facts: dict[str, Any]) -> Refusal:
    """Make a refusal again on the far side of a process (facts are keywords, so no default)."""
    refusal = kind.__new__(kind)
    Refusal.__init__(refusal, code, **facts)
    return refusal


class Refusals(Exception):
    """Several refusals at once: every fault of a file or form is reported in one go."""

    problems: list[Refusal]

    def __init__(self, problems: list[Refusal]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
