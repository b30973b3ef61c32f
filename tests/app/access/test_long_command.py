"""The decorator of long commands: the beginning and the end are entered, and no transaction is open between."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from access_factories import MakeServices

from engine.app.access.caller import Caller
from engine.app.access.long_command import LongCommandContext, long_command
from engine.app.commands.application import Application
from engine.kernel.refusal import Refusal


@long_command("system.backup")
def copy(context: LongCommandContext, place: str) -> str:
    """Write something of its own; the place ``full`` cannot take it."""
    with context.services.store.write() as transaction:
        transaction.settings.put("copied", place)
    if place == "full":
        raise OSError(place)
    context.notes["bytes"] = 7
    return place


@long_command("system.move")
def move(context: LongCommandContext, place: str) -> str:
    """Enter the end itself, as work does that leaves its store."""
    with context.services.store.write() as transaction:
        context.end(transaction, place)
    return place


def entries(services: Application) -> list[tuple[str, str, dict[str, Any]]]:
    with services.store.read() as transaction:
        return [(one.kind, one.actor, dict(one.body)) for one in transaction.events.of("office")]


def test_begun_and_done(make: MakeServices) -> None:
    services = make()
    assert copy(services, Caller("lena"), "there") == "there"
    about = {"verb": "system.backup", "about": "there", "credential": "machine"}
    assert entries(services) == [("begun", "lena", about), ("done", "lena", {**about, "bytes": 7})]


def test_what_fails_is_entered_and_goes_on_up(make: MakeServices) -> None:
    services = make()
    with pytest.raises(OSError, match="full"):
        copy(services, Caller("lena"), "full")
    assert [kind for kind, _, _ in entries(services)] == ["begun", "failed"]


def test_who_may_not_begins_nothing(make: MakeServices) -> None:
    services = make()
    assert isinstance(copy(services, Caller("anna"), "there"), Refusal)
    assert [(kind, actor) for kind, actor, _ in entries(services)] == [("refused", "anna")]
    with services.store.read() as transaction:
        assert transaction.settings.get("copied") is None


def test_a_dry_run_is_asked_for_and_enters_nothing(make: MakeServices) -> None:
    services = make()
    assert isinstance(move(services, Caller("anna", dry_run=True), "x"), Refusal)
    assert move(services, Caller("lena", dry_run=True), "x") == "x"
    assert entries(services) == []


def test_an_end_entered_by_the_work_is_not_entered_twice(make: MakeServices) -> None:
    services = make()
    move(services, Caller("lena"), "x")
    assert [kind for kind, _, _ in entries(services)] == ["begun", "done"]


@long_command("site.build", decode="read")
def build(context: LongCommandContext, folder: str, work: Any, read: Any) -> Any:
    """Do what is asked; `read` reads what was kept of it."""
    return work(folder)


def test_a_repeated_request_is_done_once_and_answers_the_same(make: MakeServices) -> None:
    services = make()
    done: list[str] = []

    def work(folder: str) -> date | None:
        done.append(folder)
        return date(2026, 3, 2) if folder == "out" else None

    for _ in range(2):
        caller = Caller("lena", request_id="r-1")
        assert build(services, caller, "out", work, date.fromisoformat) == date(2026, 3, 2)
        assert build(services, Caller("lena", request_id="r-2"), "none", work, date.fromisoformat) is None
    assert done == ["out", "none"]
    assert [kind for kind, _, _ in entries(services)] == ["begun", "done"] * 2
    other = build(services, Caller("lena", request_id="r-1"), "elsewhere", work, date.fromisoformat)
    assert isinstance(other, Refusal)
    assert [reason.code for reason in other.reasons] == ["request"]
    assert done == ["out", "none"]


def test_what_failed_or_was_only_tried_is_begun_anew(make: MakeServices) -> None:
    services = make()
    caller = Caller("lena", request_id="r-1")
    assert copy(services, Caller("lena", request_id="r-1", dry_run=True), "full-2") == "full-2"
    with pytest.raises(OSError, match="full"):
        copy(services, caller, "full")
    with pytest.raises(OSError, match="full"):
        copy(services, caller, "full")
    assert [kind for kind, _, _ in entries(services)] == ["begun", "failed"] * 2
    assert move(services, Caller("lena", request_id="r-3"), "x") == "x"
    assert move(services, Caller("lena", request_id="r-3"), "x") == "x"
    assert [kind for kind, _, _ in entries(services)][4:] == ["begun", "done"]


def test_a_request_that_is_under_way_is_refused_and_worked_once(make: MakeServices) -> None:
    services = make()
    caller = Caller("lena", request_id="r-1")
    during: list[Any] = []

    def work(_folder: str) -> date:
        others = (
            caller,
            Caller("anna", request_id="r-1"),
            Caller("lena", request_id="r-2"),
            Caller("lena", request_id="r-1", dry_run=True),
        )
        answers = [
            build(services, other, "out", lambda _: date(2026, 3, 3), date.fromisoformat) for other in others
        ]
        during.extend(answers)
        return date(2026, 3, 2)

    assert build(services, caller, "out", work, date.fromisoformat) == date(2026, 3, 2)
    assert [[reason.code for reason in one.reasons] for one in during[:2]] == [["under-way"], ["not-allowed"]]
    assert during[2:] == [date(2026, 3, 3), date(2026, 3, 3)]
    assert build(services, caller, "out", work, date.fromisoformat) == date(2026, 3, 2)
    assert [kind for kind, _, _ in entries(services)].count("begun") == 2


def test_one_that_raised_holds_nothing(make: MakeServices) -> None:
    services = make()
    caller = Caller("lena", request_id="r-1")
    with pytest.raises(OSError, match="full"):
        copy(services, caller, "full")
    with services.store.hold("request:r-1") as held:
        assert held
        assert isinstance(copy(services, caller, "full"), Refusal)
