"""What is asked of a draw is one list: the facts, and the names the check knows."""

from __future__ import annotations

import pytest
from definition_examples import lines_of, load_example

from engine.definition.names import NO_DRAW, form_names, workflow_names
from engine.definition.symbols import FormOutline, SymbolTable, WorkflowOutline
from engine.definition.types import BOOLEAN, NUMBER, TEXT, list_of
from engine.lifecycle.expressions.draw_facts import DrawFacts

COMMIT = "commit: draw, pool: objects, ratios: 10%, inspectors: 2"
STEPS = """\
fields:
  - list: {title: 抽中的人, list}
  - n: {title: 第几次, integer}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    require: [{that: %s, else: 不行, basis: 条例 第一条}]
    then:
      - {%s}
"""
QUIET = "set: {n: 1}"
DRAWING = WorkflowOutline("drawing", forms=frozenset({"sheet", "both"}), draws=True)
PLAIN = WorkflowOutline("plain", forms=frozenset({"plain", "both"}))
WORLD = SymbolTable(
    forms={name: FormOutline(name, {}) for name in ("sheet", "plain", "both", "nobody")},
    workflows={"drawing": DRAWING, "plain": PLAIN},
)


def test_a_case_without_a_draw_has_the_same_facts() -> None:
    values = DrawFacts().values()
    assert values == {"no": 0, "objects": 0, "inspectors": []} | dict.fromkeys(
        ("committed", "drawn", "complete", "embargoed", "revealed", "spoiled", "lapsed"), False
    )
    assert DrawFacts(no=2, inspectors=("a", "b")).values() == {**values, "no": 2, "inspectors": ["a", "b"]}


def test_the_check_knows_the_facts_and_no_others() -> None:
    known = workflow_names(DRAWING, WORLD)["draw"]
    facts = DrawFacts(no=1, inspectors=("a",)).values()
    assert set(known.columns) == set(facts)
    assert known.open is False
    kinds = {bool: BOOLEAN, int: NUMBER, list: list_of(TEXT)}
    assert {name: kinds[type(fact)] for name, fact in facts.items()} == dict(known.columns)


def test_only_where_a_draw_is_held() -> None:
    assert workflow_names(PLAIN, WORLD)["draw"] == NO_DRAW
    found = {name: form_names(name, WORLD)["draw"] for name in ("sheet", "plain", "both", "nobody")}
    assert found.pop("plain") == NO_DRAW
    assert all(one.columns for one in found.values())


def test_a_stored_version_is_read_by_the_names_of_its_time() -> None:
    stored = SymbolTable(forms=WORLD.forms, workflows=WORLD.workflows, partial=True)
    assert workflow_names(PLAIN, stored)["draw"].open
    assert form_names("plain", stored)["draw"].open


@pytest.mark.parametrize("name", DrawFacts().values())
def test_every_fact_may_be_asked_for(name: str) -> None:
    fact = DrawFacts().values()[name]
    asked = f"draw.{name} == true" if isinstance(fact, bool) else f"draw.{name} == 3"
    if isinstance(fact, list):
        asked = f"length(draw.{name}) == 2"
    assert load_example(STEPS % (asked, COMMIT)).problems == ()
    assert lines_of("unknown-name", STEPS % (asked, QUIET)) == [9]


@pytest.mark.parametrize("name", ["comitted", "spoilt", "status", "selected", "number"])
@pytest.mark.parametrize("effect", [COMMIT, QUIET])
def test_no_other_name_is_taken(name: str, effect: str) -> None:
    assert lines_of("unknown-name", STEPS % (f"draw.{name} == true", effect)) == [9]


@pytest.mark.parametrize(
    ("asked", "effect", "message", "hint"),
    [
        ("draw.comitted", COMMIT, "“draw”里没有“comitted”", "是否想写“committed”？"),
        ("draw.xyzzy", COMMIT, "“draw”里没有“xyzzy”", "可写：no committed drawn"),
        ("draw.committed", QUIET, "本流程没有抽取，“draw”里没有“committed”", "commit"),
    ],
)
def test_what_is_said(asked: str, effect: str, message: str, hint: str) -> None:
    (problem,) = load_example(STEPS % (asked, effect)).problems
    assert str(problem.message) == message
    assert hint in str(problem.hint).replace("、", " ")


def test_how_many_were_drawn_is_a_number() -> None:
    assert lines_of("type-mismatch", STEPS % ("length(draw.objects) > 0", COMMIT)) == [9]
    assert lines_of("type-mismatch", STEPS % ("draw.objects > 0", COMMIT)) == []


def test_a_value_that_an_effect_writes_is_checked_too() -> None:
    assert lines_of("unknown-name", STEPS % ("today != today", "set: {n: = draw.nr}")) == [11]
    assert lines_of("unknown-name", STEPS % ("today != today", "set: {n: = draw.no}")) == [11]
