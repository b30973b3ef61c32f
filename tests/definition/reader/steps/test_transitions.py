"""Transitions: who may take which step from where to where, on what conditions and with what effects."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parts import NAMES, OWN, WORLD, audience_of, node_of, said

from engine.definition.reader.deadlines.clocks import ClockReader
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.reader.steps.effects import EffectReader
from engine.definition.reader.steps.transitions import TransitionReader
from engine.definition.symbols import SymbolTable
from engine.lifecycle.model.workflow import Join, Sign, State
from engine.worktime.periods import Period, PeriodUnit

STATES = {
    "open": State(id="open", title="待办"),
    "wait": State(id="wait", title="等待"),
    "done": State(id="done", title="办结", final=True),
}
PLACES = {key.text: key for key, _ in node_of("open: 1\nwait: 2\ndone: 3\n").texts()}
BARE = {name: kind for name, kind in NAMES.items() if name != "form"}


def read(text: str, world: SymbolTable = WORLD) -> tuple[TransitionReader, list[str]]:
    top = f"transitions: [{text}]\n"
    diagnostics = Diagnostics("demo.yaml", top)
    audience = audience_of(diagnostics)
    clocks = ClockReader(diagnostics, audience, BARE, OWN.clocks)
    effects = EffectReader(diagnostics, world, OWN, audience)
    reader = TransitionReader(diagnostics, world, audience, effects, BARE, clocks, STATES, PLACES)
    reader.read(node_of(top).get("transitions"))
    return reader, [line.split(" ", 1)[1] for line in said(diagnostics)]


def step(rest: str) -> str:
    return f"{{do: finish, title: 办结, from: open, {rest}}}"


def test_everything_that_is_written_of_a_step() -> None:
    reader, problems = read(
        step(
            "to: done, by: [clerk, inspectors], form: visit, item_forms: true, reason: true, help: 说明,"
            " require: [{that: form.staff > 0, else: 人数为零}], warn: [{that: case.urgent, else: 不急}],"
            " when: form.refused == false, then: [{publish: result}]"
        )
    )
    assert problems == []
    (made,) = reader.transitions
    assert (made.id, made.title, made.sources, made.target) == ("finish", "办结", ("open",), "done")
    assert (made.by, made.form, made.item_forms, made.reason) == (
        ("clerk", "inspectors"),
        "visit",
        True,
        True,
    )
    assert [one.message for one in made.require] == ["人数为零"]
    assert [one.message for one in made.warn] == ["不急"]
    assert [effect.kind for effect in made.then] == ["publish"]
    assert made.when is not None
    assert made.when.holds({"form": {"refused": False}}) is True
    assert reader.forms == {"visit"}
    assert [requirement.message for requirement, _ in reader.requirements] == ["人数为零"]
    assert reader.places[0].key("do").column == 16


def test_steps_of_the_engine() -> None:
    reader, problems = read(
        f"{step('automatic: true')}, {step('after: 3 days')},"
        f" {step('to: done, join: {workflow: child, reached: [closed]}')}"
    )
    assert problems == []
    automatic, timed, joined = reader.transitions
    assert (automatic.automatic, automatic.target) == (True, None)
    assert timed.after == Period(3, PeriodUnit.DAYS)
    assert joined.join == Join(workflow="child", states=frozenset({"closed"}))


def test_any_stands_for_every_state_that_goes_on() -> None:
    for word in ("any", "任一"):
        (made,) = read(f"{{do: x, title: 甲, from: {word}, to: done, by: clerk}}")[0].transitions
        assert made.sources == ("open", "wait")
    (made,) = read("{do: x, title: 甲, from: [wait, any], to: done}")[0].transitions
    assert made.sources == ("wait", "open")


def test_without_a_mode_all_sign() -> None:
    said, unsaid = (
        read(step(f"to: done, by: clerk, sign: {{{mode}by: inspectors}}")) for mode in ("mode: all, ", "")
    )
    assert unsaid[1] == []
    assert [one.sign for one in unsaid[0].transitions] == [one.sign for one in said[0].transitions]


@pytest.mark.parametrize(
    ("mode", "count"), [("all", None), ("会签", None), ("any", 1), ("或签", 1), ("3", 3)]
)
def test_how_many_must_sign(mode: str, count: int | None) -> None:
    reader, problems = read(step(f"to: done, by: clerk, sign: {{mode: {mode}, by: inspectors}}"))
    assert problems == []
    assert reader.transitions[0].sign == Sign(by=("inspectors",), count=count)


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ("to: nowhere", "unknown-state 没有环节“nowhere”"),
        ("by: nobody", "unknown-role 没有角色或参与人“nobody”"),
        ("form: vist", "unknown-form 没有表单“vist”"),
        ("after: 0 days", "deadline-syntax 这段时间至少应为 1"),
        ("sign: {mode: most, by: clerk}", "unknown-word 签署方式应为"),
        ("sign: {mode: 0, by: clerk}", "unknown-word 签署方式应为"),
        ("sign: {mode: all}", "missing-key 没有写由谁签署"),
        ("sign: {mode: all, by: clerk, named_in: staff}", "wrong-shape 这一步没有表单，无从写“named_in”"),
        ("form: visit, sign: {mode: all, by: clerk, named_in: gone}", "unknown-name "),
        (
            "form: visit, sign: {mode: all, by: clerk, named_in: staff}",
            "wrong-shape “staff”不是填写几个人的一栏",
        ),
        (
            "form: visit, sign: {mode: 2, by: clerk, named_in: found}",
            "wrong-shape 写明签署人的，所写的人都要签",
        ),
        ("join: {workflow: gone}", "unknown-workflow 没有流程“gone”"),
        ("join: {workflow: child, reached: open}", "unknown-state 流程“child”没有环节“open”"),
        ("when: form.staff > 0", "unknown-name "),
        ("require: [{that: case.urgent}]", "missing-key 缺少“else”"),
        ("then: [{fly: away}]", "unknown-effect 没有“fly”这种做法"),
    ],
)
def test_steps_that_cannot_be(rest: str, problem: str) -> None:
    reader, problems = read(step(rest))
    assert len(problems) == 1
    assert problems[0].startswith(problem)
    assert len(reader.transitions) == len(reader.places) == 1


def test_sources_must_be_states_and_a_step_has_a_name() -> None:
    reader, problems = read("{do: x, title: 甲, from: [open, opne]}")
    assert reader.transitions[0].sources == ("open",)
    assert problems == ["unknown-state 没有环节“opne”"]
    reader, problems = read("{title: 甲, from: open}")
    assert (reader.transitions, reader.places) == ([], [])
    assert problems[0].startswith("missing-key 缺少“do”")


def test_in_a_stored_version_other_workflows_are_not_looked_for() -> None:
    partial = replace(WORLD, partial=True)
    reader, problems = read(step("join: {workflow: gone, reached: anywhere}"), partial)
    assert problems == []
    assert reader.transitions[0].join == Join(workflow="gone", states=frozenset({"anywhere"}))
