"""A table of unusual values: each rule with its title, whether a person may confirm it, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.language import term
from engine.yamltext.unusual_rules import UnusualRule, read_unusual_rules

TABLE = """
far_day: {title: 很远的日期, confirm: true, why: 真有这样的期限, most: 40}
no_basis: {title: 没有依据, confirm: false, why: 《行政处罚法》第三十八条}
"""


def test_rules_are_read_by_name(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(TABLE, encoding="utf-8")
    assert read_unusual_rules(file) == {
        "far_day": UnusualRule("far_day", term("很远的日期"), confirm=True, why="真有这样的期限", most=40),
        "no_basis": UnusualRule("no_basis", term("没有依据"), confirm=False, why="《行政处罚法》第三十八条"),
    }


def test_a_rule_that_does_not_say_why_is_no_rule(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("far_day: {title: 很远的日期, confirm: true}\n", encoding="utf-8")
    with pytest.raises(KeyError, match="why"):
        read_unusual_rules(file)
