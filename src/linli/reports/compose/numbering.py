"""Numbers of headings and lists: 一、 （一） 1. and （1）."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Return 1–99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


class Numbers:
    """Counts headings; a heading of one level begins the deeper ones anew."""

    def __init__(self) -> None:
        self._counts = {1: 0, 2: 0, 3: 0}

    def next(self, level: int) -> str:
        """Return the number of the next heading of a level."""
        self._counts[level] += 1
        for deeper in range(level + 1, 4):
            self._counts[deeper] = 0
        number = self._counts[level]
        if level == 1:
            return f"{chinese(number)}、"
        return f"（{chinese(number)}）" if level == 2 else f"{number}."
