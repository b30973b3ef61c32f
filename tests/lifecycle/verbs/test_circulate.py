"""传阅 已阅."""

from __future__ import annotations

from verb_factories import codes, happened
from walk_factories import ANNA, BELA, CARL, DORA, Walk

from engine.lifecycle.case import EventKind
from engine.lifecycle.command import ENGINE
from engine.lifecycle.verbs.asking.circulate import (
    Circulate,
    Read,
    circulate,
    copy_message,
    new_copy,
    read,
    unread,
)

FLOW = """
workflow: notice
title: 通报
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待发, for: clerk, verbs: [circulate: {among: [chief, deputy]}]}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done}
"""


def test_a_copy_is_read_once_and_the_sender_hears_it_in_the_end_too() -> None:
    case = Walk(FLOW)
    case.do(Circulate(actor=ANNA, to=CARL, reason="请知悉"))
    assert (unread(case.case), case.log[-1][2], case.case.assignee) == (("carl",), ("p:carl",), None)
    again = Circulate(actor=ANNA, to=CARL)
    assert codes(circulate(case.process, case.case, again, case.now)) == ["claimed"]
    case.take("finish", ANNA)
    case.do(Read(actor=CARL, reason="同意"))
    assert (unread(case.case), case.log[-1][2]) == ((), ("p:anna",))
    assert codes(read(case.process, case.case, Read(actor=CARL), case.now)) == ["claimed"]
    assert codes(read(case.process, case.case, Read(actor=DORA), case.now)) == ["not-allowed"]
    assert case.kinds == ["circulated", "advanced", "read"]


def test_only_to_those_named_and_by_whom_the_task_is_for() -> None:
    case = Walk(FLOW)
    assert codes(circulate(case.process, case.case, Circulate(actor=ANNA, to=BELA), case.now)) == ["person"]
    assert codes(circulate(case.process, case.case, Circulate(actor=CARL, to=DORA), case.now)) == [
        "not-allowed"
    ]


def test_who_has_read_a_copy_can_be_sent_another() -> None:
    case = Walk(FLOW)
    case.do(Circulate(actor=ANNA, to=CARL))
    case.do(Read(actor=CARL))
    kind, change, _ = happened(circulate(case.process, case.case, Circulate(actor=ANNA, to=CARL), case.now))
    assert (kind, "read_at" in change.copies["carl"]) == (EventKind.CIRCULATED, False)


def test_nobody_waits_for_the_receipt_of_what_the_engine_sent() -> None:
    case = Walk(FLOW, copies={"dora": new_copy(ENGINE, Walk(FLOW).now)})
    _, _, receivers = happened(read(case.process, case.case, Read(actor=DORA), case.now))
    assert receivers == ()
    assert str(copy_message(case.case, "anna", None)) == "传阅：“示例件”（notice-1），“anna”请您阅知并回执"
