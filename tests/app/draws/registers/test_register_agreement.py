"""Tests of the second person's agreement to what decides who can be drawn: nobody enters it and is drawn by it alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

import pytest
from draws_fixtures import BATCH, CHIEF, ZONE, Said
from register_keeper import CODE, NAME, Keeper

from engine.app.draws.registers import register_agreement as agreement
from engine.app.draws.registers import register_changes as registers
from engine.app.draws.registers.register_roster import STREAM
from engine.app.history.replay import history
from engine.app.ports.records import RegisterEntry


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
        (entered,) = history(transaction, STREAM)
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
    desk.takes("revise_plan", "deputy", reason="人员有误")
    # No case is there to be committed: nobody is asked yet.
    desk.done("register", "label", "objects", keeper.firms[0].id, "--add", "新标签", "--as", "registrar")
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


PERSON, PERSON_NAME = "人员编号", "姓名"


def inspectors(keeper: Keeper) -> list[RegisterEntry]:
    with keeper.desk.look() as transaction:
        return list(transaction.registers.all("inspectors"))


def of_people(keeper: Keeper, column: str, rows: Sequence[tuple[RegisterEntry, str]]) -> None:
    keeper.put(
        (PERSON, PERSON_NAME, "执法证号", "执法证有效期至", column),
        [(one.id, one.name, one.data["cert_no"], one.data["cert_valid_to"], word) for one, word in rows],
        "inspectors",
    )


def back_on_duty(keeper: Keeper, people: Sequence[RegisterEntry]) -> None:
    """Enter that people are back, which gives rights and is agreed to by two."""
    with pytest.raises(AssertionError):
        of_people(keeper, "状态", [(one, "在岗") for one in people])
    assert confirm(keeper, keeper.asked()[-1], "head").code == 0
    of_people(keeper, "状态", [(one, "在岗") for one in people])


def found(keeper: Keeper) -> list[tuple[str, str, str]]:
    with keeper.desk.look() as transaction:
        return [
            (one.kind, one.entry, one.what)
            for group in agreement.changes_to_agree(transaction)
            for one in group.changes
        ]


def test_all_but_his_friends_on_leave_before_the_commitment(keeper: Keeper) -> None:
    """An insider puts everybody but two friends on leave, so that they go to every firm, and takes it back afterwards."""
    named(keeper, "head", "deputy")
    everybody = inspectors(keeper)
    friends, others = everybody[:2], everybody[2:]
    of_people(keeper, "状态", [(one, "请假") for one in others])
    # The batch was there to be committed: it is asked for at once, before anybody tries.
    (proposal,) = keeper.asked()
    shown = keeper.desk.done("proposal", "show", proposal, "--as", "deputy")
    assert f"{others[0].id} 人员状态：active → on_leave" in shown
    assert friends[0].id not in shown
    said = commit(keeper)
    assert said.code == 1
    assert "待head、deputy确认" in said.err
    ahead = keeper.desk.ssj("draw", "forecast", BATCH, "--as", "drawer")
    assert f"人员状态 {len(others)}" in ahead.out + ahead.err
    keeper.desk.done("proposal", "reject", proposal, "--reason", "无人请假", "--as", "head")
    assert commit(keeper).code == 1
    back_on_duty(keeper, others)
    assert found(keeper) == []
    assert keeper.asked() == []
    assert commit(keeper).code == 0


def test_leave_that_ends_after_the_commitment_is_an_incident(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    away = inspectors(keeper)[4:]
    of_people(keeper, "状态", [(one, "请假") for one in away])
    confirm(keeper, keeper.asked()[0], "deputy")
    assert commit(keeper).code == 0
    assert keeper.commitment()["register_changes"] == {"on_duty": len(away)}
    back_on_duty(keeper, away)
    assert {one.firm for one in keeper.back()} == {one.id for one in away}


def test_a_certificate_a_label_and_a_recusal_are_agreed_to(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    first, second, third = inspectors(keeper)[:3]
    keeper.put(
        (PERSON, PERSON_NAME, "执法证号", "执法证有效期至"),
        [(first.id, first.name, first.data["cert_no"], "2026-03-05")],
        "inspectors",
    )
    keeper.desk.done("register", "label", "inspectors", second.id, "--add", "甲", "--as", "registrar")
    of_people(keeper, "回避对象", [(third, "；".join(one.id for one in keeper.firms[:2]))])
    assert found(keeper) == [
        ("inspectors", first.id, "cert_valid_to"),
        ("inspectors", second.id, "labels"),
        ("inspectors", third.id, "recusals"),
    ]
    (proposal,) = keeper.asked()
    shown = keeper.desk.done("proposal", "show", proposal, "--as", "deputy")
    assert "执法证有效期至" in shown
    # Whom somebody keeps away from is for nobody else.
    assert keeper.firms[0].id not in shown
    assert commit(keeper).code == 1


def test_an_expert_let_go_is_agreed_to(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    with keeper.desk.look() as transaction:
        expert = next(iter(transaction.registers.all("experts")))
    keeper.put(("专家编号", "姓名", "状态"), [(expert.id, expert.name, "解聘")], "experts")
    assert found(keeper) == [("experts", expert.id, "on_duty")]


def test_a_number_of_a_certificate_and_a_telephone_decide_nothing(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    one = inspectors(keeper)[0]
    head = (PERSON, PERSON_NAME, "执法证号", "执法证有效期至", "联系电话")
    row = (one.id, one.name, "13020099999", one.data["cert_valid_to"], "13900000000")
    keeper.put(head, [row], "inspectors")
    assert found(keeper) == []


def test_a_list_that_changes_after_it_was_agreed_to_costs_no_command(keeper: Keeper) -> None:
    """The second list says first what is new, one confirms it, and whoever commits types one command."""
    named(keeper, "head", "deputy")
    firms = keeper.of_class("D")
    keeper.status(firms[:1], "注销")
    (first,) = keeper.asked()
    confirm(keeper, first, "head")
    keeper.status(firms[1:2], "注销")
    (second,) = keeper.asked()
    assert second != first
    shown = keeper.desk.done("proposal", "show", second, "--as", "head")
    assert f"与“{first}”所列不同的 1 处：{firms[1].id}" in shown
    keeper.status(firms[2:3], "注销")
    (third,) = keeper.asked()
    assert confirm(keeper, second, "head").code == 1
    assert confirm(keeper, third, "deputy").code == 0
    assert commit(keeper).code == 0
    assert keeper.commitment()["agreed"] == [{"proposal": third, "by": "deputy"}]


def test_columns_that_decide_nothing_ask_nobody_again(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.desk.done("register", "label", "items", "GZ-01", "--add", "甲", "--as", "registrar")
    (first,) = keeper.asked()
    firm = keeper.firms[0]
    keeper.put((CODE, NAME, "联系电话"), [(firm.id, firm.name, "0315-6000000")])
    assert keeper.asked() == [first]
    assert confirm(keeper, first, "head").code == 0
    assert commit(keeper).code == 0


def test_of_many_changes_some_of_each_kind_are_listed_and_the_others_are_counted(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "MOST_LISTED", 12)
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D"), "注销")
    with keeper.desk.look() as transaction:
        people = transaction.registers.all("inspectors")[:3]
    rows = [(one.id, one.name, one.data["cert_no"], one.data["cert_valid_to"], "休假") for one in people]
    keeper.put(("人员编号", "姓名", "执法证号", "执法证有效期至", "状态"), rows, "inspectors")
    assert commit(keeper).code == 1
    shown = keeper.desk.done("proposal", "show", keeper.asked()[-1], "--as", "deputy")
    firms = len(keeper.of_class("D"))
    assert f"只列出 {firms + 3} 处中的 12 处" in shown
    assert f"登记状态 {firms - 9}" in shown
    assert all(f"{one.id} 人员状态" in shown for one in people)


def test_what_is_entered_anew_is_listed_with_everything_that_decides(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.put(
        (CODE, NAME, "信用等级", "信用评定日期", "频次上限"),
        [("91990102MA3000010X", "示例新设公司", "A", "2026-03-01", "0")],
    )
    assert commit(keeper).code == 1
    shown = keeper.desk.done("proposal", "show", keeper.asked()[-1], "--as", "deputy")
    assert "类别 credit=A" in shown
    assert "检查次数上限 0" in shown


def test_an_agreement_to_a_list_that_was_taken_back_is_none_to_the_same_list_entered_anew(
    keeper: Keeper,
) -> None:
    named(keeper, "head", "deputy")
    spared = keeper.of_class("D")[:-1]
    keeper.status(spared, "注销")
    assert confirm(keeper, keeper.asked()[0], "head").code == 0
    keeper.desk.done("register", "undo", "objects", "--as", "registrar", "--yes")
    keeper.status(spared, "注销")
    assert commit(keeper).code == 1
    (again,) = keeper.asked()
    assert confirm(keeper, again, "head").code == 0
    assert commit(keeper).code == 0


def test_whoever_agreed_is_an_administrator_when_it_is_committed(keeper: Keeper) -> None:
    """Named for the moment by SQL, and not named any more: nobody has agreed."""
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D")[:2], "注销")
    (proposal,) = keeper.asked()
    (file,) = (keeper.desk.home / "data").glob("*.db")

    def administrators(*people: str) -> None:
        with closing(sqlite3.connect(file)) as base, base:
            base.execute("UPDATE setting SET body = ? WHERE name = 'administrators'", (json.dumps(people),))

    administrators("head", "deputy", "insp-01")
    assert confirm(keeper, proposal, "insp-01").code == 0
    administrators("head", "deputy")
    assert commit(keeper).code == 1


def test_a_list_that_was_rejected_is_asked_for_again_with_who_rejected_it_and_why(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D")[:2], "注销")
    (first,) = keeper.asked()
    keeper.desk.done("proposal", "reject", first, "--reason", "两户都在经营", "--as", "head")
    assert commit(keeper).code == 1
    (again,) = keeper.asked()
    shown = keeper.desk.done("proposal", "show", again, "--as", "deputy")
    assert f"“{first}”：head不同意过同样的清单，理由：两户都在经营" in shown
    assert "head不同意过同样的清单" in keeper.desk.done("inbox", "list", "--as", "deputy")
