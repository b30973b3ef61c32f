from __future__ import annotations

from register_fixtures import small_application

from engine.app.ports.records import RegisterEntry
from engine.app.registers.people_entries import (
    codes_of,
    column_titles,
    locks_everybody_out,
    read_person,
)
from engine.kernel.refusal import NextAction
from engine.lifecycle.model.bureau import Bureau
from engine.register.problem import Unusual


def bureau() -> Bureau:
    application = small_application()
    with application.store.read() as transaction:
        process = application.definitions.latest(transaction, "errand")
    assert process is not None
    return process.bureau


def test_code_lists_are_those_of_the_bureau() -> None:
    assert codes_of(bureau()) == {
        "sections": {"one": "一股", "two": "二股"},
        "roles": {"roster_admin": "名录库管理员", "clerk": "经办人"},
    }
    assert codes_of(None) is None


def test_somebody_must_be_left_who_may_change_the_register() -> None:
    keeper = RegisterEntry("people", "k", "甲", None, {"roles": ["roster_admin"], "status": "active"})
    left = RegisterEntry("people", "k", "甲", None, {"roles": ["roster_admin"], "status": "left"})
    clerk = RegisterEntry("people", "c", "乙", "one", {"roles": ["clerk"]})
    assert locks_everybody_out([clerk, keeper], bureau()) is None
    assert locks_everybody_out([], None) is None
    for entries in ([clerk], [left, clerk], []):
        reason = locks_everybody_out(entries, bureau())
        assert reason is not None
        assert reason.code == "nobody-left"
        assert "roster_admin（名录库管理员）" in str(reason.message)


def test_a_person_in_words() -> None:
    words: dict[str, str | None] = {"id": "p-1", "name": "甲", "section": "one", "phone": None}
    assert read_person(words, ["clerk", "roster_admin"], bureau()).settled() == RegisterEntry(
        "people", "p-1", "甲", "one", {"status": "active", "roles": ["clerk", "roster_admin"]}
    )
    for lacking, sentence in (({"id": "p-1", "name": " "}, "姓名必须填写"), ({"name": "甲"}, "编号必须填写")):
        missing = read_person(lacking, [], bureau()).settled()
        assert isinstance(missing, tuple)
        assert [str(reason.message) for reason in missing] == [sentence]
    wrong = read_person({"id": "p-1", "name": "甲", "section": "nine"}, ["clerk"], bureau()).settled()
    assert isinstance(wrong, tuple)
    assert [(reason.code, reason.field) for reason in wrong] == [("value", "section")]


def test_everything_that_is_wrong_with_a_person_is_said_at_once() -> None:
    for words, fields in (
        ({}, ["name", "id"]),
        ({"name": " ", "section": "nine"}, ["section", "name", "id"]),
        ({"id": "p-1", "section": "nine", "phone": "13800000000"}, ["section", "name"]),
    ):
        wrong = read_person(words, ["clerk"], bureau()).settled()
        assert isinstance(wrong, tuple)
        assert [reason.field for reason in wrong] == fields


def test_an_unusual_telephone_stands_once_it_is_confirmed() -> None:
    reading = read_person({"id": "p-1", "name": "甲", "phone": "0852-1234"}, ["clerk"], bureau())
    (one,) = reading.unusual
    assert one == Unusual("phone_shape", "p-1", "phone", "0852-1234")
    refused = reading.settled()
    assert isinstance(refused, tuple)
    assert [(r.code, r.field, r.next) for r in refused] == [
        ("value", "phone", NextAction("confirm_value", {"value": "p-1/联系电话=0852-1234"}))
    ]
    entry = reading.settled({one})
    assert isinstance(entry, RegisterEntry)
    assert entry.data["phone"] == "0852-1234"
    # What else is wrong is said with it, and cannot be confirmed away.
    both = read_person({"id": "p-1", "name": " ", "phone": "0852-1234"}, [], bureau())
    for taken, fields in (([], ["phone", "name"]), (both.unusual, ["name"])):
        wrong = both.settled(list(taken))
        assert isinstance(wrong, tuple)
        assert [reason.field for reason in wrong] == fields
    assert column_titles()["phone"] == "联系电话"
    assert read_person({"id": "p-1", "name": "甲", "phone": "abc"}, [], bureau()).unusual == {}
