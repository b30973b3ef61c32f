"""Which items an object gets: a cleaning firm none of labour dispatch."""

from __future__ import annotations

from typing import Any

from engine.app.draws.item_objects import items_of_objects, kinds_of_item, skilled
from engine.app.draws.records import object_rows
from engine.app.ports.records import RegisterEntry
from engine.draw.roster import PersonRow

CODES = ("LD-01", "PQ-01", "SC-01", "XX-01")


def entry(kind: str, name: str, **data: Any) -> RegisterEntry:
    return RegisterEntry(kind, name, name, None, data)


ITEMS = [
    entry("items", "LD-01", object_scope="用人单位"),
    entry("items", "PQ-01", object_scope="劳务派遣单位"),
    entry("items", "SC-01", object_scope="经营性人力资源服务机构、劳务派遣单位"),
    entry("items", "XX-01", object_scope="辖区内的企业"),
]


def test_what_an_item_is_for_is_read_in_the_words_of_the_register() -> None:
    found = [sorted(kinds_of_item(item)) for item in ITEMS]
    # The last is in nobody's words: it is for all.
    assert found == [["employer"], ["dispatch"], ["dispatch", "hr_agency"], []]


def test_an_object_gets_the_items_of_its_kind_alone() -> None:
    items_of = items_of_objects(CODES, ITEMS)
    assert items_of(entry("objects", "cleaning", pools=["employer"])) == ("LD-01", "XX-01")
    assert items_of(entry("objects", "unmarked")) == ("LD-01", "XX-01")
    assert items_of(entry("objects", "agency", pools=["employer", "hr_agency"])) == (
        "LD-01",
        "SC-01",
        "XX-01",
    )
    assert items_of(entry("objects", "dispatch", pools=["dispatch"])) == ("PQ-01", "SC-01", "XX-01")


def test_an_object_without_an_item_stays_in_the_roster_and_out_of_the_draw() -> None:
    firms = [
        entry("objects", "cleaning", pools=["employer"]),
        entry("objects", "agency", pools=["hr_agency"]),
    ]
    rows = object_rows(
        firms, scheme="credit", labels=(), items=items_of_objects(("SC-01",), ITEMS), visits={}, cap=None
    )
    assert [(row.object_id, row.items, row.eligible, row.exclude_reason) for row in rows] == [
        ("cleaning", (), False, "out_of_scope"),
        ("agency", ("SC-01",), True, ""),
    ]


LABELLED = [
    RegisterEntry("items", "GZ-01", "工资", data={"labels": ["工资支付"]}),
    RegisterEntry("items", "SB-01", "社保", data={"labels": ["社会保险", "工资支付"]}),
    RegisterEntry("items", "LD-01", "规章"),
]


def test_people_get_the_codes_of_the_items_they_can_inspect() -> None:
    people = [PersonRow("a", labels=("工资支付",)), PersonRow("b", labels=("社会保险",)), PersonRow("c")]
    found = skilled(people, ("GZ-01", "SB-01", "LD-01"), LABELLED)
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
