"""Every state of the shipped processes that is somebody's task has a clock, or says why it has none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.definition.library import Loaded, load_files

ROOT = Path(__file__).parents[2]
RULE = "task-without-deadline"


@cache
def shipped() -> Loaded:
    files = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for folder in ("workflows", "forms")
        for path in sorted((ROOT / folder).rglob("*.yaml"))
    }
    return load_files(files)


def test_no_task_is_without_a_clock_or_a_reason() -> None:
    assert [f"{p.file}:{p.line}" for p in shipped().problems if p.rule == RULE] == []


def test_the_rule_would_have_found_what_was_missing() -> None:
    """Without the reasons and the suggested clocks of single states the rule speaks."""
    text = (ROOT / "workflows/library.yaml").read_text(encoding="utf-8")
    without = "".join(
        line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("no deadline:")
    )
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("workflows", "forms")
        for path in sorted((ROOT / folder).rglob("*.yaml"))
    }
    found = load_files({**files, "workflows/library.yaml": without})
    assert [problem.file for problem in found.problems if problem.rule == RULE] == ["workflows/library.yaml"]


def test_no_reason_is_given_twice() -> None:
    reasons = [
        state.no_deadline
        for workflow in shipped().workflows.values()
        for state in workflow.states.values()
        if state.no_deadline is not None
    ]
    assert reasons
    assert len(reasons) == len(set(reasons))


def test_a_term_of_our_own_is_not_called_statutory() -> None:
    """A clock of one state names a basis, or says that its length is suggested or local."""
    for workflow in shipped().workflows.values():
        for clock in workflow.clocks.values():
            if clock.id in workflow.states:
                assert clock.basis or clock.mark.value != "statutory", (workflow.id, clock.id)
