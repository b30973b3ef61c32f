"""What is worked out before the writing transaction holds only while the histories it relies on are as they were."""

from __future__ import annotations

from access_factories import MakeServices

from engine.app.access.caller import Caller
from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.history.journal import add_entry
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.command import SYSTEM

PREPARED: list[int] = []


def entered(context: PreparationContext, name: str) -> int:
    """Count the entries of "office"; the name ``forbidden`` is refused."""
    context.relies_on("office")
    PREPARED.append(len(context.transaction.events.of("office")))
    if name == "forbidden":
        raise refused(RefusalReason("name", say("不行")))
    return PREPARED[-1]


@command("incident.change", prepare=entered)
def count_entries(context: CommandContext, name: str) -> int:
    """Note how many entries there were before this one."""
    context.record("counted", {"name": name, "before": context.prepared})
    return int(context.prepared)


def test_the_preparation_is_handed_to_the_command(make: MakeServices) -> None:
    PREPARED.clear()
    services = make()
    assert count_entries(services, Caller("lena"), "x") == 0
    assert count_entries(services, Caller("lena"), "y") == 1
    assert PREPARED == [0, 1]


def test_what_no_longer_holds_is_worked_out_again(make: MakeServices) -> None:
    PREPARED.clear()
    services = make()
    store, write = services.store, services.store.write

    class Overtaken:
        """Somebody else enters something just before each of the first three transactions that write."""

        left = 3

        def write(self) -> object:
            if self.left:
                self.left -= 1
                with write() as transaction:
                    add_entry(transaction, services.clock.now(), "other", SYSTEM, {})
            return write()

        def read(self) -> object:
            return store.read()

    services.store = Overtaken()  # type: ignore[assignment] # what a command asks of a store
    assert count_entries(services, Caller("lena"), "x") == 3
    assert PREPARED == [0, 1, 2, 3]
    with store.read() as transaction:
        assert [event.kind for event in transaction.events.of("office")] == ["other"] * 3 + ["counted"]


def test_a_refusal_of_the_preparation_comes_after_that_of_access(make: MakeServices) -> None:
    services = make()
    answer = count_entries(services, Caller("anna"), "forbidden")
    assert isinstance(answer, Refusal)
    assert answer.reasons[0].code != "name"
    answer = count_entries(services, Caller("lena"), "forbidden")
    assert isinstance(answer, Refusal)
    assert [reason.code for reason in answer.reasons] == ["name"]
    with services.store.read() as transaction:
        assert [event.kind for event in transaction.events.of("office")] == ["refused", "refused"]
