"""One firm, one file: every case under every code it had, visits of the old ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bureau_factories import Bureau
from firms_office import NEW, ONE, TWO, firms_office

from engine.app.commands import Caller
from engine.app.commands.exchange.firms import FirmChange, change_firm
from engine.app.draws.records import history_of_year
from engine.app.ports.records import RegisterEntry
from engine.app.queries.exchange.firms import FirmFile, show_firm
from engine.app.reports.firm_file import firm_cases, former_of, found_firms, ledger_of
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal


@pytest.fixture
def office() -> Bureau:
    return firms_office()


def test_two_signs_of_a_telephone_find_nothing() -> None:
    entry = RegisterEntry("objects", ONE, "甲", None, {"phone": "12"})
    assert found_firms([entry], "12", lambda one: one) == []


def test_a_new_name_and_code_keep_the_old_ones(office: Bureau) -> None:
    application, by = office.application, Caller("dora")
    changed = change_firm(application, by, "objects", ONE, "变更登记", name="示例新厂", new_code=NEW)
    assert isinstance(changed, FirmChange)
    merged = change_firm(application, by, "objects", TWO, "合并", new_code=NEW)
    for wrong in ({"name": ""}, {"new_code": "123"}):
        assert isinstance(change_firm(application, by, "objects", NEW, "变更", **wrong), Refusal)
    assert isinstance(change_firm(application, by, "objects", NEW, " ", name="甲"), Refusal)
    assert isinstance(change_firm(application, by, "objects", ONE, "变更", name="甲"), Refusal)
    assert isinstance(change_firm(application, Caller("anna"), "objects", NEW, "变更", name="甲"), Refusal)
    assert isinstance(merged, FirmChange)
    assert (changed.code, merged.code) == (NEW, NEW)
    for code in (ONE, NEW, TWO):
        found = show_firm(application, "anna", code)
        assert isinstance(found, FirmFile)
        assert (found.code, found.name, len(found.cases), len(found.ledger)) == (NEW, "示例新厂", 1, 3)
        assert set(found.former) == {ONE, TWO, "示例一厂", "示例二厂"}
    with office.look() as transaction:
        (entry,) = transaction.registers.all("objects")
        assert former_of(entry)[:2] == sorted([ONE, TWO])
        zone = application.definitions.time.zone
        cases, hidden = firm_cases(transaction, application.definitions, [ONE, ONE], lambda _: True, zone)
        assert (len(cases), hidden, len(ledger_of(transaction, [ONE]))) == (1, 0, 2)
        assert replace(entry, data={}).id == NEW


def test_the_old_ledger_counts_for_the_frequency_of_its_year(office: Bureau) -> None:
    with office.look() as transaction:
        uow = UnitOfWork(office.application, transaction, office.application.clock.now())
        visits, _, _ = history_of_year(uow, office.application.clock.now())
    assert dict(visits) == {ONE: 1, TWO: 1}
