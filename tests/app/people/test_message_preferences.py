from __future__ import annotations

from visit_bureau import visit_bureau

from engine.app.commands import Caller
from engine.app.commands.inbox import ChosenMessages, choose_messages
from engine.app.people.message_preferences import WantedMessages, choices_of, preferences_in, wants
from engine.app.queries.people.inbox import message_choices
from engine.kernel.refusal import Refusal


def test_what_was_not_chosen_is_wanted() -> None:
    known = {"anton": {"arrived": "mine", "reminded": "none"}}
    assert wants({}, "anton", "arrived", personal=False)
    assert wants(known, "anna", "arrived", personal=False)
    assert not wants(known, "anton", "arrived", personal=False)
    assert wants(known, "anton", "arrived", personal=True)
    assert not wants(known, "anton", "reminded", personal=True)
    assert wants(known, "anton", "overdue", personal=False)
    assert choices_of(known, "anton") == {
        "arrived": WantedMessages.MINE,
        "reminded": WantedMessages.NONE,
        "notify": WantedMessages.ALL,
    }


def test_a_person_chooses_for_themselves_and_everything_again() -> None:
    bureau = visit_bureau()
    chosen = choose_messages(bureau.application, Caller("anton"), "anton", "arrived", "none")
    assert isinstance(chosen, ChosenMessages)
    assert chosen.choices == {"arrived": "none", "reminded": "all", "notify": "all"}
    assert ChosenMessages(**chosen.as_json()) == chosen
    bureau.start("visit")
    assert [
        item.recipient for item in bureau.outbox(arrivals=True) if item.payload["about"] == "arrived"
    ] == []
    back = choose_messages(bureau.application, Caller("anton"), "anton", "arrived", "all")
    assert isinstance(back, ChosenMessages)
    with bureau.look() as transaction:
        assert preferences_in(transaction) == {}
    bureau.start("visit")
    assert [
        item.recipient for item in bureau.outbox(arrivals=True) if item.payload["about"] == "arrived"
    ] == ["anton"]
    kinds = [event.body["choice"] for event in bureau.events("message-preferences")]
    assert kinds == ["none", "all"]


def test_what_cannot_be_chosen_is_refused() -> None:
    bureau = visit_bureau()
    for kind, choice in (("overdue", "none"), ("arrived", "never")):
        outcome = choose_messages(bureau.application, Caller("anton"), "anton", kind, choice)
        assert isinstance(outcome, Refusal), (kind, choice)
    assert isinstance(
        choose_messages(bureau.application, Caller("anna"), "anton", "arrived", "none"), Refusal
    )


def test_the_choices_are_listed() -> None:
    bureau = visit_bureau()
    found = message_choices(bureau.application, "anton", person="anton")
    assert not isinstance(found, Refusal)
    assert [(one.kind, one.choice) for one in found] == [
        ("arrived", "all"),
        ("reminded", "all"),
        ("notify", "all"),
    ]
