"""The running of a deployment: who may, and that it stands in the history with its beginning and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from access_factories import BUREAU, services_over

from engine.app.commands import Caller
from engine.app.commands.operations import LongCommandContext, back_up, build_site, move_database
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
