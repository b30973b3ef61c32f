"""Every key of the reader's tables has a right example, which loads, and a wrong one, which is refused at its line."""

from __future__ import annotations

from pathlib import Path

import key_examples
import pytest
from key_examples import GROUPS, examples, keys, texts, uses, with_wrong

from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.definition.library import load_files
from engine.yamltext.problem import Severity

EXPLANATION = Path(__file__).parents[2] / "docs/explanation"


@pytest.mark.parametrize("group", range(len(GROUPS)))
def test_the_right_ones_are_sound(group: int) -> None:
    errors = [one for one in load_files(texts(group)).problems if one.severity is Severity.ERROR]
    assert [f"{one.file}:{one.line} {one.rule} {one.message}" for one in errors] == []


def test_each_key_has_a_right_and_a_wrong_example() -> None:
    """`examples` has loaded each: what is wrong was refused at the line of the key, by the rules it names."""
    found = {(one.part, one.key): one for one in examples()}
    assert keys() - set(found) == set()
    assert all(one.rules and one.use.written.strip() for one in found.values())
    assert len(found) == len(examples()) == len(keys())
    # The pages say the very number.
    count = len(found)
    for page, said in (
        ("patterns.md", f"{count} of {count}"),
        ("patterns.zh-CN.md", f"{count} 个中 {count} 个"),
    ):
        assert f"| {said} |" in (EXPLANATION / page).read_text(), said


def test_most_wrong_ones_are_mistakes_and_not_mere_gaps() -> None:
    gaps = [(one.part, one.key) for one in examples() if not one.wrong]
    assert len(gaps) <= 20, gaps


def test_a_key_without_an_example_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHAPES, "heading", {**SHAPES["heading"], "colour": KeySpec(ValueShape.TEXT)})
    assert keys() - set(uses()) == {("heading", "colour")}


def test_what_is_wrong_stands_where_the_right_one_stood() -> None:
    use = uses()["transition", "join"][0]
    text = with_wrong(use, "甲", use.text)
    assert text[use.start :].startswith("join: 甲")
    assert len(text) == len(use.text) - len(use.text[use.start : use.end].rstrip()) + len("join: 甲")
    assert key_examples.EFFECT not in SHAPES
