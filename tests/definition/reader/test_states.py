"""States, and what may be done with a task besides its steps."""

from __future__ import annotations

import pytest
from parts import NAMES, OWN, audience_of, node_of, said

from engine.definition.reader.deadlines.clocks import ClockReader
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.reader.states import StateReader
from engine.lifecycle.model.workflow import Verb
from engine.worktime.periods import Period, PeriodUnit


def reader_of(text: str) -> tuple[StateReader, Diagnostics]:
    diagnostics = Diagnostics("demo.yaml", text)
    audience = audience_of(diagnostics)
    clocks = ClockReader(diagnostics, audience, NAMES, OWN.clocks)
    return StateReader(diagnostics, audience, NAMES, clocks, OWN.states), diagnostics


def states(text: str, default: dict[str, Verb] | None = None) -> tuple[StateReader, list[str]]:
    reader, diagnostics = reader_of(text)
    reader.read_states(node_of(text).get("states"), default or {})
    return reader, [line.split(" ", 1)[1] for line in said(diagnostics)]


def verbs(text: str) -> tuple[dict[str, Verb], list[str]]:
    top = f"verbs: {text}\n"
    reader, diagnostics = reader_of(top)
    return reader.read_verbs(node_of(top).get("verbs")), [line.split(" ", 1)[1] for line in said(diagnostics)]


def test_states_with_their_tasks_and_deadlines() -> None:
    reader, problems = states(
        "states:\n  open: {title: 待办, for: [clerk, inspectors], help: 说明, deadline: 3 days}\n"
        "  done: {title: 办结, final: true}\n"
    )
    assert problems == []
    first, last = reader.states.values()
    assert (first.id, first.title, first.audience, first.final, first.help) == (
        "open", "待办", ("clerk", "inspectors"), False, "说明",
    )  # fmt: skip
    assert (last.audience, last.final, last.verbs) == ((), True, {})
    assert {name: place.line for name, place in reader.state_places.items()} == {"open": 2, "done": 3}
    assert reader.clocks.clocks["open"].limit == Period(3, PeriodUnit.DAYS)


def test_a_task_has_the_verbs_of_the_workflow_unless_it_has_its_own() -> None:
    default = {"urge": Verb(id="urge", by=("clerk",)), "claim": Verb(id="claim", by=())}
    reader, problems = states(
        "states:\n  open: {title: 待办, for: clerk, verbs: {urge: {by: section_chief}}}\n  wait: {title: 等待}\n"
        "  bare: {title: 空, verbs: {urge: {by: section_chief}}}\n",
        default,
    )
    assert problems == []
    assert {name: verb.by for name, verb in reader.states["open"].verbs.items()} == {
        "urge": ("section_chief",), "claim": (),
    }  # fmt: skip
    assert reader.states["wait"].verbs == {}
    assert list(reader.states["bare"].verbs) == ["urge"]


def test_a_state_that_cannot_be_read_is_known_by_its_place() -> None:
    reader, problems = states("states:\n  open: 待办\n  done: {final: maybe}\n")
    assert set(reader.state_places) == {"open", "done"}
    assert set(reader.states) == {"done"}
    assert [problem.split(" ")[0] for problem in problems] == ["wrong-shape", "missing-key", "wrong-shape"]


def test_each_kind_of_key_of_a_verb() -> None:
    found, problems = verbs(
        "[claim, extend: {by: section_chief, clock: open, max: 2 days, times: 1, approve: clerk, basis: 法,"
        " require: [{that: case.urgent, else: 不急}]}, suspend: {pauses: [open, overall]},"
        " return: {to: [open], keep_clocks: true}, void: {to: done, with_children: true}]"
    )
    assert problems == []
    assert list(found) == ["claim", "extend", "suspend", "return", "void"]
    extend = found["extend"]
    assert (extend.title, extend.by, extend.clock, extend.times) == ("延期", ("section_chief",), "open", 1)
    assert (extend.most, extend.approve, extend.basis) == (Period(2, PeriodUnit.DAYS), ("clerk",), "法")
    assert [requirement.message for requirement in extend.require] == ["不急"]
    assert found["claim"].by == ()
    assert found["suspend"].pauses == ("open", "overall")
    assert (found["return"].to, found["return"].keep_clocks) == (("open",), True)
    assert (found["void"].to, found["void"].with_children) == (("done",), True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{extend: {clock: never}}", "unknown-clock 没有时限“never”"),
        ("{suspend: {pauses: [open, never]}}", "unknown-clock 没有时限“never”"),
        ("{return: {to: nowhere}}", "unknown-state 没有环节“nowhere”"),
        ("{claim: {by: nobody}}", "unknown-role 没有角色或参与人“nobody”"),
        ("{fly: }", "unknown-key 此处没有“fly”这个键"),
        ("{void: }", "missing-value “void”后面没有内容"),
        ("{void: {by: clerk}}", "missing-key 缺少“to”"),
        ("[fly]", "unknown-word 没有操作“fly”"),
        ("[claim, {claim: {by: clerk}}]", "duplicate-name “claim”列了两次"),
        ("[作废]", "missing-key “作废”要写明to"),
    ],
)
def test_verbs_that_cannot_be(text: str, problem: str) -> None:
    problems = verbs(text)[1]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_nothing_written_is_no_verb() -> None:
    assert verbs("") == ({}, [])
    assert reader_of("")[0].read_verbs(None) == {}
