"""A basis cites articles of the table."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.unknown_article import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "no_such_article": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0, else: 不符合要求, basis: 劳动保障监察条例 第六十一条}
""",
        [8],
    ),
    "no_such_law": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0, else: 不符合要求, basis: 某某法 第一条}
""",
        [8],
    ),
    "known": (
        """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0, else: 不符合要求, basis: 劳动保障监察条例 第十六条}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
