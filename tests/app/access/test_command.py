"""The decorator of commands: who may, once only, tried again, dry runs, and what the audit keeps."""

from __future__ import annotations

from typing import Any

from access_factories import MakeServices

from engine.app.access.caller import Caller
from engine.app.access.command import CommandContext, command
from engine.app.commands.application import Application
from engine.app.history.retry import TRIES
from engine.app.ports.store import ConflictError
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.command import SYSTEM

CALLS: list[str] = []


@command("incident.change")
def note_down(context: CommandContext, name: str) -> str:
    """Put a setting; the name ``forbidden`` is refused after it was put."""
    CALLS.append(name)
    context.transaction.settings.put(f"noted/{name}", context.by)
    context.afterwards.append(lambda: CALLS.append(f"after {name}"))
    if name == "forbidden":
        raise context.refusal("name", say("不行"))
    return name


@command("credential.change", about="person")
def for_person(context: CommandContext, person: str) -> str:
    """Answer who is meant."""
    context.transaction.settings.put("person", person)
    return person


def entries(services: Application) -> list[tuple[str, str, dict[str, Any]]]:
    with services.store.read() as transaction:
        return [(one.kind, one.actor, dict(one.body)) for one in transaction.events.of("office")]


def noted(services: Application, name: str) -> object:
    with services.store.read() as transaction:
        return transaction.settings.get(f"noted/{name}")


def setup_function() -> None:
    CALLS.clear()


def test_who_may_acts_and_it_is_entered(make: MakeServices) -> None:
    services = make()
    assert note_down(services, Caller("lena"), "x") == "x"
    assert noted(services, "x") == "lena"
    assert entries(services) == [
        ("done", "lena", {"verb": "incident.change", "about": "x", "credential": "machine"})
    ]
    assert CALLS == ["x", "after x"]


def test_who_may_not_is_refused_before_anything_runs_and_it_is_entered(make: MakeServices) -> None:
    services = make()
    refused = note_down(services, Caller("anna"), "x")
    assert isinstance(refused, Refusal)
    assert "可由牵头股室（lena）、名录管理员（rosa）办理" in str(refused)
    assert CALLS == []
    ((kind, actor, body),) = entries(services)
    assert (kind, actor, body["verb"], body["about"]) == ("refused", "anna", "incident.change", "x")
    assert body["reasons"][0]["code"] == "not-allowed"


def test_what_is_refused_inside_undoes_all_and_is_entered(make: MakeServices) -> None:
    services = make()
    assert isinstance(note_down(services, Caller("lena"), "forbidden"), Refusal)
    assert noted(services, "forbidden") is None
    assert [kind for kind, _, _ in entries(services)] == ["refused"]
    assert CALLS == ["forbidden"]


def test_a_dry_run_answers_and_keeps_nothing(make: MakeServices) -> None:
    services = make()
    assert note_down(services, Caller("lena", dry_run=True), "x") == "x"
    assert isinstance(note_down(services, Caller("anna", dry_run=True), "x"), Refusal)
    assert (noted(services, "x"), entries(services), CALLS) == (None, [], ["x"])


def test_one_request_id_acts_once(make: MakeServices) -> None:
    services = make()
    for _ in range(3):
        assert note_down(services, Caller("lena", "r-1"), "x") == "x"
    assert CALLS == ["x", "after x"]
    other = note_down(services, Caller("lena", "r-1"), "y")
    assert "已用于另一条命令" in str(other)
    assert noted(services, "y") is None


class Contended:
    """A store in which somebody else is first, so many times."""

    def __init__(self, store: Any, times: int) -> None:
        self.store, self.times = store, times

    def write(self) -> Any:
        if self.times:
            self.times -= 1
            raise ConflictError("office")
        return self.store.write()

    def read(self) -> Any:
        return self.store.read()


def test_written_over_it_is_judged_again(make: MakeServices) -> None:
    services = make()
    inner = services.store
    services.store = Contended(inner, TRIES - 1)  # type: ignore[assignment] # what a command asks of a store
    assert note_down(services, Caller("lena"), "x") == "x"
    services.store = Contended(inner, TRIES)  # type: ignore[assignment] # what a command asks of a store
    assert "请重试" in str(note_down(services, Caller("lena"), "y"))
    services.store = inner
    assert noted(services, "y") is None


def test_what_is_ones_own_needs_no_role(make: MakeServices) -> None:
    services = make()
    assert for_person(services, Caller("anna"), "anna") == "anna"
    assert "不能替他人办理" in str(for_person(services, Caller("anna"), "bela"))
    assert for_person(services, Caller("rosa"), person="bela") == "bela"


def test_the_system_is_nobody_once_people_are_known(make: MakeServices) -> None:
    assert isinstance(note_down(make(), Caller(SYSTEM), "x"), Refusal)
    assert CALLS == []


@command("incident.change")
def asked_further(context: CommandContext, use_case: str) -> list[str]:
    """Answer who acts in which bureau, where they may use another row of the access table too."""
    bureau = context.bureau
    context.require(use_case)
    assert context.why_denied(use_case) is None
    return [
        context.actor.id,
        context.actor.section or "",
        *sorted(context.actor.roles),
        bureau.title if bureau else "",
    ]


def test_a_command_may_ask_for_more_than_its_own_row(make: MakeServices) -> None:
    services = make()
    assert asked_further(services, Caller("lena"), "definition.publish") == [
        "lena",
        "",
        "leading_office",
        "示例局",
    ]
    refused = asked_further(services, Caller("rosa"), "definition.publish")
    assert isinstance(refused, Refusal)
    assert refused.reasons[0].code == "not-allowed"
    assert "牵头股室（lena）" in str(refused)
