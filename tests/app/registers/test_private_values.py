"""Private values of the entries a case names: of its people wherever they stand, and of its firm; replaced ones as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import plan_entries, write_entries
from engine.app.registers.private_values import private_values_of
from engine.lifecycle.case import Case
from engine.store.memory import MemoryStore
from engine.synthetic.entropy import seeded_entropy

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)

CASE = Case(
    id="visit-1",
    workflow="visit",
    version=1,
    state="open",
    rev=1,
    head="ab",
    title="甲",
    section="one",
    opened_at=NOW,
    entered_at=NOW,
    subject={},
)


def values(**what: Any) -> set[str]:
    store = MemoryStore()
    with store.write() as transaction:
        for phone in ("1", "2"):
            before = {one.id: one for one in transaction.registers.all("objects")}
            firm = RegisterEntry("objects", "o-1", "示例", None, {"phone": phone, "status": "active"})
            plan = plan_entries("objects", before, [firm], source="x")
            write_entries(transaction, NOW, plan, "p", seeded_entropy("t"))
        row = {"cert_no": "ZF-1", "phone": "13800000001", "recusals": ["o-1"], "title": "科员"}
        transaction.registers.put([RegisterEntry("inspectors", "i-1", "甲", None, row)], NOW)
    with store.read() as transaction:
        return private_values_of(transaction, replace(CASE, **what))


def test_people_are_found_in_parties_and_deep_in_answers() -> None:
    assert values() == set()
    assert values(parties={"team": ("i-1",)}) == {"ZF-1", "13800000001"}
    assert values(forms={"training": {"attended": [{"who": "i-1"}]}}) == {"ZF-1", "13800000001"}
    assert values(forms={"training": {"said": "i-1" * 99}}) == set()


def test_the_firm_is_the_one_it_is_about_and_what_was_replaced_counts() -> None:
    # A number that is an id of a firm, in an answer, is no firm of the case.
    assert values(fields={"count": "o-1"}) == set()
    assert values(subject={"id": "o-1"}) == {"1", "2"}
