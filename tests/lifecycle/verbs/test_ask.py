"""征询 答复."""

from __future__ import annotations

from typing import Any

from verb_factories import codes, happened
from walk_factories import ANNA, BELA, CARL, DORA, Walk, process_of

from engine.lifecycle.case import EventKind
from engine.lifecycle.command import CasePath
from engine.lifecycle.verbs.asking.ask import Ask, Reply, ask, reply
from engine.lifecycle.verbs.withdraw import Withdraw

FLOW = """
workflow: permit
title: 许可
about: object
initial: examining
start: {by: clerk}
states:
  examining:
    title: 待审查
    for: chief
    verbs: [withdraw, ask: {by: chief, among: [clerk, deputy], pauses: [examine_due]}]
  deciding: {title: 待决定, for: chief}
  done: {title: 办结, final: true}
clocks:
  examine_due: {title: 审查期限, during: [examining, deciding], deadline: 20 working days, basis: 某法 第一条}
  whole_due: {title: 总期限, during: [examining, deciding], deadline: 60 working days, basis: 某法 第二条}
transitions:
  - {do: pass, title: 通过, from: examining, to: deciding}
  - {do: decide, title: 决定, from: deciding, to: done}
"""
PROCESS = process_of(FLOW)


def walk() -> Walk:
    return Walk("", process=PROCESS)


def question(**words: Any) -> Ask:
    return Ask(**{"actor": CARL, "to": ANNA, "what": "complete", "reason": "补交场地证明", **words})


def test_a_question_names_who_is_waited_for_and_since_when() -> None:
    case = walk()
    kind, change, notices = happened(ask(case.process, case.case, question(), case.now))
    assert kind is EventKind.QUESTIONED
    assert notices == ("p:anna",)
    words = change.asked["ask"]
    assert words is not None
    assert (words["to"], words["what"], words["at"][:10]) == ("anna", "complete", "2024-09-02")


def test_only_the_clocks_the_law_stops_stand_still_and_get_the_time_of_waiting_back() -> None:
    case = walk()
    before = {name: case.due(name) for name in case.case.clocks}
    case.do(question())
    assert case.case.clocks["examine_due"].paused_at == case.now
    assert case.case.clocks["whole_due"].paused_at is None
    case.at("2024-09-11")
    kind, change, notices = happened(
        reply(case.process, case.case, Reply(actor=ANNA, reason="已补"), case.now)
    )
    assert (kind, notices) == (EventKind.REPLIED, ("p:carl",))
    assert change.asked == {"ask": None}
    case.do(Reply(actor=ANNA, reason="已补"))
    # From 2 to 11 September 2024 seven working days were waited; 1 to 7 October are days off, the 12th is not.
    assert (before["examine_due"], case.due("examine_due")) == ("2024-09-30", "2024-10-15")
    assert case.due("whole_due") == before["whole_due"]
    assert not case.case.asked


def test_the_question_ends_with_the_state() -> None:
    case = walk()
    case.do(question())
    case.at("2024-09-11")
    case.take("pass", CARL)
    assert not case.case.asked
    assert case.case.clocks["examine_due"].paused_at is None
    assert case.due("examine_due") == "2024-10-15"
    assert codes(reply(case.process, case.case, Reply(actor=ANNA, reason="已补"), case.now)) == ["state"]


def test_whoever_asked_may_take_the_question_back() -> None:
    case = walk()
    case.do(question())
    case.at("2024-09-11")
    done = case.do(Withdraw(actor=CARL, passage=CasePath()))
    assert [to for to, _ in done.notices] == ["p:anna"]
    assert not case.case.asked
    assert case.due("examine_due") == "2024-10-15"


def test_one_question_at_a_time_to_those_the_definition_names_never_to_oneself() -> None:
    case = walk()
    assert codes(ask(case.process, case.case, question(to=BELA), case.now)) == ["person"]
    assert codes(ask(case.process, case.case, question(to=CARL), case.now)) == ["person"]
    assert codes(ask(case.process, case.case, question(what="hurry"), case.now)) == ["argument"]
    assert codes(ask(case.process, case.case, question(reason=""), case.now)) == ["reason"]
    assert codes(ask(case.process, case.case, question(actor=ANNA), case.now)) == ["not-allowed"]
    case.do(question())
    assert codes(ask(case.process, case.case, question(to=DORA), case.now)) == ["state"]


def test_only_who_was_asked_answers_and_says_what() -> None:
    case = walk()
    case.do(question())
    assert codes(reply(case.process, case.case, Reply(actor=DORA, reason="已补"), case.now)) == [
        "not-allowed"
    ]
    assert codes(reply(case.process, case.case, Reply(actor=ANNA), case.now)) == ["reason"]
