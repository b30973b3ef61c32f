"""The decorator of long commands: the beginning and the end are entered, and no transaction is open between."""

from __future__ import annotations

from typing import Any

import pytest
from access_material import MakeServices

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
        context.end(transaction)
    return place


def entries(services: Application) -> list[tuple[str, str, dict[str, Any]]]:
    with services.store.read() as transaction:
        return [(one.kind, one.actor, dict(one.body)) for one in transaction.events.of("office")]


def test_begun_and_done(make: MakeServices) -> None:
    services = make()
    assert copy(services, Caller("lena"), "there") == "there"
    about = {"verb": "system.backup", "about": "there"}
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
