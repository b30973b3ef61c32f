"""What is personal is in no title and no message, nor what a step has copied from it."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.personal_in_a_text import RULE

BEGIN = """\
fields:
  - also: {title: 反映人（抄）}
  - place: {title: 地点}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
"""
#: What the step does, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "in_a_message": ('      - {notify: section_chief, message: "反映人 {{ form.witness }}"}\n', [11]),
    "a_list": ('      - {notify: section_chief, message: "证件 {{ unique(form.cards) }}"}\n', [11]),
    "in_a_copy": ('      - {copy_to: section_chief, message: "{{ form.witness }}"}\n', [11]),
    "a_fact_of_it": (
        """\
      - {set: {also: = form.witness}}
      - {notify: section_chief, message: "反映人 {{ case.also }}"}
""",
        [12],
    ),
    "whether_there_is_one": (
        '      - {notify: section_chief, message: "{{ filled(form.witness) }} {{ length(form.cards) }}"}\n',
        [],
    ),
    "another_fact": ('      - {notify: section_chief, message: "在 {{ case.place }}"}\n', []),
    "a_fact_alone": ("      - {set: {also: = form.witness}}\n", []),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, BEGIN + text) == lines
