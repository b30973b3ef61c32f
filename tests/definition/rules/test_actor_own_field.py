"""Whom the one who acts is compared with: a field of their own step or no person says nothing."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.actor_own_field import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "himself": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: actor.id != actor.id, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "no_person": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: actor.id != form.method, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "own_list": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: actor.id not in form.signed_by, else: 不符合要求, basis: 条例 第一条}
""",
        [8],
    ),
    "in_is_a_demand": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: actor.id in form.signed_by, else: 不符合要求, basis: 条例 第一条}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
