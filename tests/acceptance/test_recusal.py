"""A request for recusal stops nothing, the head decides on it, and whoever comes into a team was trained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from acceptance_fixtures import (
    CHIEF,
    PUBLICATION,
    RESULT,
    REVIEWED,
    REVIEWER,
    Bureau,
    approval,
    check_rows,
    copy_of,
    declaration,
    notice,
    open_bureau,
    to_the_visit,
    visit,
)

from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Change


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime, list[str]]:
    """A deployment whose first visit is to be made, the others to be approved."""
    folder = tmp_path_factory.mktemp("recusal")
    with pytest.MonkeyPatch.context() as patch:
        bureau = open_bureau(folder, patch, "2024-04-08")
        cases = to_the_visit(bureau, share="0.5%")
        return bureau.home, bureau.clock.now(), cases


@pytest.fixture
def play(
    prepared: tuple[Path, datetime, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Bureau, list[str]]:
    """A copy of it to play in, with its visits."""
    home, now, cases = prepared
    return copy_of(home, now, tmp_path, monkeypatch), cases


def request(bureau: Bureau, leaving: str, **other: Any) -> dict[str, Any]:
    facts = "与企业负责人是同学"
    return {"applicant": "object", "asked_on": str(bureau.today), "leaving": leaving, "facts": facts, **other}


def put_right(bureau: Bureau, case: str, fields: dict[str, Any]) -> None:
    """Give fields of a case other values, as the start of a play."""
    office = bureau.application()
    try:
        with office.store.write() as transaction:
            uow = UnitOfWork(office, transaction, bureau.clock.now())
            found = uow.case(case)
            assert found is not None
            uow.record(found, "recorded", "leading", {"title": "示例"}, Change(fields=fields))
            uow.flush()
    finally:
        office.store.close()


def asked(bureau: Bureau, case: str, by: str, leaving: str) -> str:
    """Enter a request for recusal under a case; returns the request."""
    words = paper(bureau, request(bureau, leaving))
    found = bureau.done(
        "case", "start", "recusal", "--title", "回避申请", "--under", case, *words, "--as", by
    )
    return found.split("\t")[0]


def paper(bureau: Bureau, answers: Mapping[str, Any]) -> tuple[str, str]:
    form = bureau.home.parent / "request.json"
    form.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
    return "--form", str(form)


def decided(acts: str, **other: Any) -> dict[str, Any]:
    return {"acts": acts, "explanation": "已核对检查笔录和证据", "told": "当面告知", **other}


def visited(bureau: Bureau, case: str) -> str:
    """Make the visit and find nothing; returns the state the case is in then."""
    team = bureau.team(case)
    shown = json.loads(bureau.done("task", "show", case, "--as", team[0], "--json"))
    return bureau.signed(case, "finish_visit", team, visit(bureau, team, check_rows(shown)))


def has_read(bureau: Bureau, person: str, *parts: str) -> bool:
    return any(all(part in text for part in parts) for text in bureau.messages(person))


def settled(bureau: Bureau, **found: str) -> dict[str, str]:
    """Return how what rests on a corrected finding is settled: as `found` says, the rest is not there."""
    asked = ("order", "what_was_done", "referral", "publications", "penalty")
    return {
        **dict.fromkeys(asked, "none"),
        **found,
        "told_on": str(bureau.today),
        "told_by": "phone",
        "explanation": "已逐项核对",
    }


def test_the_visit_goes_on_while_the_head_has_a_term_to_decide(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    found = asked(bureau, case, CHIEF, team[1])
    # It is a task of the head, with a last day; the case is where it was.
    assert bureau.work_items("head")[found]["state"] == "deciding"
    assert has_read(bureau, "head", "回避申请")
    assert [one["due_on"] for one in bureau.show(found)["deadlines"]] == ["2024-04-15"]
    assert bureau.show(case)["state"] == "to_visit"
    # Both sign the visit, the one whose recusal is asked for too: 行政处罚法 43, 不停止调查.
    assert visited(bureau, case) == "to_enter"
    assert bureau.takes(case, "enter_result", team[0], RESULT) == "to_review"
    # What he did stands: he is replaced from now on, and nobody has to sign for him or to do it again.
    assert "局长" in bureau.refused(found, "grant", CHIEF, decided("stand"))
    assert bureau.takes(found, "grant", "head", decided("stand")) == "granted"
    now = bureau.team(case)
    assert team[1] not in now
    assert len(now) == 2
    assert bureau.show(case)["state"] == "to_review"
    (new,) = set(now) - set(team)
    assert has_read(bureau, team[1], "你不再承办")
    assert has_read(bureau, new, "你接着承办", "不用你补签")
    bureau.takes(case, "pass_review", REVIEWER, REVIEWED)
    assert bureau.takes(case, "publish_result", team[0], PUBLICATION) == "closed"
    assert bureau.takes(case, "file_away", "archivist") == "archived"
    entries = [one for one in bureau.history(case) if one["kind"] == "reassigned"]
    assert [(one["actor"], one["body"]["by_case"]) for one in entries] == [("head", found)]


def test_who_is_recused_before_the_visit_is_replaced_and_the_new_one_declares(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    found = asked(bureau, case, team[0], team[1])
    bureau.takes(found, "grant", "head", decided("none"))
    now = bureau.team(case)
    assert team[1] not in now
    assert bureau.show(case)["state"] == "to_declare"
    assert "全体检查人员都要签署" in bureau.refused(case, "declare", team[0], declaration(bureau, team))
    assert bureau.signed(case, "declare", now, declaration(bureau, now)) == "to_notify"
    with bureau.application().store.read() as transaction:
        papers = transaction.papers.of_case(case)
        (sheet,) = [one for one in papers if one.kind == "approval" and one.state.value != "void"]
        (document,) = [one for one in transaction.records.documents(case) if one.id == sheet.document]
    (row,) = [line for line in document.content.decode().splitlines() if "检查人员变更" in line]
    assert "因回避不再参加本次检查" in row
    bureau.takes(case, "notify_enterprise", now[0], notice(bureau))
    assert visited(bureau, case) == "to_enter"


def test_what_was_done_may_not_stand_and_a_signature_that_waits_is_not_asked_for(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    shown = json.loads(bureau.done("task", "show", case, "--as", team[0], "--json"))
    # One has signed; the other, who is to sign, is recused.
    bureau.takes(case, "finish_visit", team[0], visit(bureau, team, check_rows(shown)))
    found = asked(bureau, case, team[0], team[1])
    bureau.takes(found, "grant", "head", decided("none"))
    now = bureau.team(case)
    bureau.signed(case, "declare", now, declaration(bureau, now))
    bureau.takes(case, "notify_enterprise", now[0], notice(bureau))
    assert visited(bureau, case) == "to_enter"
    # The visit of the new one does not stand: it is made again, from the declaration on.
    again = asked(bureau, case, CHIEF, now[1])
    assert "重新检查" in bureau.refused(again, "grant", "head", decided("correct"))
    bureau.takes(again, "grant", "head", decided("again"))
    assert bureau.show(case)["state"] == "to_declare"
    assert [one["due_on"] for one in bureau.show(case)["deadlines"]] == ["2024-05-18"]


def test_after_publication_the_consequences_are_put_before_somebody(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    visited(bureau, case)
    bureau.takes(case, "enter_result", team[0], RESULT)
    bureau.takes(case, "pass_review", REVIEWER, REVIEWED)
    found = asked(bureau, case, CHIEF, team[0])
    assert bureau.takes(case, "publish_result", team[1], PUBLICATION) == "closed"
    # Nothing is filed while it is not decided.
    assert "子件未办结" in bureau.refused(case, "file_away", "archivist")
    assert "结果已经公示" in bureau.refused(found, "grant", "head", decided("again"))
    assert bureau.takes(found, "grant", "head", decided("correct")) == "correcting"
    # The result is withdrawn and corrected at once; nothing is filed while the consequences are not checked.
    assert bureau.show(case)["state"] == "correcting"
    (checks,) = bureau.cases("finding_corrected")
    assert bureau.work_items(CHIEF)[checks["id"]]["state"] == "checking"
    with bureau.application().store.read() as transaction:
        (before,) = transaction.records.publications(kind="result", case_id=case)
    assert before.withdrawn_because == "检查人员应当回避，所作的检查不能作数，结果正在更正"
    now = bureau.team(case)
    bureau.takes(case, "enter_result", now[0], RESULT)
    bureau.takes(case, "pass_review", REVIEWER, REVIEWED)
    assert bureau.takes(case, "publish_result", now[0], PUBLICATION) == "closed"
    assert "子件未办结" in bureau.refused(case, "file_away", "archivist")
    bureau.until(bureau.today + timedelta(days=14))
    assert bureau.show(case)["state"] == "closed"
    effects = settled(bureau, publications="kept")
    assert "公示不能照旧" in bureau.refused(checks["id"], "settle", CHIEF, effects)
    bureau.takes(checks["id"], "settle", CHIEF, {**effects, "publications": "corrected"})
    assert bureau.show(found)["state"] == "granted"
    # The filing that was refused for it is tried again by itself: nobody files it by hand.
    bureau.until(bureau.today + timedelta(days=1))
    assert bureau.show(case)["state"] == "archived"


def test_a_replacement_that_waits_is_ended_by_the_recusal(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    change = {"applicant": "self", "leaving": team[1], "reason_code": "illness", "facts": "住院"}
    bureau.takes(case, "ask_change", team[0], change)
    found = asked(bureau, case, CHIEF, team[1])
    bureau.takes(found, "grant", "head", decided("none"))
    # Nobody visits who has not declared: the case is where the new one declares, and the change is not decided any more.
    assert bureau.show(case)["state"] == "to_declare"
    assert "refuse_change" in bureau.refused(case, "refuse_change", CHIEF)
    assert has_read(bureau, CHIEF, "更换申请随之了结")
    now = bureau.team(case)
    assert bureau.signed(case, "declare", now, declaration(bureau, now)) == "to_notify"


def test_who_was_drawn_asks_for_their_own_recusal_whatever_their_section(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, cases = play
    for case in cases:
        for person in bureau.team(case):
            assert asked(bureau, case, person, person).startswith("recusal-")
    team = bureau.team(cases[0])
    words = paper(bureau, request(bureau, team[0]))
    of_other_sections = [
        said
        for number in range(1, 25)
        if (person := f"insp-{number:02}") not in team
        and "属于" in (said := bureau.ssj(
            "case", "start", "recusal", "--title", "甲", "--under", cases[0], *words, "--as", person
        )).err
    ]  # fmt: skip
    assert of_other_sections


def test_two_recusals_are_named_on_the_approval(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    found = [asked(bureau, case, CHIEF, person) for person in team]
    for one in found:
        bureau.takes(one, "grant", "head", decided("none"))
    with bureau.application().store.read() as transaction:
        papers = transaction.papers.of_case(case)
        (sheet,) = [one for one in papers if one.kind == "approval" and one.state.value != "void"]
        (document,) = [one for one in transaction.records.documents(case) if one.id == sheet.document]
    (row,) = [line for line in document.content.decode().splitlines() if "检查人员变更" in line]
    names = [f"检查人员{person.removeprefix('insp-')}" for person in team]
    assert "、".join(names) + "因回避不再参加本次检查" in row


def to_penalty(bureau: Bureau, case: str) -> str:
    """Make a visit that finds wages unpaid, and have the penalty procedure begun; returns the penalty."""
    team = bureau.team(case)
    shown = json.loads(bureau.done("task", "show", case, "--as", team[0], "--json"))
    answers = visit(bureau, team, check_rows(shown))
    answers["items"]["employment_check"]["rows"]["wages"] = {"answer": "不符合", "note": "拖欠三人工资"}
    bureau.signed(case, "finish_visit", team, answers)
    problem = {
        "item": "工资支付和最低工资", "facts": "拖欠三人三月工资", "basis": "《劳动合同法》第三十条", "ended_on": "2024-03-31",
    }  # fmt: skip
    entry = {"result_codes": ["violation_hrss"], "measures": ["case_clue"], "problem_list": [problem]}
    bureau.takes(case, "enter_result", team[0], entry)
    bureau.takes(case, "pass_review", REVIEWER, REVIEWED)
    bureau.takes(case, "publish_result", team[0], PUBLICATION)
    (follow_up,) = bureau.cases("follow_up", parent=case)
    bureau.takes(follow_up["id"], "judge", CHIEF, {"route": "filed", "reasons": "拖欠"})
    (penalty,) = bureau.cases("penalty")
    return str(penalty["id"])


def filing(bureau: Bureau, handlers: list[str]) -> dict[str, Any]:
    return {
        "source": "inspection", "found_on": str(bureau.today), "matter": "拖欠工资", "facts": "拖欠",
        "law": "《劳动合同法》第三十条", "handlers": handlers,
    }  # fmt: skip


def to_the_notice(bureau: Bureau, penalty: str, handlers: list[str]) -> None:
    """Take a penalty from the filing to where the prior notice is to be made."""
    bureau.takes(penalty, "propose_filing", CHIEF, filing(bureau, handlers))
    bureau.takes(penalty, "approve_filing", "head", {"opinion": "同意"})
    proposal = {
        "handled_by": handlers, "facts": "拖欠", "evidence": "工资表", "proposal": "penalty",
        "law": "《劳动保障监察条例》第二十六条", "heard": "无",
    }  # fmt: skip
    assert bureau.signed(penalty, "end_investigation", handlers, proposal) == "telling"


def test_handlers_exist_have_a_certificate_and_are_not_recused(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    # Recused from the inspection, nobody handles the penalty that comes of it.
    gone = bureau.team(case)[1]
    found = asked(bureau, case, CHIEF, gone)
    penalty = to_penalty(bureau, case)
    bureau.takes(found, "grant", "head", decided("stand"))
    handlers = bureau.team(case)
    for people, said in (
        (["insp-98", "insp-99"], "insp-98、insp-99不在在岗的人员之列"),
        ([handlers[0], "head"], "head没有在"),
        ([handlers[0], gone], f"{gone}已经从本件回避"),
    ):
        assert said in bureau.refused(penalty, "propose_filing", CHIEF, filing(bureau, people))
    to_the_notice(bureau, penalty, handlers)
    first, second = (asked(bureau, penalty, CHIEF, person) for person in handlers)
    others = [f"insp-{number:02}" for number in range(1, 25) if f"insp-{number:02}" not in (*handlers, gone)]
    bureau.takes(first, "grant", "head", decided("stand", new_handlers=[handlers[1], others[0]]))
    # Both requests were there before either was decided: who has gone by the first does not come back by the second.
    for again, said in ((handlers[0], "已经从本件回避"), (gone, "已经从本件回避"), ("insp-99", "不在在岗")):
        told = bureau.refused(second, "grant", "head", decided("stand", new_handlers=[others[0], again]))
        assert said in told
    bureau.takes(second, "grant", "head", decided("stand", new_handlers=others[:2]))
    assert bureau.show(penalty)["parties"]["handlers"] == others[:2]
    change = {
        "ground": "unable", "asked_on": str(bureau.today), "leaving": [others[0]], "facts": "住院",
        "granted": True, "new_handlers": [others[1], handlers[0]],
    }  # fmt: skip
    assert "已经从本件回避" in bureau.refused(penalty, "change_handlers", CHIEF, change)


def test_an_investigation_that_does_not_stand_is_made_again(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    penalty = to_penalty(bureau, case)
    handlers = bureau.team(case)
    to_the_notice(bureau, penalty, handlers)
    other = next(one for one in (f"insp-{number:02}" for number in range(1, 25)) if one not in handlers)
    change = {
        "ground": "own", "asked_on": str(bureau.today), "leaving": [handlers[0]], "facts": "同学",
        "granted": True, "acts": "again", "new_handlers": [handlers[1], other],
    }  # fmt: skip
    # One way leads back, and the other says so.
    assert "回避申请" in bureau.refused(penalty, "change_handlers", "head", change)
    found = asked(bureau, penalty, handlers[0], handlers[0])
    told = bureau.refused(found, "grant", "head", decided("correct", new_handlers=[handlers[1], other]))
    assert "决定还没有作出" in told
    bureau.takes(found, "grant", "head", decided("again", new_handlers=[handlers[1], other]))
    assert bureau.show(penalty)["state"] == "investigating"
    assert bureau.show(penalty)["parties"]["handlers"] == [handlers[1], other]
    assert has_read(bureau, handlers[1], "不能作数，重新检查、重新调查")


def test_a_refusal_gives_its_reason_and_changes_nothing(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, other, *_) = play
    team = bureau.team(case)
    found = asked(bureau, case, team[0], team[1])
    assert bureau.takes(found, "refuse", "head", reason="没有利害关系") == "refused"
    assert bureau.team(case) == team
    assert has_read(bureau, team[0], "没有同意回避", "没有利害关系")
    words = paper(bureau, request(bureau, "insp-24" if "insp-24" not in team else "insp-23"))
    said = bureau.ssj("case", "start", "recusal", "--title", "甲", "--under", case, *words, "--as", CHIEF)
    assert (said.code, "不是本件的检查、办案人员" in said.err) == (1, True)
    said = bureau.ssj("case", "start", "recusal", "--title", "甲", *words, "--as", CHIEF)
    assert (said.code, "要在一件案件下启动" in said.err) == (1, True)
    # Before the approval the case waits for the approval still.
    waiting = asked(bureau, other, CHIEF, bureau.team(other)[0])
    bureau.takes(waiting, "grant", "head", decided("none"))
    assert bureau.show(other)["state"] == "to_approve"
    assert bureau.takes(other, "approve", "head", approval(bureau)) == "to_declare"


def test_who_comes_into_a_team_was_trained(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    (batch,) = bureau.cases("batch")
    # To the training before this came the team alone: the next of the order was not there.
    put_right(bureau, batch["id"], {"trained": team})
    words = ("--title", "补训", "--under", batch["id"], "--as", CHIEF)
    training = bureau.done("case", "start", "training", *words).split("\t")[0]

    def attended(case: str, people: list[str]) -> None:
        bureau.takes(case, "record_attendance", CHIEF, {
            "held_on": str(bureau.today), "attended": people, "norms_trained": True, "platform_trained": True,
        })  # fmt: skip

    arranged = {"held_on": str(bureau.today), "place": "二楼", "topics": "工作规范", "invited": team}
    bureau.takes(training, "arrange", CHIEF, arranged)
    attended(training, team)
    found = asked(bureau, case, team[0], team[1])
    bureau.takes(found, "grant", "head", decided("none"))
    now = bureau.team(case)
    told = bureau.refused(case, "declare", now[0], declaration(bureau, now))
    assert "不在检查前培训的签到人员之列" in told
    assert all(part in told for part in ("补训并登记签到", "由下一名接替", "实施方案 三（三）"))
    # He is trained and the record signed; or, of a replacement of the other kind, the next is drawn.
    # A sheet lists who came to that training, and nobody else: those of the one before count as before.
    bureau.takes(training, "correct_record", CHIEF, reason="补训一人")
    attended(training, now)
    assert set(bureau.show(batch["id"])["fields"]["trained"]) == {*team, *now}
    # Whoever was put down by mistake is taken out again by the next sheet of the same training, and by no other's.
    bureau.takes(training, "correct_record", CHIEF, reason="签到填错")
    attended(training, team)
    assert set(bureau.show(batch["id"])["fields"]["trained"]) == set(team)
    bureau.takes(training, "correct_record", CHIEF, reason="签到又填错")
    attended(training, now)
    assert bureau.signed(case, "declare", now, declaration(bureau, now)) == "to_notify"
    change = {"applicant": "self", "leaving": now[1], "reason_code": "illness", "facts": "住院"}
    bureau.takes(case, "ask_change", now[0], change)
    bureau.takes(case, "approve_change", CHIEF, {"opinion": "同意"})
    third = bureau.team(case)
    assert "不在检查前培训" in bureau.refused(case, "declare", third[0], declaration(bureau, third))
    bureau.until(bureau.today + timedelta(days=1))
    assert bureau.show(case)["state"] == "to_declare"


def test_nobody_signs_for_who_was_drawn(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team, today = bureau.team(case), str(bureau.today)
    stranger = next(one for one in (f"insp-{number:02}" for number in range(1, 25)) if one not in team)
    words = ("--from", today, "--to", today, "--reason", "出差", "--as", team[1])
    bureau.done("delegation", "add", team[1], stranger, *words)
    for step in (
        "report_no_activity",
        "report_uncooperative",
        "report_unreachable",
        "report_gone",
        "finish_visit",
    ):
        said = bureau.ssj("task", "advance", case, step, "--as", stranger)
        assert (said.code, "由抽取确定的人员本人签署" in said.err) == (1, True), said.err
        assert "由同一随机次序的下一名接替" in said.err


def test_a_decision_that_does_not_stand_is_put_right_not_left(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    penalty = to_penalty(bureau, case)
    handlers = bureau.team(case)
    to_the_notice(bureau, penalty, handlers)
    told = {
        "breached": "《劳动合同法》第三十条",
        "reasons": "拖欠",
        "intended": "罚款",
        "amount": 5000,
        "hearing": False,
    }
    bureau.takes(penalty, "tell", handlers[0], told)
    bureau.takes(penalty, "approve_notice", "head", {"opinion": "同意"})
    served = {"delivered_by": "direct", "delivered_on": str(bureau.today)}
    bureau.takes(penalty, "serve_notice", handlers[0], served)
    bureau.until(bureau.today + timedelta(days=10))
    review = {"passed": True, "discussion": False, "opinion": "同意"}
    bureau.takes(penalty, "review_law", REVIEWER, review)
    decision = {
        "kind": "penalty", "amount": 5000, "decided_on": str(bureau.today), "content": "罚款",
        "breached": "《劳动合同法》第三十条", "perform": "十五日内缴纳",
    }  # fmt: skip
    assert bureau.takes(penalty, "decide", "head", decision) == "serving"
    other = next(one for one in (f"insp-{number:02}" for number in range(1, 25)) if one not in handlers)
    found = asked(bureau, penalty, CHIEF, handlers[0])
    new = {"new_handlers": [handlers[1], other]}
    assert "决定已经作出" in bureau.refused(found, "grant", "head", decided("again", **new))
    assert bureau.takes(found, "grant", "head", decided("correct", **new)) == "correcting"
    (checks,) = bureau.cases("finding_corrected")
    effects = settled(bureau, penalty="kept")
    assert "处罚决定不能照旧" in bureau.refused(checks["id"], "settle", CHIEF, effects)
    bureau.takes(checks["id"], "settle", CHIEF, {**effects, "penalty": "withdrawn"})
    assert bureau.show(found)["state"] == "granted"


def test_a_later_approval_sets_the_day_of_the_visit_anew(play: tuple[Bureau, list[str]]) -> None:
    bureau, (_, case, *_) = play
    team = bureau.team(case)
    report = {
        "why": "举报欠薪", "reported_to": "bureau_head", "reported_on": str(bureau.today),
        "planned_on": str(bureau.today), "methods": ["onsite"],
    }  # fmt: skip
    bureau.takes(case, "begin_urgent", team[0], report)
    bureau.signed(case, "declare", team, declaration(bureau, team))
    bureau.takes(case, "notify_enterprise", team[0], notice(bureau))
    bureau.takes(case, "move_visit", team[0], {"planned_on": "2024-04-26"})
    assert "2024年4月26日" in newest_notice(bureau, case)
    bureau.takes(case, "notify_enterprise", team[0], notice(bureau))
    shown = json.loads(bureau.done("task", "show", case, "--as", team[0], "--json"))
    answers = visit(bureau, team, check_rows(shown), day_changed="提前")
    assert bureau.signed(case, "finish_visit", team, answers) == "approving_after"
    bureau.advance(case, "refuse_visit", "head", None, "不紧急")
    bureau.takes(case, "propose_again", CHIEF)
    bureau.takes(case, "approve", "head", {**approval(bureau), "planned_on": "2024-04-18"})
    bureau.signed(case, "declare", team, declaration(bureau, team))
    told = newest_notice(bureau, case)
    assert "2024年4月18日" in told
    assert "2024年4月26日" not in told
    bureau.takes(case, "notify_enterprise", team[0], notice(bureau))
    bureau.until(bureau.today.replace(day=18))
    assert visited(bureau, case) == "to_enter"


def newest_notice(bureau: Bureau, case: str) -> str:
    """Return the text of the notice of a case that is in force."""
    with bureau.application().store.read() as transaction:
        papers = transaction.papers.of_case(case)
        (paper_now,) = [one for one in papers if one.kind == "notice" and one.state.value != "void"]
        (document,) = [one for one in transaction.records.documents(case) if one.id == paper_now.document]
    return document.content.decode()
