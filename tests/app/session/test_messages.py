"""Who is told what: arrivals with what a step says itself, never of one's own act."""

from __future__ import annotations

from bureau_factories import Bureau

from engine.kernel.refusal import Refusal

HANDED = """
workflow: handed
title: 交办
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, verbs: [claim, reassign: {by: clerk}]}
  checking: {title: 待审核, for: [chief, clerk], deadline: 5 working days}
  waiting: {title: 待领导, for: deputy}
  done: {title: 完, final: true}
transitions:
  - do: send
    title: 送审
    from: open
    to: checking
    then: [{notify: [chief], message: "“{{ case.title }}”请审核"}]
  - {do: pass, title: 通过, from: checking, to: waiting}
  - {do: decide, title: 决定, from: waiting, to: done}
"""


def arrived(bureau: Bureau, case: str) -> dict[str, str]:
    """Return what everybody was told last, of the case as it now is."""
    rev = bureau.case(case).rev
    return {
        str(item.recipient): item.payload["text"]
        for item in bureau.outbox(arrivals=True)
        if item.id.startswith(f"{case}:{rev}:")
    }


def test_whoever_has_the_task_is_told_but_not_who_acted() -> None:
    bureau = Bureau(HANDED)
    case = bureau.start("handed", title="甲件")
    assert arrived(bureau, case) == {"anton": "新待办：“甲件”（handed-1）待办“待办”，请办理“送审”"}


def test_what_the_step_says_and_the_arrival_are_one_message() -> None:
    bureau = Bureau(HANDED)
    case = bureau.start("handed", title="甲件")
    bureau.take(case, "send")
    came = "新待办：“甲件”（handed-1）待办“待审核”，请办理“通过”，最迟 2024-09-09（待审核）"
    assert arrived(bureau, case) == {"carl": f"“甲件”请审核；{came}", "anton": came}


def test_a_task_handed_over_is_told_to_whoever_takes_it_over() -> None:
    bureau = Bureau(HANDED)
    case = bureau.start("handed", title="甲件")
    outcome = bureau.application.reassign(case, "anna", "anton", reason="换人")
    assert not hasattr(outcome, "reasons"), outcome
    assert list(arrived(bureau, case)) == ["anton"]


def test_what_nobody_holds_is_said_to_those_the_case_belongs_to() -> None:
    bureau = Bureau(HANDED)
    case = bureau.start("handed", title="甲件")
    bureau.take(case, "send")
    bureau.leaves("dora")
    bureau.take(case, "pass", "carl")
    assert set(arrived(bureau, case)) == {"anna", "anton"}
    assert all("没有人承担" in text for text in arrived(bureau, case).values())


STEPS = """
workflow: steps
title: 分头
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: [clerk, chief], verbs: [reassign: {by: clerk, among: deputy}]}
  checking: {title: 待审核, for: chief, verbs: [add_signer: {by: clerk, among: deputy}]}
  done: {title: 完, final: true}
transitions:
  - {do: stop, title: 终止, from: open, to: done, by: chief, reason: true}
  - {do: drop, title: 放弃, from: open, to: done, by: [deputy, chief]}
  - {do: send, title: 送审, from: open, to: checking}
  - {do: pass, title: 通过, from: checking, to: done, sign: {mode: all, by: chief}}
"""


def test_everybody_is_asked_for_a_step_of_their_own() -> None:
    bureau = Bureau(STEPS)
    case = bureau.start("steps", title="甲件")
    told = arrived(bureau, case)
    assert "请办理“送审”" in told["anton"]
    # Two ways of hers are alike and the state is called after neither: the state alone is named.
    assert told["carl"] == "新待办：“甲件”（steps-1）待办“待办”"
    # Whoever a task is handed to acts for those the state is for.
    assert not isinstance(bureau.application.reassign(case, "anna", "dora", reason="换人"), Refusal)
    assert "请办理“送审”" in arrived(bureau, case)["dora"]


def test_an_added_signer_is_asked_to_sign() -> None:
    bureau = Bureau(STEPS)
    case = bureau.start("steps", title="甲件")
    bureau.take(case, "send")
    added = bureau.application.do("add_signer", case, "anna", signer="dora", reason="加签")
    assert not isinstance(added, Refusal), added
    assert "请办理“通过”" in arrived(bureau, case)["dora"]
