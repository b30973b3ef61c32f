"""The running of a deployment: who may, and that it stands in the history with its beginning and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from access_factories import BUREAU, services_over

from engine.app.commands import Caller
from engine.app.commands.operations import (
    LongCommandContext,
    back_up,
    build_site,
    enter_restore,
    enter_upgrade,
    move_database,
)
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

CASES = [(back_up, "system.backup"), (move_database, "system.move"), (build_site, "site.build")]


@pytest.mark.parametrize(("operation", "use_case"), CASES)
def test_the_work_is_done_between_its_beginning_and_its_end(
    operation: Callable[..., Any], use_case: str
) -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    seen: list[str] = []

    def work(context: LongCommandContext) -> int:
        seen.append(context.by)
        return 7

    assert isinstance(operation(services, Caller("anna"), "there", work, int), Refusal)
    assert operation(services, Caller("lena", dry_run=True), "there", work, int) == 7
    assert operation(services, Caller("lena"), "there", work, int) == 7
    assert seen == ["lena", "lena"]
    with services.store.read() as transaction:
        entries = [(one.kind, one.actor, one.body["about"]) for one in transaction.events.of("office")]
        verbs = {one.body["verb"] for one in transaction.events.of("office")}
    assert entries[1:] == [("begun", "lena", "there"), ("done", "lena", "there")]
    assert (entries[0][:2], use_case in verbs) == (("refused", "anna"), True)


def test_an_upgrade_and_a_restore_are_entered_by_who_may() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    assert isinstance(enter_upgrade(services, Caller("anna"), "r0001", "r0002"), Refusal)
    assert enter_upgrade(services, Caller("lena"), "r0001", "r0002") is None
    assert enter_restore(services, Caller("lena"), "root", {"backup": "b.zip"}) is None
    with services.store.read() as transaction:
        upgraded, restored = list(transaction.events.of("office"))[1:]
    assert (upgraded.kind, upgraded.actor) == ("upgraded", "lena")
    assert (upgraded.body["from"], upgraded.body["to"]) == ("r0001", "r0002")
    assert (restored.kind, restored.body["backup"], restored.body["account"]) == ("restored", "b.zip", "root")
