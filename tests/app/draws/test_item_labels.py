"""Who can inspect which items."""

from __future__ import annotations

from engine.app.draws.item_labels import skilled
from engine.app.ports.records import RegisterEntry
from engine.draw.roster import PersonRow

ITEMS = [
    RegisterEntry("items", "GZ-01", "工资", data={"labels": ["工资支付"]}),
    RegisterEntry("items", "SB-01", "社保", data={"labels": ["社会保险", "工资支付"]}),
    RegisterEntry("items", "LD-01", "规章"),
]


def test_people_get_the_codes_of_the_items_they_can_inspect() -> None:
    people = [PersonRow("a", labels=("工资支付",)), PersonRow("b", labels=("社会保险",)), PersonRow("c")]
    found = skilled(people, ("GZ-01", "SB-01", "LD-01"), ITEMS)
    # One label of an item is enough; an item without labels is for everybody.
    assert [set(one.labels) & {"GZ-01", "SB-01", "LD-01"} for one in found] == [
        {"GZ-01", "SB-01", "LD-01"},
        {"SB-01", "LD-01"},
        {"LD-01"},
    ]
    assert all(set(old.labels) <= set(new.labels) for old, new in zip(people, found, strict=True))


def test_an_item_the_register_does_not_have_asks_for_nothing() -> None:
    (found,) = skilled([PersonRow("a", labels=("x",))], ("NO-01",), ())
    assert found.labels == ("x", "NO-01")
