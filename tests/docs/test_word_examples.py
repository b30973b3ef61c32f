"""Every example of a word is what it says: the right one sound, the wrong one refused by its rule, at a line."""

from __future__ import annotations

import pytest
from definition_examples import load_example
from word_examples import EXAMPLES, WordExample

from engine.yamltext.problem import Severity


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.word)
def test_the_right_one_is_sound_and_the_wrong_one_is_refused(example: WordExample) -> None:
    right = [one for one in load_example(example.right).problems if one.severity is Severity.ERROR]
    assert [f"{one.rule} {one.message}" for one in right] == []
    wrong = [one for one in load_example(example.wrong).problems if one.severity is Severity.ERROR]
    assert {one.rule for one in wrong} == {example.rule}
    assert all(one.line > 0 for one in wrong)


def test_each_word_stands_once_and_is_said_in_both_languages() -> None:
    assert len({example.word for example in EXAMPLES}) == len(EXAMPLES)
    assert all(english and chinese for english, chinese in (example.said for example in EXAMPLES))
