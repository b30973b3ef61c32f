"""A command that changes a few entries of a register reads a few, however many the register has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from access_factories import BUREAU, services_over
from writing_work import Work, connections_noted, measured

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.exchange.firms import change_firm
from engine.app.commands.registers import claim_entries, label_entries
from engine.app.ports.records import RegisterEntry
from engine.kernel.refusal import Refusal
from engine.store.sql import open_store

#: Firms in the small register and in the large one.
SIZES = (1_000, 100_000)
CODES = ("91990102MA6UF99T6T", "91990102MA6UFRQP0X")
BY = Caller("rosa")

ACTS: dict[str, Callable[[Application], object]] = {
    "a new name": lambda a: change_firm(a, BY, "objects", "E5", "变更登记", name="示例新厂"),
    "a new code": lambda a: change_firm(a, BY, "objects", "E6", "变更登记", new_code=CODES[0]),
    "a merger": lambda a: change_firm(a, BY, "objects", "E7", "合并", new_code=CODES[1]),
    "a label": lambda a: label_entries(a, BY, "objects", ["E8"], ["重点"], []),
    "a claim": lambda a: claim_entries(a, BY, "objects", ["E9"], "north"),
}


def works(path: Path, rows: int) -> dict[str, Work]:
    """Return what each act does in its writing transaction, beside so many firms."""
    with connections_noted() as noted, closing(open_store(str(path), create=True)) as store:
        services = services_over(store, BUREAU, people=True)
        with store.write() as transaction:
            entries = [RegisterEntry("objects", f"E{n}", f"示例{n}", None, {}) for n in range(rows)]
            entries.append(RegisterEntry("objects", CODES[1], "示例并入", None, {}))
            transaction.registers.put(entries, datetime(2020, 1, 1, tzinfo=UTC))
        # Fills what is kept between commands.
        assert not isinstance(label_entries(services, BY, "objects", ["E1"], ["旧"], []), Refusal)
        found = {}
        for name, act in ACTS.items():
            with measured(noted) as work:
                answer = act(services)
            assert not isinstance(answer, Refusal), (name, str(answer))
            found[name] = work
        return found


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Work], dict[str, Work]]:
    folder = tmp_path_factory.mktemp("registers")
    small, large = (works(folder / f"{rows}.db", rows) for rows in SIZES)
    return small, large


@pytest.mark.parametrize("act", ACTS)
def test_a_writing_transaction_does_not_grow_with_the_register(
    act: str, both: tuple[dict[str, Work], dict[str, Work]]
) -> None:
    small, large = (found[act] for found in both)
    assert (large.transactions, large.statements) == (small.transactions, small.statements)
    assert small.instructions > 100
    assert large.instructions <= small.instructions * 11 // 10 + 50, (small, large)
