"""What may be done with a task besides its steps, by whom and when."""

from __future__ import annotations

from bureau_factories import Bureau, done

from engine.app.queries.cases import show_case
from engine.app.worklist.case_view import TaskView
from engine.cli.cases.case_text import case_text

FLOW = """
workflow: stops
title: 停办
about: none
initial: open
start: {by: clerk}
verbs:
  - claim
  - suspend: {by: clerk, pauses: [open]}
  - resume: {by: [clerk, chief]}
  - extend: {by: chief, clock: open, max: 2 working days, times: 1}
  - void: {by: chief, to: void}
  - withdraw
states:
  open: {title: 待办, for: clerk, deadline: 5 working days}
  next: {title: 待审, for: clerk}
  done: {title: 完, final: true}
  void: {title: 作废, final: true}
transitions:
  - {do: send, title: 送审, from: open, to: next}
  - {do: close, title: 办结, from: next, to: done, form: closing}
"""
CLOSING = """
form: closing
title: 办结单
fields:
  - good: {title: 合格, boolean}
  - why: {title: 不合格的原因, when: not form.good}
  - state: {title: 环节, when: "case.title == '甲件'"}
  - other: {title: 别的, when: "case.title == '乙件'"}
"""


def view(bureau: Bureau, case: str, person: str | None) -> TaskView:
    found = show_case(bureau.application, "dora", case, as_person=person)
    assert isinstance(found, TaskView), str(found)
    return found


def verbs(bureau: Bureau, case: str, person: str | None) -> set[str]:
    return set(view(bureau, case, person).verbs)


def test_what_is_offered_follows_the_case_and_the_person() -> None:
    bureau = Bureau(FLOW, CLOSING)
    case = bureau.start("stops", title="甲件")
    assert verbs(bureau, case, "anna") == {"claim", "suspend"}
    assert verbs(bureau, case, "carl") == {"extend", "void"}
    # Nobody in particular: whatever the case allows.
    assert verbs(bureau, case, None) == {"claim", "suspend", "extend", "void", "withdraw"}
    done(bureau.application.extend(case, "carl", 1, reason="节前"))
    assert "extend" not in verbs(bureau, case, "carl")
    done(bureau.application.claim(case, "anna"))
    assert "claim" not in verbs(bureau, case, "anna") | verbs(bureau, case, "anton")


def test_work_goes_on_again_only_where_it_was_stopped() -> None:
    bureau = Bureau(FLOW, CLOSING)
    case = bureau.start("stops", title="甲件")
    assert "恢复" not in case_text(view(bureau, case, "anna"))
    done(bureau.application.suspend(case, "anna", reason="等材料"))
    assert verbs(bureau, case, "anna") == verbs(bureau, case, "carl") == {"resume"}
    assert verbs(bureau, case, "dora") == set()
    assert "还可以：恢复" in case_text(view(bureau, case, "anna"))


def test_a_step_is_taken_back_by_who_took_it_and_nothing_is_done_with_a_closed_case() -> None:
    bureau = Bureau(FLOW, CLOSING)
    case = bureau.start("stops", title="甲件")
    bureau.take(case, "send")
    assert "withdraw" in verbs(bureau, case, "anna")
    assert "withdraw" not in verbs(bureau, case, "anton")
    done(bureau.application.void(case, "carl", reason="误立"))
    assert verbs(bureau, case, None) == set()


def test_a_question_is_said_to_be_answered_only_where_it_is_asked() -> None:
    bureau = Bureau(FLOW, CLOSING)
    case = bureau.start("stops", title="甲件")
    bureau.take(case, "send")
    shown = view(bureau, case, "anna")
    text = case_text(shown)
    assert "good：合格（必填；" in text
    assert "why：不合格的原因（视情况必填：“合格”为“否”；" in text
    # What is known of the case: asked for certain, and not at all.
    assert "state：环节（必填；" in text
    assert "别的" not in text
    fields = {one["name"]: one for one in shown.as_json()["steps"][0]["fields"]}
    assert {name: one["required"] for name, one in fields.items()} == {
        "good": True,
        "why": False,
        "state": True,
    }
    assert fields["why"]["required_when"] == "“合格”为“否”"


def test_a_step_of_others_is_not_called_one_that_can_be_taken() -> None:
    bureau = Bureau(FLOW, CLOSING)
    case = bureau.start("stops", title="甲件")
    assert "\n可办：送审" in case_text(view(bureau, case, "anna"))
    assert "\n他人可办：送审" in case_text(view(bureau, case, "carl"))


ENDS = """
workflow: ends
title: 两头
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  next: {title: 待审, for: clerk}
  good: {title: 合格, final: true}
  bad: {title: 不合格, final: true}
transitions:
  - {do: stop, title: 终止, from: [open, next], to: bad, reason: true}
  - {do: send, title: 送审, from: open, to: next}
  - {do: judge, title: 判为合格, from: next, to: good, when: "case.title == '甲件'"}
  - {do: judge, title: 判为不合格, from: next, to: bad}
  - {do: give_back, title: 退回, from: next, to: open}
"""


def test_the_main_step_is_first_and_one_with_two_ends_is_called_by_both() -> None:
    bureau = Bureau(ENDS)
    case = bureau.start("ends", title="甲件")
    assert view(bureau, case, "anna").main_step == "send"
    assert view(bureau, case, "carl").main_step is None
    bureau.take(case, "send")
    shown = view(bureau, case, "anna")
    assert shown.main_step == "judge"
    assert "可办：判为合格 / 判为不合格（judge）" in case_text(shown)
