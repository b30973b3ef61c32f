"""Fields do not depend on each other in a circle."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.library import load_files
from engine.definition.rules.relevant_circle import RULE
from engine.yamltext.problem import Severity

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "two": (
        """\
form: sample
title: 示例
fields:
  - a: {title: 甲, type: boolean, when: form.b}
  - b: {title: 乙, type: boolean, when: form.a}
""",
        [4],
    ),
    "three": (
        """\
form: sample
title: 示例
fields:
  - a: {title: 甲, type: boolean, when: form.c}
  - b: {title: 乙, type: boolean, when: form.a}
  - c: {title: 丙, type: boolean, when: form.b}
""",
        [4],
    ),
    "a_line": (
        """\
form: sample
title: 示例
fields:
  - a: {title: 甲, type: boolean}
  - b: {title: 乙, type: boolean, when: form.a}
""",
        [],
    ),
}


def test_what_is_worked_out_from_itself_is_refused() -> None:
    form = """\
form: sample
title: 示例
fields:
  - a: {title: 甲, type: integer, unit: 人}
  - b: {title: 乙, type: integer, unit: 人, computed: "lesser(form.a, form.b)"}
"""
    found = [one for one in load_files({"sample.yaml": form}).problems if one.rule == RULE.id]
    assert [(one.line, one.severity) for one in found] == [(5, Severity.ERROR)]


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
