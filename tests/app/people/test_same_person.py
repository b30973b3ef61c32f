from __future__ import annotations

from engine.app.people.same_person import may_be_same_person
from engine.app.ports.records import RegisterEntry


def person(id_: str, name: str, **data: str) -> RegisterEntry:
    return RegisterEntry("people", id_, name, None, data)


def test_the_same_name_telephone_or_mail_is_noticed() -> None:
    known = [
        person("p1", "张三", phone="13800000000"),
        person("p2", "李四", email="li@example.com"),
        person("p3", "王五"),
    ]
    assert may_be_same_person(person("n", "张 三"), known) == ("p1",)
    assert may_be_same_person(person("n", "赵六", phone="138 0000 0000", email="LI@example.com"), known) == (
        "p1",
        "p2",
    )
    assert may_be_same_person(person("n", "赵六"), known) == ()
    assert may_be_same_person(person("p3", "王五"), known) == ()
