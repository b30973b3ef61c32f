"""A definition the check calls sound does not wait for ever, and one it calls waiting for ever is seen to.

60 definitions of four kinds of waiting in every run, 3,000 with ``--soak``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from definition_examples import lines_of
from meaning_example import node
from random_definitions import Run
from random_waits import answers, load, made

from engine.definition.meaning.waits.settled import Settling, UnknownError
from engine.definition.rules import MEANING_RULES
from engine.lifecycle.expressions.source_text import source_text
from engine.yamltext.problem import Severity

FEW, MANY = 60, 3_000
RUNS, ACTS = 8, 9
RULES = {"nothing-left-to-do", "lock-out-of-place"}


@contextmanager
def without_the_rules() -> Iterator[None]:
    """Load definitions as sound that wait for ever, so that they can be run."""
    others = tuple(rule for rule in MEANING_RULES if rule.id not in RULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.definition.library.MEANING_RULES", others)
        yield


def test_what_waits_for_ever_is_named_and_nothing_else(soak: bool) -> None:
    seen: Counter[tuple[bool, bool]] = Counter()
    for seed in range(MANY if soak else FEW):
        texts = made(seed)
        errors = {problem.rule for problem in load(texts).problems if problem.severity is Severity.ERROR}
        if errors - RULES:
            continue
        with without_the_rules():
            loaded = load(texts)
        stood = False
        for number in range(RUNS):
            run = Run(loaded, seed * RUNS + number, answers)
            run.go(ACTS)
            stood = bool(run.stuck())
            if stood:
                break
        seen[bool(errors), stood] += 1
        # What stands is named; nothing that is sound stands.
        assert errors or not stood, texts["made.yaml"]
    # Some that are named wait on a way the few runs do not take.
    assert seen[True, False] <= (seen[True, True] + seen[False, False]) // 10, seen
    assert min(seen[True, True], seen[False, False]) > FEW // 5, seen


def settling(**missing: bool) -> Settling:
    """Return what is asked of a state with no branches, in a workflow without children."""
    return Settling((), {}, lambda path: path[-1] in missing, lambda _: (0, None))


@pytest.mark.parametrize(
    ("written", "at_last"),
    [
        ("today >= case.day", "filled(case.day)"),
        ("case.day < today", "filled(case.day)"),
        ("today != case.day", "filled(case.day)"),
        ("today >= case.sure", "true"),
        ("days_between(case.day, today) > 3", "filled(case.day) and true"),
        ("days_between(today, case.sure) < 3", "true and true"),
        ("case.flag and today > case.sure", "case.flag and true"),
        ("branches.open == 0", "true"),
        ("branches.done >= 1", "false"),
        ("branches.x.answers.ok", "branches.x.answers.ok"),
        # Of a state without branches nobody answers one.
        ("branches.x.done", "branches.x.done in true"),
    ],
)
def test_what_a_condition_comes_to(written: str, at_last: str) -> None:
    assert source_text(settling(day=True).of(node(written))) == at_last


@pytest.mark.parametrize(
    "written", ["today <= case.sure", "today == case.sure", "days_between(case.sure, today) < 3"]
)
def test_a_day_that_may_be_past_is_a_question_of_its_own(written: str) -> None:
    found = settling()
    found.of(node(written))
    assert [word.render("zh_CN") for word in found.words.values()] == [f"{written}的日子已经过去"]


@pytest.mark.parametrize(
    "written", ["parent.ready", "not today > case.sure", "children.kid.open == 0", "registers.x == 1"]
)
def test_what_others_change_is_not_judged(written: str) -> None:
    with pytest.raises(UnknownError):
        settling().of(node(written))


def test_a_kind_of_child_that_is_not_there_is_not_judged() -> None:
    text = """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 等待}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, automatic: true, when: children.follow_up.in.closed >= NUMBER}
"""
    assert lines_of("nothing-left-to-do", text.replace("NUMBER", "1")) == []
    assert lines_of("nothing-left-to-do", text.replace("NUMBER", "2")) == [3]
