"""Tests of the second person's agreement to what decides who can be drawn: nobody enters it and is drawn by it alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from draws_fixtures import BATCH, CHIEF, ZONE, Said
from register_keeper import CODE, NAME, Keeper

from engine.app.draws.registers import register_agreement as agreement
from engine.app.draws.registers import register_changes as registers
from engine.app.history.replay import history


def named(keeper: Keeper, *people: str) -> None:
    keeper.desk.done("user", "administrators", *people, "--as", "leading")


def commit(keeper: Keeper, person: str = "drawer") -> Said:
    return keeper.desk.step("commit_draw", person)


def confirm(keeper: Keeper, proposal: str, person: str) -> Said:
    return keeper.desk.ssj("proposal", "confirm", proposal, "--as", person)


def test_a_commitment_waits_for_somebody_else_to_agree(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    spared = keeper.of_class("D")[:-1]
    keeper.status(spared, "注销")
    said = commit(keeper)
    assert said.code == 1
    assert "待head、deputy确认" in said.err
    (proposal,) = keeper.asked()
    inbox = keeper.desk.done("inbox", "list", "--as", "deputy")
    assert proposal in inbox
    assert spared[0].id in inbox
    shown = keeper.desk.done("proposal", "show", proposal, "--as", "deputy")
    assert all(f"{one.id} 登记状态：active → cancelled" in shown for one in spared)
    # Asked once, however often it is tried.
    assert commit(keeper).code == 1
    assert keeper.asked() == [proposal]
    assert confirm(keeper, proposal, "registrar").code == 1
    assert confirm(keeper, proposal, "deputy").code == 0
    assert proposal in keeper.desk.done("inbox", "list", "--as", "drawer")
    assert commit(keeper).code == 0
    assert keeper.commitment()["agreed"] == [{"proposal": proposal, "by": "deputy"}]
    with keeper.desk.look() as transaction:
        assert agreement.changes_to_agree(transaction) == []
        (entered,) = history(transaction, agreement.STREAM)
    assert entered.body["agreed"] == [{"proposal": proposal, "by": "deputy"}]
    assert "单人办理" not in keeper.desk.done("case", "show", BATCH, "--as", "leading")


def test_no_class_and_no_firm_is_in_the_history_of_proposals(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    firm = keeper.of_class("D")[0]
    keeper.rated([firm], "A", "2026-03-01")
    assert commit(keeper).code == 1
    with keeper.desk.look() as transaction:
        texts = [str(event.body) for event in history(transaction, "proposals")]
    assert not any(firm.id in text or "credit" in text for text in texts)


def test_whoever_entered_it_agrees_to_nothing_of_it(keeper: Keeper) -> None:
    named(keeper, "registrar", "head")
    keeper.status(keeper.of_class("D")[:2], "注销")
    said = commit(keeper)
    assert "待head确认" in said.err
    (proposal,) = keeper.asked()
    assert confirm(keeper, proposal, "registrar").code == 1
    assert confirm(keeper, proposal, "head").code == 0
    assert commit(keeper).code == 0


def test_whoever_commits_agrees_to_nothing_of_it(keeper: Keeper) -> None:
    named(keeper, "drawer", "head")
    keeper.status(keeper.of_class("D")[:2], "注销")
    assert commit(keeper).code == 1
    (proposal,) = keeper.asked()
    assert confirm(keeper, proposal, "drawer").code == 0
    said = commit(keeper)
    assert said.code == 1
    assert "待head确认" in said.err


def test_what_two_entered_is_agreed_to_by_a_third(keeper: Keeper) -> None:
    """A keeper has the other administrator touch the same column: nobody is left who could agree, and nothing is committed."""
    named(keeper, "registrar", "leading")
    firm = keeper.firms[0]
    for person, label in (("registrar", "甲"), ("leading", "乙")):
        keeper.desk.done("register", "label", "objects", firm.id, "--add", label, "--as", person)
    said = commit(keeper)
    assert said.code == 1
    assert "没有人可以核对" in said.err
    assert keeper.asked() == []


def test_each_ones_changes_are_agreed_to_by_the_other(keeper: Keeper) -> None:
    named(keeper, "registrar", "leading")
    for person, firm in zip(("registrar", "leading"), keeper.firms, strict=False):
        keeper.desk.done("register", "label", "objects", firm.id, "--add", "甲", "--as", person)
    assert commit(keeper).code == 1
    first, second = keeper.asked()
    assert [confirm(keeper, first, "registrar").code, confirm(keeper, second, "leading").code] in (
        [0, 0],
        [1, 1],
    )
    confirm(keeper, first, "leading")
    confirm(keeper, second, "registrar")
    assert commit(keeper).code == 0
    assert {one["by"] for one in keeper.commitment()["agreed"]} == {"registrar", "leading"}


def test_what_is_entered_after_the_agreement_is_agreed_to_anew(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    firms = keeper.of_class("D")
    keeper.status(firms[:1], "注销")
    commit(keeper)
    (first,) = keeper.asked()
    confirm(keeper, first, "head")
    keeper.status(firms[1:3], "注销")
    assert commit(keeper).code == 1
    (second,) = keeper.asked()
    assert second != first
    keeper.status(firms[3:4], "注销")
    assert commit(keeper).code == 1
    (third,) = keeper.asked()
    assert third != second
    assert confirm(keeper, second, "head").code == 1
    confirm(keeper, third, "head")
    assert commit(keeper).code == 0


def test_a_rejected_list_is_committed_by_nobody_and_asked_for_again(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    firms = keeper.of_class("D")[:2]
    keeper.status(firms, "注销")
    commit(keeper)
    (first,) = keeper.asked()
    keeper.desk.done("proposal", "reject", first, "--reason", "未见注销凭证", "--as", "head")
    assert commit(keeper).code == 1
    assert keeper.asked() != [first]
    # As it was before there is nothing to agree to.
    keeper.status(firms, "存续")
    assert commit(keeper).code == 0
    assert "agreed" not in keeper.commitment()


def test_visits_made_up_and_a_class_are_agreed_to_however_long_ago(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.visited(keeper.of_class("C")[:1])
    keeper.rated(keeper.of_class("D")[:1], "A", "2026-03-01")
    with keeper.desk.look() as transaction:
        (one,) = agreement.changes_to_agree(transaction)
    assert sorted(found.what for found in one.changes) == ["class", "visits"]
    assert one.people == ("registrar",)
    keeper.desk.clock.set(keeper.desk.clock.now() + timedelta(days=registers.limits()["before_days"] + 5))
    assert keeper.found() == []
    assert commit(keeper).code == 1


def test_the_kind_of_a_firm_and_the_items_are_agreed_to(keeper: Keeper) -> None:
    """A firm that is of another 专项库 than the items of the draw takes no part either."""
    named(keeper, "head", "deputy")
    firm = keeper.of_class("D")[0]
    keeper.put((CODE, NAME, "专项库"), [(firm.id, firm.name, "职业培训学校")])
    keeper.desk.done("register", "label", "items", "GZ-01", "--add", "甲", "--as", "registrar")
    with keeper.desk.look() as transaction:
        (one,) = agreement.changes_to_agree(transaction)
    assert {(found.kind, found.what) for found in one.changes} >= {
        ("objects", "pools"),
        ("items", "labels"),
    }
    assert commit(keeper).code == 1


def test_what_was_agreed_to_for_one_draw_is_agreed_to_for_the_next(keeper: Keeper) -> None:
    desk = keeper.desk
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D")[:2], "注销")
    commit(keeper)
    confirm(keeper, keeper.asked()[0], "head")
    assert commit(keeper).code == 0
    evidence = {"facts": "方案有误", "reason_code": "procedure", "evidence": "方案原件"}
    asked = desk.step("ask_void", "drawer", evidence)
    if asked.code != 0:
        pytest.fail(asked.err)
    assert desk.step("void_draw", "deputy", reason="方案有误").code == 0
    assert keeper.asked() == []
    assert commit(keeper).code == 0


def test_an_office_without_a_second_is_marked(keeper: Keeper) -> None:
    keeper.status(keeper.of_class("D")[:1], "注销")
    assert commit(keeper).code == 0
    assert keeper.commitment()["agreed"][0]["single_handed"] is True
    assert "单人办理" in keeper.desk.done("case", "show", BATCH, "--as", "leading")
    alone = keeper.desk.done("proposal", "list", "--all", "--as", "leading")
    assert "单人办理" in alone
    assert "registrar" in alone


def test_an_agreement_put_into_the_table_is_none(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D")[:1], "注销")
    commit(keeper)
    (proposal,) = keeper.asked()
    (file,) = (keeper.desk.home / "data").glob("*.db")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "UPDATE proposal SET status = 'confirmed', decided_by = 'head', decided_at = made_at WHERE status = 'open'"
        )
    assert keeper.asked() == []
    said = commit(keeper)
    assert said.code == 1
    assert proposal not in keeper.asked()


def test_a_batch_that_comes_to_its_commitment_has_it_asked_for(keeper: Keeper) -> None:
    desk = keeper.desk
    named(keeper, "head", "deputy")
    desk.done("register", "label", "objects", keeper.firms[0].id, "--add", "新标签", "--as", "registrar")
    desk.takes("revise_plan", "deputy", reason="人员有误")
    assert keeper.asked() == []
    assert desk.step("submit_plan", CHIEF, desk.plan()).code == 0
    assert desk.step("approve_plan", "deputy", {"opinion": "同意"}).code == 0
    assert desk.step("publish_batch_plan", CHIEF).code == 0
    today = str(desk.clock.now().astimezone(ZONE).date())
    both = ["insp-01", "insp-02"]
    arranged = {"held_on": today, "place": "二楼会议室", "topics": "工作规范", "invited": both}
    trained = {"held_on": today, "attended": both, "norms_trained": True, "platform_trained": True}
    desk.takes("arrange", CHIEF, arranged, case="training-2")
    desk.takes("record_attendance", CHIEF, trained, case="training-2")
    (proposal,) = keeper.asked()
    ahead = desk.ssj("draw", "forecast", BATCH, "--as", "drawer")
    assert "须由另一人核对同意的名录变动 1 处" in ahead.out + ahead.err
    assert confirm(keeper, proposal, "head").code == 0
    # The drawer types the one command they always type.
    assert commit(keeper).code == 0


def test_columns_that_decide_nothing_need_nobody(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    firm = keeper.firms[0]
    keeper.put((CODE, NAME, "联系电话"), [(firm.id, firm.name, "0315-6000000")])
    assert commit(keeper).code == 0
