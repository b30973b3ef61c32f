"""Who acts on a case is on duty and sees it; else nothing of the case is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bureau_factories import Bureau, done, refused
from visit_bureau import unit, visit_bureau

from engine.app.access.case_access import case_to_act_on, require_visible, unknown_person
from engine.app.commands.application import NewCase
from engine.app.history.journal import add_entry
from engine.app.queries.cases import show_case
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal

HIDDEN = "没有案件“visit-1”，或它属于其他股室"

SIGNED = """
workflow: paper
title: 文书
about: none
initial: open
start: {by: clerk}
parties: {signers: 会签人}
states:
  open: {title: 会签, for: [clerk, signers], verbs: {add_signer: {by: clerk}, reassign: {by: chief}}}
  done: {title: 完, final: true}
transitions:
  - {do: sign, title: 签署, from: open, to: done, by: signers, sign: {by: signers, mode: all}}
"""

ACTS: dict[str, Callable[[Bureau, str, str], Any]] = {
    "advance": lambda b, case, who: b.application.advance(case, "send", who),
    "a step there is not": lambda b, case, who: b.application.advance(case, "nothing", who),
    "advance by effect": lambda b, case, who: b.application.advance_by_effect(case, "commit", who),
    "advance together": lambda b, case, who: b.application.advance_together(case, [("send", who, None)]),
    "claim": lambda b, case, who: b.application.claim(case, who),
    "void": lambda b, case, who: b.application.void(case, who, reason="误立"),
    "urge": lambda b, case, who: b.application.urge(case, who),
    "reassign": lambda b, case, who: b.application.reassign(case, who, "nobody", reason="请假"),
    "suspend": lambda b, case, who: b.application.suspend(case, who, reason="停"),
    "approve": lambda b, case, who: b.application.approve(case, who, "void"),
    "a dry run": lambda b, case, who: b.application.advance(case, "send", who, dry_run=True),
    "a child of it": lambda b, case, who: b.application.start(
        "visit", who, NewCase(title="示例", parent=case)
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_another_section_is_told_what_is_told_of_a_case_there_is_not(act: str) -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    shown = show_case(bureau.application, "bela", case)
    answer, absent = (ACTS[act](bureau, name, "bela") for name in (case, "visit-9"))
    assert isinstance(answer, Refusal)
    assert isinstance(absent, Refusal)
    assert isinstance(shown, Refusal)
    assert answer.reasons == shown.reasons
    assert [str(reason.message) for reason in answer.reasons] == [HIDDEN]
    assert (answer.case, answer.attempt) == (absent.case, absent.attempt.replace("visit-9", case))
    assert [str(one.message).replace("visit-9", case) for one in absent.reasons] == [HIDDEN]
    assert [(one.code, one.basis, one.next) for one in absent.reasons] == [
        (one.code, one.basis, one.next) for one in answer.reasons
    ]


def test_the_attempt_stands_in_the_history_of_the_office_and_not_in_that_of_the_case() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    before = bureau.kinds(case)
    bureau.no(case, "send", "bela")
    (entry,) = [one for one in bureau.events("office") if one.kind == "refused"]
    assert (entry.actor, entry.body["verb"], entry.body["about"]) == ("bela", "advance", case)
    assert [reason["message"] for reason in entry.body["reasons"]] == [HIDDEN]
    assert bureau.kinds(case) == before


def test_somebody_who_has_left_is_told_so_whatever_the_case() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    with bureau.store.write() as transaction:
        (anna,) = transaction.registers.some("people", ["anna"]).values()
        transaction.registers.put([replace(anna, data={**anna.data, "status": "left"})], bureau.clock.now())
        # Every change of a register is an entry of its history: what is cached of people is read again.
        add_entry(transaction, bureau.clock.now(), "imported", "system", {}, "register:people")
    for name in (case, "visit-9"):
        assert refused(bureau.application.advance(name, "send", "anna")) == ["“anna”已不在岗"]
    assert show_case(bureau.application, "anna", case) == bureau.application.claim(case, "anna")


def test_nobody_known_learns_whether_there_is_a_case() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    told = [bureau.application.advance(name, "send", "nobody") for name in (case, "visit-9")]
    assert told[0] == told[1]
    assert refused(told[0]) == ["名录中没有“nobody”这个人"]
    assert refused(bureau.application.claim("visit-9", "anna")) == ["没有案件“visit-9”，或它属于其他股室"]


def test_a_signer_of_another_section_signs_and_a_role_of_the_bureau_is_told_the_definition() -> None:
    bureau = visit_bureau(SIGNED)
    case = bureau.start("paper", parties={"signers": ("anna", "bela")})
    done(bureau.application.advance(case, "sign", "bela"))
    assert refused(bureau.application.advance(case, "sign", "cora")) == [
        f"没有案件“{case}”，或它属于其他股室"
    ]
    assert refused(bureau.application.advance(case, "sign", "dora")) != [
        f"没有案件“{case}”，或它属于其他股室"
    ]
    done(bureau.application.add_signer(case, "anna", "cora", reason="须会签"))
    done(bureau.application.advance(case, "sign", "cora"))


def test_whoever_a_task_was_handed_to_may_do_it() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    with unit(bureau) as uow:
        found, actor = case_to_act_on(uow, case, "anna", "办理")
        assert (found.id, actor.id, actor.section) == (case, "anna", "north")
        with pytest.raises(CommandRefused):
            case_to_act_on(uow, case, "bela", "办理")
        bela = uow.people.actor("bela")
        assert bela is not None
        with pytest.raises(CommandRefused) as caught:
            require_visible(uow, found, bela)
    assert [str(reason.message) for reason in caught.value.refusal.reasons] == [HIDDEN]


def test_the_refusal_of_somebody_unknown() -> None:
    (reason,) = unknown_person(None, "nobody", "办理").refusal.reasons
    assert (reason.code, reason.next.name if reason.next else "") == ("person", "list_staff")
