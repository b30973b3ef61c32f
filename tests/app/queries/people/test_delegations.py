"""Delegations are listed to people of the bureau; those that are over only where they are asked for."""

from __future__ import annotations

from datetime import date

from register_fixtures import CLERK, KEEPER, OTHER, by, small_application

from engine.app.commands.delegations import add_delegation, end_delegation
from engine.app.queries.people.delegations import list_delegations
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM


def test_delegations_that_run_and_all() -> None:
    application = small_application()
    days = (date(2026, 3, 3), date(2026, 3, 13))
    add_delegation(application, by(), CLERK, OTHER, *days, "年休假")
    end_delegation(application, by(), "delegation-1", "返岗")
    add_delegation(application, by(), KEEPER, OTHER, *days, "借调")
    for stranger in ("nobody", "gone-1", SYSTEM):
        assert isinstance(list_delegations(application, stranger), Refusal)
    running = list_delegations(application, CLERK)
    everything = list_delegations(application, CLERK, everything=True)
    assert not isinstance(running, Refusal)
    assert not isinstance(everything, Refusal)
    assert [one.principal for one in running] == [KEEPER]
    assert [one.principal for one in everything] == [CLERK, KEEPER]
