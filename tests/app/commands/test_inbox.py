"""收件箱: a person acknowledges what they were sent, and nobody does it for them."""

from __future__ import annotations

from register_fixtures import CLERK, KEEPER, OTHER, by, events, filled_inbox, reasons

from engine.app.commands.inbox import Acknowledged, acknowledge


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
