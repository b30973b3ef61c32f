"""收件箱: nobody reads what another was sent."""

from __future__ import annotations

from register_fixtures import CLERK, KEEPER, OTHER, by, filled_inbox, reasons

from engine.app.commands.inbox import acknowledge, choose_messages
from engine.app.people.message_preferences import KINDS
from engine.app.queries.people.inbox import list_inbox, message_choices
from engine.kernel.refusal import Refusal


def test_an_inbox_is_its_owners() -> None:
    application = filled_inbox()
    for who in (OTHER, KEEPER):
        assert reasons(list_inbox(application, who, person=CLERK)) == ["这件事只能由本人（clerk-1）办理"]
    found = list_inbox(application, CLERK, person=CLERK)
    assert not isinstance(found, Refusal)
    assert [entry.id for entry in found] == [f"{CLERK}:2", f"{CLERK}:1"]
    acknowledge(application, by(CLERK), CLERK, [f"{CLERK}:2"])
    left = list_inbox(application, CLERK, person=CLERK)
    everything = list_inbox(application, CLERK, person=CLERK, everything=True)
    assert not isinstance(left, Refusal)
    assert not isinstance(everything, Refusal)
    assert (len(left), len(everything)) == (1, 2)


def test_a_person_reads_which_messages_they_are_sent() -> None:
    application = filled_inbox()
    choose_messages(application, by(CLERK), CLERK, "arrived", "none")
    found = message_choices(application, CLERK, person=CLERK)
    assert not isinstance(found, Refusal)
    assert {one.kind: one.choice for one in found} == {**dict.fromkeys(KINDS, "all"), "arrived": "none"}
    assert [one.title for one in found] == list(KINDS.values())
    assert reasons(message_choices(application, OTHER, person=CLERK))
