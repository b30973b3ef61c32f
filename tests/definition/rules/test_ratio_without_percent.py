"""A ratio compared with a whole number is a hundred times too much."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.ratio_without_percent import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "five": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '5', else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "a_number": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= 5, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "in_hundredths": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share * 100 >= 5, else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
    "an_example": (
        """\
form: plan
title: 方案
fields:
  - share: {title: 比例, type: ratio, example: 5}
  - least: {title: 最低, type: ratio, example: 5%}
  - rows:
      title: 各层
      example: [{class: A, ratio: 20}]
      columns:
        - class: {title: 等级}
        - ratio: {title: 比例, type: ratio}
""",
        [4, 8],
    ),
    "percent": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '5%', else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
    "decimal": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '0.05', else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
    "fraction": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '1/20', else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines


@pytest.mark.parametrize(
    ("written", "line"), [("10", 10), ('"10"', 10), ("= 10", 10), ("10%", 0), ("1", 0), ("0.1", 0)]
)
def test_a_ratio_a_step_writes(written: str, line: int) -> None:
    text = f"""\
fields:
  - share: {{title: 比例, type: ratio}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {{set: {{share: {written}}}}}
"""
    assert lines_of(RULE.id, text) == ([line] if line else [])
