"""收件箱: a person acknowledges what they were sent, and nobody does it for them."""

from __future__ import annotations

from bureau_factories import Bureau
from register_fixtures import CLERK, KEEPER, OTHER, by, events, filled_inbox, reasons

from engine.app.commands.inbox import Acknowledged, ChosenMessages, acknowledge, choose_messages
from engine.app.people.message_preferences import preferences_in


def test_nobody_acknowledges_for_another() -> None:
    application = filled_inbox()
    for who in (OTHER, KEEPER):
        assert reasons(acknowledge(application, by(who), CLERK)) == ["这件事只能由本人（clerk-1）办理"]
    outcome = acknowledge(application, by(CLERK), CLERK, [f"{CLERK}:1", f"{OTHER}:1"])
    assert isinstance(outcome, Acknowledged)
    assert (outcome.marked, outcome.strange) == ((f"{CLERK}:1",), (f"{OTHER}:1",))
    assert str(outcome.problems[0]) == "“clerk-1”的收件箱里没有消息“clerk-2:1”"


def test_acknowledging_twice_changes_nothing_and_enters_nothing() -> None:
    application = filled_inbox()
    first = acknowledge(application, by(CLERK, request_id="a"), CLERK)
    assert acknowledge(application, by(CLERK, request_id="a"), CLERK) == first
    assert acknowledge(application, by(CLERK), CLERK) == Acknowledged((), (), CLERK)
    kinds = [event.kind for event in events(application, "office")]
    assert kinds.count("acknowledged") == 1
    assert "done" not in kinds


def test_a_person_chooses_which_messages_they_are_sent() -> None:
    application = filled_inbox()
    chosen = choose_messages(application, by(CLERK, request_id="a"), CLERK, "arrived", "mine")
    assert isinstance(chosen, ChosenMessages)
    assert (chosen.person, chosen.choices["arrived"]) == (CLERK, "mine")
    assert chosen.as_json()["choices"] == dict(chosen.choices)
    assert choose_messages(application, by(CLERK, request_id="a"), CLERK, "arrived", "mine") == chosen
    with application.store.read() as transaction:
        assert preferences_in(transaction) == {CLERK: {"arrived": "mine"}}
    back = choose_messages(application, by(CLERK), CLERK, "arrived", "all")
    assert isinstance(back, ChosenMessages)
    with application.store.read() as transaction:
        assert preferences_in(transaction) == {}
    assert "不是可以选择的消息" in reasons(choose_messages(application, by(CLERK), CLERK, "x", "all"))[0]
    assert "不是可以选的" in reasons(choose_messages(application, by(CLERK), CLERK, "arrived", "x"))[0]
    kinds = [event.kind for event in events(application, "message-preferences")]
    assert kinds == ["messages_chosen", "messages_chosen"]


COPIED = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  told: {title: 待归档, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: send, title: 送出, from: open, to: told, then: [{copy_to: [deputy]}]}
  - {do: close, title: 归档, from: told, to: done}
"""


def test_acknowledging_a_copy_of_a_case_is_its_receipt() -> None:
    bureau = Bureau(COPIED)
    bureau.application.channels = ("inbox",)
    case = bureau.start("errand")
    bureau.take(case, "send")
    outcome = acknowledge(bureau.application, by("dora"), "dora")
    assert isinstance(outcome, Acknowledged)
    assert len(outcome.marked) == 1
    assert "read_at" in bureau.case(case).copies["dora"]
    assert bureau.kinds(case)[-1] == "read"
