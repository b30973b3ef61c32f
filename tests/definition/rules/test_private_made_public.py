"""What is not public is in no title and no public field."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.private_made_public import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "in_a_title": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {publish: result, title: "检查结果（{{ form.staff }}）"}
""",
        [11],
    ),
    "copied": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {set: {open_way: = form.method}}
""",
        [11],
    ),
    "a_number": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {set: {open_count: = form.staff}}
""",
        [],
    ),
    "the_title_of_the_case": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {publish: result, title: "{{ case.title }}"}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
