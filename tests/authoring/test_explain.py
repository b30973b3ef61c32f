"""What a rule, a state and a deadline are about."""

from __future__ import annotations

from engine.authoring.explain import explain_part, explain_rule
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import load_paths
from engine.definition.resources import workflows_dir


def test_a_rule_with_its_examples() -> None:
    lines = explain_rule("read-before-written")
    assert lines[0].startswith("read-before-written")
    assert {"不对的写法：", "对的写法："} <= set(lines)
    assert explain_rule("no-such-rule") == []


def test_a_state_and_a_deadline() -> None:
    loaded = load_paths(surrounding_files([workflows_dir()]))
    state = "\n".join(explain_part(loaded, "inspection.to_enter"))
    assert all(words in state for words in ("怎样进来：", "到这里时一定有：", "forms.notice"))
    clock = "\n".join(explain_part(loaded, "inspection.publish_due"))
    assert "case.finished_on" in clock
    assert explain_part(loaded, "inspection.nowhere") == explain_part(loaded, "nothing.to_enter") == []
