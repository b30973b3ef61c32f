"""Tasks side by side in a whole office: who has them, taking an answer back, asking anew, and what is left when all are answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bureau_factories import Bureau

from engine.app.people.directory import candidate_keys
from engine.kernel.refusal import Refusal
from engine.lifecycle.process import Process

SHEET = """
form: view
title: 意见
fields: [cost: {title: 费用, type: money, optional: true}]
"""
FLOW = """
workflow: asking
title: 征求意见
about: none
initial: drafting
start: {by: clerk}
states:
  drafting: {title: 拟稿, for: clerk}
  views:
    title: 征求意见
    verbs: [withdraw]
    branches:
      law: {title: 法制意见, for: clerk, form: view}
      money: {title: 财务意见, for: chief, form: view}
  done: {title: 办结, final: true}
transitions:
  - {do: ask_all, title: 征求, from: drafting, to: views}
  - {do: enough, title: 够了, from: views, to: done, automatic: true, when: "sum(branches, it.answers.cost) > 10"}
"""


def opened(*more: str) -> tuple[Bureau, str]:
    """Return an office in which a case has come to its tasks side by side."""
    bureau = Bureau(SHEET, FLOW + "".join(f"  - {line}\n" for line in more))
    case = bureau.start("asking", section="north")
    bureau.take(case, "ask_all")
    return bureau, case


def having(bureau: Bureau, case: str) -> list[str]:
    return [person for person in ("anna", "carl", "dora") if case in bureau.work_items(person)]


def test_an_answer_is_taken_back_alone_whoever_else_has_answered() -> None:
    bureau, case = opened()
    bureau.take(case, "law", "anna", {"cost": "4.5"})
    bureau.take(case, "money", "carl", {"cost": "1"})
    assert having(bureau, case) == []
    assert not isinstance(bureau.application.do("withdraw", case, "anna"), Refusal)
    assert (bureau.state(case), list(bureau.case(case).branches)) == ("views", ["money"])
    assert having(bureau, case) == ["anna"]
    bureau.take(case, "law", "anna", {"cost": "9.5"})
    # 9.5 and 1 are more than 10: money others have answered is a number in the sum.
    assert bureau.state(case) == "done"
    assert bureau.findings() == []


def test_the_step_before_is_taken_back_where_one_has_not_answered() -> None:
    bureau, case = opened()
    assert not isinstance(bureau.application.do("withdraw", case, "anna"), Refusal)
    assert bureau.state(case) == "drafting"


def test_a_state_entered_again_in_the_same_instant_asks_anew() -> None:
    bureau, case = opened("{do: pull, title: 收回, from: views, to: drafting, by: clerk}")
    bureau.take(case, "law", "anna", {"cost": "4"})
    bureau.take(case, "pull")
    bureau.take(case, "ask_all")
    assert having(bureau, case) == ["anna", "carl"]
    bureau.take(case, "law", "anna", {"cost": "5"})
    assert bureau.case(case).branches["law"]["answers"] == {"cost": "5"}
    assert bureau.findings() == []


@pytest.mark.parametrize("word", ["claim", "reassign", "entrust"])
def test_nobody_takes_the_tasks_of_the_others_into_their_hands(word: str) -> None:
    bureau, case = opened()
    given: dict[str, Any] = {} if word == "claim" else {"to": "anton", "reason": "请办"}
    outcome = bureau.application.do(word, case, "anna", **given)
    assert isinstance(outcome, Refusal)
    assert having(bureau, case) == ["anna", "carl"]
    with pytest.raises(AssertionError, match="各项并行"):
        bureau.publish(FLOW.replace("verbs: [withdraw]", f"verbs: [{word}: {{by: clerk}}]"))
    # What is said of all states does not hold for this one.
    bureau.publish(FLOW.replace("states:\n", f"verbs: [{word}: {{by: clerk}}]\nstates:\n", 1))


def test_a_task_somebody_claimed_before_that_was_refused_is_still_that_of_the_others() -> None:
    bureau, case = opened()
    with bureau.look() as transaction:
        process: Process = bureau.application.definitions.get(transaction, "asking", 1)
    claimed = replace(bureau.case(case), assignee="anna")
    assert candidate_keys(process, claimed) == ["r:clerk@north", "r:chief@north"]


def test_whoever_may_go_on_has_the_task_once_all_have_answered() -> None:
    bureau, case = opened("{do: close, title: 不再等, from: views, to: done, by: deputy}")
    bureau.take(case, "law", "anna", {})
    bureau.take(case, "money", "carl", {})
    assert having(bureau, case) == ["dora"]
    bureau.take(case, "close", "dora")


def test_a_case_all_have_answered_and_nothing_brings_on_is_an_incident() -> None:
    bureau, case = opened()
    bureau.take(case, "law", "anna", {})
    bureau.until("2024-09-03")
    assert bureau.incidents() == []
    bureau.take(case, "money", "carl", {"cost": "1"})
    bureau.until("2024-09-04")
    ((timer, said),) = bureau.incidents()
    assert timer.case == case
    assert "没有待办" in said
    assert any("没有待办" in text for text in bureau.mail("anna"))
