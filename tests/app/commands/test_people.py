"""Entering people: who may, once, and never so that nobody can go on."""

from __future__ import annotations

from pathlib import Path

from register_fixtures import (
    CLERK,
    KEEPER,
    Interrupted,
    by,
    entries,
    events,
    kept_refusals,
    reasons,
    register_file,
    small_application,
)

from engine.app.commands.people import Confirmation, NewPerson, add_person
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.queries.register_changes import ImportPreview, preview_import
from engine.app.registers.confirmations import confirmations_of
from engine.lifecycle.command import SYSTEM
from engine.store.memory import MemoryStore


def test_a_person_is_entered_by_whoever_keeps_the_register() -> None:
    application = small_application()
    reasons(add_person(application, by(CLERK), "new", "新人", roles=["roster_admin"]))
    assert kept_refusals(application) == [(CLERK, "register.change/people")]
    made = add_person(application, by(), "new", "新人", section="一股", roles=["经办人"])
    assert made == NewPerson("new", "新人", "one", ("clerk",))
    assert entries(application, "people")["new"].data["roles"] == ["clerk"]
    assert events(application, "register:people")[-1].actor == KEEPER


def test_everything_wrong_with_an_entry_is_said_and_nothing_kept() -> None:
    application = small_application()
    found = reasons(
        add_person(application, by(), "a b", "新人", section="nowhere", roles=["king"], phone="abc")
    )
    assert len(found) == 4
    assert "a b" not in entries(application, "people")
    assert reasons(add_person(application, by(), "new", " ")) == ["姓名必须填写"]
    assert reasons(add_person(application, by(), " ", "新人")) == ["编号必须填写"]


def test_of_two_who_enter_one_person_at_once_the_second_is_refused() -> None:
    """At ddd8a91 the register was read in one transaction and written in another: the first entry was lost."""
    store = Interrupted(MemoryStore())
    application = small_application(store)  # passes the rest through
    store.before = lambda: add_person(application, by(), "new", "先到", roles=["clerk"])
    assert reasons(add_person(application, by(), "new", "后到")) == ["“new”已经登记"]
    assert entries(application, "people")["new"].name == "先到"


def test_the_first_person_must_be_able_to_enter_the_second() -> None:
    application = small_application(people=False)
    reasons(add_person(application, by("a"), "a", "甲", roles=["roster_admin"]))
    assert "没有一个在岗人员" in reasons(add_person(application, by(SYSTEM), "a", "甲", roles=["clerk"]))[0]
    made = add_person(application, by(SYSTEM, request_id="1"), "a", "甲", roles=["roster_admin"])
    assert add_person(application, by(SYSTEM, request_id="1"), "a", "甲", roles=["roster_admin"]) == made
    reasons(add_person(application, by(SYSTEM), "b", "乙"))
    assert isinstance(add_person(application, by("a"), "b", "乙"), NewPerson)


PHONE = Confirmation("new", "联系电话", "0852-1234", "境外号码，已拨通")


def test_an_unusual_telephone_is_confirmed_with_reason_and_person_and_shown_again(tmp_path: Path) -> None:
    application = small_application()
    (refused,) = reasons(add_person(application, by(), "new", "新人", phone="0852-1234"))
    assert refused.startswith("联系电话填的是“0852-1234”：应为电话号码")
    for other in (
        Confirmation("new", "phone", "0852-12345", "境外号码"),
        Confirmation("old", "phone", "0852-1234", "境外号码"),
        Confirmation("new", "phone", "0852-1234", " "),
    ):
        reasons(add_person(application, by(), "new", "新人", phone="0852-1234", confirm=[other]))
    assert reasons(add_person(application, by(), "new", "新人", phone="13800000000", confirm=[PHONE])) == [
        "所填的没有这样一处可以确认的内容：new/联系电话=0852-1234"
    ]
    assert events(application, confirmations_of("people")) == []
    made = add_person(
        application, by(request_id="r"), "new", "新人", roles=["clerk"], phone="0852-1234", confirm=[PHONE]
    )
    assert isinstance(made, NewPerson)
    assert [str(one.sentence()) for one in made.confirmed] == [
        "现予确认（电话号码的样式）：new 的“联系电话”为“0852-1234”，理由：境外号码，已拨通"
    ]
    assert NewPerson.from_json(made.as_json()) == made
    assert entries(application, "people")["new"].data["phone"] == "0852-1234"
    (kept,) = events(application, confirmations_of("people"))
    assert (kept.actor, kept.body["reason"]) == (KEEPER, "境外号码，已拨通")
    (entered,) = events(application, "register:people")[-1].body["confirmed"]
    assert (entered["value"], entered["rule"], entered["reason"]) == (
        "0852-1234",
        "phone_shape",
        PHONE.reason,
    )
    # A file that says the same is not asked about, and its preview shows it.
    plan = preview_import(
        application,
        KEEPER,
        "people",
        register_file(tmp_path, "people", "编号,姓名,角色,联系电话\nnew,新人,经办人,0852-1234\n"),
    )
    assert isinstance(plan, ImportPreview)
    assert [(one.by, one.unusual.seen) for one in plan.confirmed] == [(KEEPER, "0852-1234")]


def test_a_role_is_agreed_to_by_a_second_person_where_there_are_two() -> None:
    application = small_application()
    assert set_administrators(application, by(), (KEEPER, CLERK)) == []
    # Who works here may read, claim and be delegated to, whatever their roles.
    reasons(add_person(application, by(), "none", "无角色"))
    assert "none" not in entries(application, "people")
    reasons(add_person(application, by(), "new", "新人", section="one", roles=["clerk"]))
    assert "new" not in entries(application, "people")
    with application.store.read() as transaction:
        proposal = transaction.proposals.all()[-1]
    assert proposal.summary["roles"] == ["clerk"]
    assert str(proposal.summary["title"]).startswith("登记“new”，角色 clerk")
