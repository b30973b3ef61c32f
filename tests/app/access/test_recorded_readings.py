"""Whoever is shown personal values of others is recorded: once a day each, nobody who saw a mask, nobody who saw their own."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from access_factories import BUREAU, services_over

import engine.app.queries
from engine.app.commands.application import Application
from engine.app.history.credential import proven
from engine.app.ports.audit.readings import PersonalReading
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import UnavailableError
from engine.app.queries import registers
from engine.app.queries.audit import list_readings, show_retention
from engine.app.queries.draws import firm_slip
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

INSPECTOR = RegisterEntry(
    "inspectors", "anna", "安娜", "north", {"cert_no": "01-1234", "phone": "13800000000", "roles": ["clerk"]}
)


@pytest.fixture
def services() -> Application:
    found = services_over(MemoryStore(), BUREAU, people=True)
    with found.store.write() as transaction:
        transaction.registers.put([INSPECTOR], found.clock.now())
    return found


def recorded(services: Application) -> list[PersonalReading]:
    with services.store.read() as transaction:
        return transaction.readings.newest()


READS: list[Callable[[Application, str], Any]] = [
    lambda services, viewer: registers.list_entries(services, viewer, "inspectors"),
    lambda services, viewer: registers.show_entry(services, viewer, "inspectors", "anna"),
    lambda services, viewer: registers.register_history(services, viewer, "inspectors", "anna"),
]


@pytest.mark.parametrize("read", READS)
def test_who_sees_private_columns_is_recorded_once_a_day(
    read: Callable[[Application, str], Any], services: Application
) -> None:
    assert not isinstance(read(services, "bela"), Refusal)
    read(services, "anna")
    # A mask and one's own values are no reading of others.
    assert recorded(services) == []
    with proven("rosa", "token-1"):
        read(services, "rosa")
        read(services, "rosa")
    (one,) = recorded(services)
    assert (one.person, one.use_case, one.credential) == ("rosa", "register.read", "token-1")
    assert one.about in ("inspectors", "inspectors/anna")
    assert (one.columns, one.rows) == (("cert_no", "phone"), 1)
    assert one.at == services.clock.now()
    services.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    read(services, "rosa")
    assert len(recorded(services)) == 2


def test_what_cannot_be_recorded_is_not_shown(services: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise UnavailableError("the disk is full")

    monkeypatch.setattr(services.store, "write", full)
    with pytest.raises(UnavailableError):
        registers.show_entry(services, "rosa", "inspectors", "anna")
    assert not isinstance(registers.show_entry(services, "bela", "inspectors", "anna"), Refusal)


def test_it_is_shown_to_those_who_may(services: Application) -> None:
    registers.show_entry(services, "rosa", "inspectors", "anna")
    (one,) = list_readings(services, "lena")  # type: ignore[misc] # no refusal
    assert one.as_json()["person"] == "rosa"
    assert list_readings(services, "lena", "anna") == []
    assert isinstance(list_readings(services, "anna"), Refusal)
    assert len(show_retention(services, "anna", {})) > 5  # type: ignore[arg-type] # no refusal


#: Queries that see private columns as they are, and why they record nothing.
OTHERWISE = {
    "engine.app.queries.cases.register_subject": "what it gives goes into a case, whose beginning is in its history",
    "engine.app.queries.registers.list_duplicates": "it tells which entries look alike, not their private columns",
    "engine.app.queries.registers.list_expiring": "it tells which entries run out, not their private columns",
}


def test_every_query_that_reads_registers_says_whether_it_shows_private_columns() -> None:
    """A query that looks at a register notes what it shows, or stands above with a reason."""
    silent = set()
    for found in pkgutil.walk_packages(engine.app.queries.__path__, "engine.app.queries."):
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if not hasattr(function, "use_case") or function.__module__ != module.__name__:
                continue
            source = inspect.getsource(inspect.unwrap(function))
            reads = any(one in source for one in ("registers.all(", "registers.get(", "private_columns_of"))
            if reads and "note_shown" not in source:
                silent.add(f"{module.__name__}.{name}")
    assert silent == set(OTHERWISE)
    assert "shows_personal" in inspect.getsource(inspect.unwrap(firm_slip))
