"""An id is not compared with a name: both are texts, and never the same."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.type_mismatch import RULE


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("actor.id not in collect(inspectors, it.name)", True),
        ("case.opened_by == actor.name", True),
        ("actor.name in unique(collect(inspectors, it.id))", True),
        ("actor.id not in collect(inspectors, it.id)", False),
        ("actor.name in collect(inspectors, it.name)", False),
        ("case.title != form.witness", False),
    ],
)
def test_which_comparison_is_named(condition: str, named: bool) -> None:
    text = f"""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {{that: "{condition}", else: 不符合, basis: 条例 第一条}}
"""
    assert lines_of(RULE.id, text) == ([8] if named else [])
