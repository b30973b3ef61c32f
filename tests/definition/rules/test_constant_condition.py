"""Conditions that always or never hold, and requirements of one step that exclude each other."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.constant_condition import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "never": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.method == 'onsite' and form.method == 'written', else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "always": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 5 or form.staff <= 5, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "one_part_always": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: length(form.signed_by) >= 0 and form.staff > 1, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "one_part_never": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "count(form.signed_by, it == actor.id) < 0 or form.staff > 1", else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "sometimes": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.method == 'onsite' or form.staff > 0, else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
    "two_that_exclude": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 5, else: 不符合要求, basis: 条例 第一条}
      - {that: form.staff < 3, else: 不符合要求, basis: 条例 第一条}
""",
        [9],
    ),
    "two_that_go_together": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 5, else: 不符合要求, basis: 条例 第一条}
      - {that: form.staff < 30, else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
