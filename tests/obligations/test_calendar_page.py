"""The page of the cadence calendar names every rule of the base pack, and only those."""

from __future__ import annotations

import re
from pathlib import Path

from linli.core.obligations.rules import STATE_NAMES
from linli.kernel.intervals import read_interval
from linli.packs.load import BASE, load


def page(root: Path) -> str:
    return (root / "docs" / "obligations.md").read_text(encoding="utf-8")


def test_every_rule_stands_in_the_calendar_once(root: Path) -> None:
    rows = re.findall(r"^\| (\S+) \| .+ \| `(base\.due\.\w+)` \|$", page(root), re.MULTILINE)
    rules = load([BASE]).obligations
    assert sorted(rule for _, rule in rows) == sorted(rules)
    for interval, name in rows:
        waits = read_interval(interval) is not None and interval in (
            "定期", "定时", "经常", "经常性", "及时", "多年", "届",
        )  # fmt: skip
        if interval != "多年":  # an honour states its own end
            assert waits is (rules[name].reading.every == "unstated"), name


def test_every_word_of_the_page_is_read_as_it_says(root: Path) -> None:
    table = page(root).split("## Words for an interval")[1].split("## States")[0]
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", table, re.MULTILINE)[1:]
    assert len(rows) >= 13
    for words, meaning in rows:
        for word in words.split(" · "):
            found = read_interval(word)
            assert found is not None, word
            assert (found.every == "unstated") is meaning.startswith("none"), word
            assert found.anchored is ("(with `after" in meaning), word


def test_every_state_is_explained(root: Path) -> None:
    text = page(root)
    assert not [s for s, words in STATE_NAMES.items() if f"{words} {s}" not in text]
