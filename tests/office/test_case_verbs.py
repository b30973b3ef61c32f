"""Every verb through one method: what it takes, and what a request of it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from bureau_factories import Bureau, done, refused

from engine.app.commands.case_verbs import TaskVerbs
from engine.lifecycle.verbs.table import VERBS

FLOW = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: clerk}
states:
  open:
    title: 待检查
    for: clerk
    deadline: 5 days
    verbs:
      - claim
      - reassign: {by: clerk}
      - extend: {by: clerk, approve: chief}
  done: {title: 办结, final: true}
transitions: [{do: finish, title: 办结, from: open, to: done}]
"""
#: Verb -> the method that is called otherwise.
CALLED = {"return": "send_back", "read": "read_copy"}


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    return bureau_at(FLOW)


def test_every_verb_of_the_table_has_a_method_with_its_arguments() -> None:
    for word, spec in VERBS.items():
        taken = inspect.signature(getattr(TaskVerbs, CALLED.get(word, word))).parameters
        assert {argument.name for argument in spec.arguments} <= set(taken), word
        for argument in spec.arguments:
            assert (taken[argument.name].default is inspect.Parameter.empty) == argument.required


def test_a_verb_is_done_by_its_word(bureau: Bureau) -> None:
    case = bureau.start("visit")
    done(bureau.application.do("claim", case, "anna"))
    done(bureau.application.do("reassign", case, "anna", to="anton", reason="出差"))
    assert bureau.case(case).assignee == "anton"
    done(bureau.application.do("extend", case, "anton", count=2, reason="材料未齐"))
    done(bureau.application.do("approve", case, "carl", verb="extend"))
    assert bureau.case(case).clocks["open"].extended_by == 2


def test_what_it_does_not_take_or_misses_is_a_mistake_of_the_caller(bureau: Bureau) -> None:
    case = bureau.start("visit")
    with pytest.raises(KeyError):
        bureau.application.do("paint", case, "anna")
    for words in ({}, {"to": "anton"}, {"to": "anton", "reason": "出差", "count": 3}):
        with pytest.raises(TypeError, match="reassign"):
            bureau.application.do("reassign", case, "anna", **words)


def test_somebody_who_is_not_there_is_refused(bureau: Bureau) -> None:
    case = bureau.start("visit")
    assert (
        "名录中没有“nobody”" in refused(bureau.application.reassign(case, "anna", "nobody", reason="出差"))[0]
    )


def test_a_request_acts_once_by_either_way(bureau: Bureau) -> None:
    case = bureau.start("visit")
    done(bureau.application.extend(case, "anna", 2, reason="材料未齐", request_id="r-1"))
    again = bureau.application.do("extend", case, "anna", count=2, reason="材料未齐", request_id="r-1")
    assert done(again).repeated
    other = bureau.application.do("extend", case, "anna", count=3, reason="材料未齐", request_id="r-1")
    assert "已用于另一条命令" in refused(other)[0]


def test_a_case_is_suspended_and_goes_on(bureau_at: Callable[..., Bureau]) -> None:
    verbs = "- claim\n      - suspend: {by: clerk}\n      - resume: {by: clerk}"
    bureau = bureau_at(FLOW.replace("- claim", verbs))
    case = bureau.start("visit")
    done(bureau.application.suspend(case, "anna", reason="等材料"))
    assert bureau.case(case).suspended_at is not None
    assert bureau.events(case)[-1].body["reason"] == "等材料"
    done(bureau.application.resume(case, "anna"))
    assert bureau.case(case).suspended_at is None
    assert bureau.kinds(case)[-2:] == ["suspended", "resumed"]


class Recorder(TaskVerbs):
    """Returns what is asked for in place of doing it."""

    def do(self, word: str, case_id: str, person: str, /, **arguments: Any) -> Any:
        """Return what was asked for."""
        return word, case_id, person, arguments


@pytest.mark.parametrize("word", VERBS)
def test_each_method_asks_for_its_verb_with_what_it_was_given(word: str) -> None:
    method = getattr(Recorder(), CALLED.get(word, word))  # type: ignore[abstract] # only `do` is asked
    named = {argument.name for argument in VERBS[word].arguments}
    for name, parameter in inspect.signature(method).parameters.items():
        if (
            parameter.default is inspect.Parameter.empty
            and parameter.kind is not inspect.Parameter.VAR_KEYWORD
        ):
            named.add(name)
    given = {name: f"<{name}>" for name in named - {"case_id", "person"}}
    asked, case, person, arguments = method("visit-1", "anna", **given)
    assert (asked, case, person) == (word, "visit-1", "anna")
    assert {name: arguments[name] for name in given} == given
