"""One firm, one file: found however it is typed, every case under every code it had, visits of the old ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.commands import Caller
from engine.app.commands.exchange.firms import change_firm
from engine.app.draws.records import history_of_year
from engine.app.ports.records import RegisterEntry
from engine.app.queries.exchange.firms import FirmFile, search_firms, show_firm
from engine.app.registers.import_entries import import_entries
from engine.app.reports.firm_file import firm_cases, former_of, found_firms, ledger_of
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal

ONE, TWO, NEW = "91990102MA6UF99T6T", "91990102MA6UFHH95D", "91990102MA6UFRQP0X"
FORM = """
form: note
title: 记录
fields:
  - result: {title: 结果, choices: results, public: true}
  - inner: {title: 内部, choices: results}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: done, form: note}
"""
CODES = "codes: {results: {good: 合格, bad: 不合格}}\n"


@pytest.fixture
def office() -> Bureau:
    found = Bureau(BUREAU + CODES, FORM, VISIT)
    entries = [
        RegisterEntry("objects", ONE, "示例一厂", "north", {"phone": "0000-1234567", "district": "一街"}),
        RegisterEntry("objects", TWO, "示例二厂", "south", {"phone": "13800000002"}),
    ]
    import_entries(found.application, "objects", entries, "system", source="f")
    ledger = [
        RegisterEntry(
            "visits",
            "L-1",
            "示例一厂",
            "north",
            {"object": ONE, "ledger_day": "2023-05-06", "result": "合格"},
        ),
        RegisterEntry("visits", "L-2", "示例一厂", "north", {"object": ONE, "ledger_day": "2024-02-03"}),
        RegisterEntry(
            "visits", "L-3", ONE, "north", {"object": TWO, "ledger_day": "2024-02-03", "remark": ONE}
        ),
    ]
    import_entries(found.application, "visits", ledger, "system", source="f")
    found.start("visit", title="示例一厂", subject={"id": ONE, "name": "示例一厂"})
    found.take("visit-1", "check", answers={"result": "bad", "inner": "good"})
    return found


@pytest.mark.parametrize(
    "text", ["示例一", "示 例\u200b一 厂", ONE, "ｍａ６ｕｆ９９ｔ６ｔ", "1234567", "１２３４５６７"]
)
def test_a_firm_is_found_however_it_is_typed(office: Bureau, text: str) -> None:
    found = search_firms(office.application, "anna", text)
    assert not isinstance(found, Refusal)
    assert [one.id for one in found] == [ONE]


def test_a_telephone_finds_nothing_for_whoever_may_not_read_it(office: Bureau) -> None:
    assert list(search_firms(office.application, "bela", "1234567")) == []  # type: ignore[arg-type]
    assert list(search_firms(office.application, "anna", " \u200b ")) == []  # type: ignore[arg-type]
    entry = RegisterEntry("objects", ONE, "甲", None, {"phone": "12"})
    assert found_firms([entry], "12", lambda one: one) == []


def test_its_file_holds_all_cases_and_the_old_ledger(office: Bureau) -> None:
    found = show_firm(office.application, "anna", ONE)
    assert isinstance(found, FirmFile)
    assert [(one.case, one.state, list(one.found)) for one in found.cases] == [
        ("visit-1", "办结", [("结果", ["不合格"])])
    ]
    assert [one.id for one in found.ledger] == ["L-2", "L-1"]
    assert found.as_json()["cases"][0]["found"] == {"结果": ["不合格"]}
    other = show_firm(office.application, "bela", ONE)
    assert isinstance(other, FirmFile)
    assert (list(other.cases), other.hidden) == ([], 1)
    assert isinstance(show_firm(office.application, "anna", NEW), Refusal)


def test_a_new_name_and_code_keep_the_old_ones(office: Bureau) -> None:
    application, by = office.application, Caller("dora")
    assert change_firm(application, by, "objects", ONE, "变更登记", name="示例新厂", new_code=NEW) == NEW
    merged = change_firm(application, by, "objects", TWO, "合并", new_code=NEW)
    for wrong in ({"name": ""}, {"new_code": "123"}):
        assert isinstance(change_firm(application, by, "objects", NEW, "变更", **wrong), Refusal)
    assert isinstance(change_firm(application, by, "objects", NEW, " ", name="甲"), Refusal)
    assert isinstance(change_firm(application, by, "objects", ONE, "变更", name="甲"), Refusal)
    assert isinstance(change_firm(application, Caller("anna"), "objects", NEW, "变更", name="甲"), Refusal)
    assert merged == NEW
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
