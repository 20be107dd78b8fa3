"""Refusals are worded: every code that the program raises has two sentences that its facts fill."""

from __future__ import annotations

import ast
import pickle
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.kernel import errors
from linli.kernel.errors import DuplicateCode, Refusal, Refusals, catalogue, sentences

SOURCE = Path(__file__).resolve().parents[2] / "src" / "linli"
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(SOURCE.rglob("*.py"))
    if "migrations" not in path.parts
}


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            called = node.func.attr if isinstance(node.func, ast.Attribute) else called
            if called == name:
                yield node


def _mapping(tree: ast.Module, argument: ast.expr) -> ast.Dict | None:
    """The dictionary that is registered, written in place or named at the top of the module."""
    if isinstance(argument, ast.Dict):
        return argument
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        named = [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(argument, ast.Name) and argument.id in named and isinstance(value, ast.Dict):
            return value
    return None


def _registered() -> dict[str, set[str]]:
    """Every registered code of the source, with the facts that its templates use."""
    codes: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        for call in _calls(tree, "sentences"):
            table = _mapping(tree, call.args[0]) if call.args else None
            for key, value in zip(table.keys, table.values, strict=True) if table else ():
                assert isinstance(key, ast.Constant)
                templates = ast.literal_eval(value)
                assert len(templates) == 2, f"{path}: {key.value}"
                ends = all(template.endswith(("。", "？", "！", "}")) for template in templates)
                assert ends, f"{path}: {key.value} is no whole sentence"
                codes[key.value] = {
                    str(field).split(".")[0].split("[")[0]
                    for template in templates
                    for _, field, _, _ in string.Formatter().parse(template)
                    if field is not None
                }
    return codes


def _raised() -> Iterator[tuple[Path, int, str, set[str] | None]]:
    """Every literal refusal of the source; None where its facts are only known at run time."""
    for path, tree in TREES.items():
        for call in _calls(tree, "Refusal"):
            if call.args and isinstance(call.args[0], ast.Constant):
                facts = {word.arg for word in call.keywords if word.arg}
                spread = any(word.arg is None for word in call.keywords)
                yield path, call.lineno, call.args[0].value, None if spread else facts


def test_every_refusal_is_worded() -> None:
    codes = _registered()
    assert "period.unreadable" in codes
    missing = [f"{path}:{line} {code}" for path, line, code, _ in _raised() if code not in codes]
    assert not missing


def test_every_refusal_brings_the_facts_that_its_sentences_name() -> None:
    codes = _registered()
    wanting = [
        f"{path}:{line} {code} lacks {sorted(codes[code] - facts - {'code'})}"
        for path, line, code, facts in _raised()
        if code in codes and facts is not None and codes[code] - facts - {"code"}
    ]
    assert not wanting


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it; other tests read the whole catalogue."""
    monkeypatch.setattr(errors, "_CATALOGUE", dict(catalogue()))


def test_a_refusal_says_what_and_what_next() -> None:
    sentences({"test.file": ("文件“{file}”读不出来。", "请重新导出“{file}”。")})
    refusal = Refusal("test.file", file="a.xlsx")
    assert refusal.sentence == "文件“a.xlsx”读不出来。"
    assert refusal.way_out == "请重新导出“a.xlsx”。"
    assert str(refusal) == refusal.sentence + refusal.way_out
    assert (refusal.code, refusal.facts) == ("test.file", {"file": "a.xlsx"})


def test_a_code_is_registered_once() -> None:
    with pytest.raises(DuplicateCode, match=r"period\.unreadable"):
        sentences({"test.other": ("a", "b"), "period.unreadable": ("a", "b")})
    assert "test.other" not in catalogue()


@pytest.mark.parametrize("facts", [{}, {"value": 3}])
def test_a_refusal_without_words_still_speaks(facts: dict[str, int]) -> None:
    assert "test.unknown" in Refusal("test.unknown", **facts).sentence
    sentences({f"test.facts{len(facts)}": ("{missing}", "{0}")})
    refusal = Refusal(f"test.facts{len(facts)}", **facts)
    assert refusal.code in refusal.sentence
    assert refusal.way_out


def test_refusals_survive_the_way_between_processes() -> None:
    refusal = Refusal("period.unreadable", text="2010Q5")
    again = pickle.loads(pickle.dumps(refusal))
    assert (again.code, again.facts, str(again)) == (refusal.code, refusal.facts, str(refusal))


def test_all_faults_are_said_at_once() -> None:
    several = Refusals([Refusal("period.unreadable", text=text) for text in ("甲", "乙")])
    assert str(several).count("\n") == 1
    assert "甲" in str(several)
    assert "乙" in str(several)
