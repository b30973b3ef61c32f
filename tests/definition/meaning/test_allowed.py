"""A finding allowed on its line, with a reason; without one it is refused."""

from __future__ import annotations

import pytest
from definition_examples import FILE, load_example

from engine.definition.meaning.allowed import without_allowed
from engine.yamltext.source import read_source

STEP = "transitions:\n  - do: finish\n    title: 办结\n    from: open\n    to: done\n    form: onsite_check\n    require:\n"
CONSTANT = "      - {{that: form.refused or not form.refused, else: 甲, basis: 乙}}{comment}\n"


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("", ["constant-condition"]),
        ("  # ssj: allow constant-condition – 待定", []),
        ("  # ssj: allow constant-condition", ["allow-comment"]),
        ("  # ssj: allow constant-conditon – 待定", ["allow-comment"]),
        ("  # ssj: allow trap – 待定", ["constant-condition"]),
    ],
)
def test_allowed(comment: str, rules: list[str]) -> None:
    problems = load_example(STEP + CONSTANT.format(comment=comment)).problems
    assert sorted(problem.rule for problem in problems if problem.file == FILE) == rules


def test_a_file_without_comments_keeps_its_problems() -> None:
    source = read_source("a.yaml", "form: a\n")
    assert without_allowed(source, ()) == ()
