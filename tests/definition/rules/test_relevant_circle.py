"""Fields do not depend on each other in a circle."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.relevant_circle import RULE

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


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
