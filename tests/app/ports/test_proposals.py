"""Both stores implement the repository of proposals."""

from __future__ import annotations

from engine.app.ports.proposals import Proposals
from engine.store.memory.people import MemoryProposals
from engine.store.sql.repositories.people.proposals import SqlProposals


def test_both_stores_have_what_the_port_names() -> None:
    wanted = {name for name in vars(Proposals) if not name.startswith("_")}
    assert wanted == {"all", "get", "add", "decide"}
    for one in (MemoryProposals, SqlProposals):
        assert wanted <= set(vars(one))
