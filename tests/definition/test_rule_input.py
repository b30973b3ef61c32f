"""What a rule over a whole workflow is given: the reader fills it from the file."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from definition_examples import workflow_text
from parts import WORLD, node_of

from engine.definition.reader import workflow as reader
from engine.definition.reader.workflow import outline_workflow
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.language import say
from engine.yamltext.problem import Severity


def inputs_of(text: str, monkeypatch: pytest.MonkeyPatch) -> list[RuleInput]:
    """Return what the rules are given for a workflow, by a rule put in the place of all."""
    given: list[RuleInput] = []

    class Watching:
        id = "trap"

        @staticmethod
        def check(subject: RuleInput) -> list[RuleFinding]:
            given.append(subject)
            return [RuleFinding(subject.top, say("看见了"), say("提示"), Severity.ADVICE)]

    monkeypatch.setattr(reader, "GRAPH_RULES", (Watching,))
    node = node_of(text)
    outline = outline_workflow("demo.yaml", node, WORLD)
    assert outline is not None
    read = reader.read_workflow("demo.yaml", text, node, WORLD)
    found = [(problem.line, problem.rule, problem.severity, str(problem.hint)) for problem in read.problems]
    assert found == ([(1, "trap", Severity.ADVICE, "提示")] if given else found)
    return given


def test_every_part_comes_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    text = workflow_text(
        "states:\n  open: {title: 待办, for: clerk}\n  done: {title: 办结, final: true}\n"
        "clocks:\n  whole: {title: 全程, during: open, deadline: 9 days, remind: [3 days before]}\n"
        "transitions:\n  - {do: finish, title: 办结, from: open, to: done,\n"
        "     require: [{that: subject.id == '1', else: 不行}], then: [{start: child}]}\n"
    )
    lines = text.splitlines()
    (given,) = inputs_of(text.replace("demo", "demo2"), monkeypatch)
    assert given.workflow.id == "demo2"
    assert (given.top.line, lines[given.initial.line - 1]) == (1, "initial: open")
    assert {name: lines[place.line - 1].strip()[:5] for name, place in given.states.items()} == {
        "open": "open:", "done": "done:",
    }  # fmt: skip
    ((step, places),) = given.steps
    assert step.id == "finish"
    assert "require:" in lines[places["require"].line - 1]
    assert set(given.clocks) == {"whole"}
    assert [(clock, reminder.before.count) for clock, reminder, _ in given.reminders] == [("whole", 3)]
    assert [requirement.message for requirement, _ in given.requirements] == ["不行"]
    assert given.started == {"child"}
    with pytest.raises(FrozenInstanceError):
        given.started = frozenset()  # type: ignore[misc]  # what is tested


def test_rules_are_given_no_workflow_with_unsound_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inputs_of(workflow_text("initial: nowhere\n"), monkeypatch) == []
