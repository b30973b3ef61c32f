"""Situations of visits, follow-ups, referrals and objections, played by the people of an office through the commands."""

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
    REVIEWED,
    REVIEWER,
    Bureau,
    approval,
    check_rows,
    copy_of,
    declaration,
    notice,
    open_bureau,
    plan,
    to_the_visit,
    visit,
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime, list[str]]:
    """A deployment whose first visit is to be made, the others to be approved."""
    folder = tmp_path_factory.mktemp("situations")
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


def shown(bureau: Bureau, case: str, person: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bureau.done("task", "show", case, "--as", person, "--json"))
    return found


def has_read(bureau: Bureau, person: str, *parts: str) -> bool:
    """Tell whether one message to a person has all these parts."""
    return any(all(part in text for part in parts) for text in bureau.messages(person))


def record(bureau: Bureau, case: str, **other: Any) -> dict[str, Any]:
    """Return the record of a visit that found one breach."""
    team = bureau.team(case)
    rows = check_rows(shown(bureau, case, team[0]))
    found = visit(bureau, team, rows, **other)
    wrong = {"answer": "不符合", "note": "未支付加班工资九千元", "article": "《劳动法》第四十四条"}
    found["items"]["employment_check"]["rows"]["wages"] = wrong
    return found


def published(bureau: Bureau, case: str, measures: tuple[str, ...] = ("rectify",), **other: Any) -> str:
    """Take a visit that found one breach to its publication; returns the follow-up."""
    team = bureau.team(case)
    bureau.signed(case, "finish_visit", team, record(bureau, case))
    problem = {"item": "GZ-01", "facts": "未支付加班工资九千元", "basis": "《劳动法》第四十四条"}
    result: Mapping[str, Any] = {
        "result_codes": ["violation_hrss"],
        "measures": list(measures),
        "problem_list": [problem],
        **other,
    }
    bureau.takes(case, "enter_result", team[0], result)
    bureau.takes(case, "pass_review", REVIEWER, REVIEWED)
    bureau.takes(case, "publish_result", team[0], PUBLICATION)
    (follow_up,) = bureau.cases("follow_up")
    return str(follow_up["id"])


def ordered(bureau: Bureau, case: str, days: int = 20) -> str:
    """Take a visit to the service of an order to mend within so many days; returns the follow-up."""
    follow_up, team = published(bureau, case), bureau.team(case)
    bureau.takes(follow_up, "judge", CHIEF, {"route": "rectify", "reasons": "责令改正"})
    order = {
        "ordered_on": str(bureau.today),
        "demands": "支付三人加班工资九千元。",
        "due_on": str(bureau.today + timedelta(days=days)),
    }
    bureau.takes(follow_up, "order", team[0], order)
    bureau.takes(
        follow_up, "serve_order", team[0], {"delivered_by": "direct", "delivered_on": str(bureau.today)}
    )
    return follow_up


def rechecked(bureau: Bureau, rectified: bool, team: list[str]) -> dict[str, Any]:
    return {
        "checked_on": str(bureau.today),
        "facts": "已支付一半" if not rectified else "已支付",
        "rectified": rectified,
        "evidence": "现场查看",
        "signed_by": team,
    }


def test_who_approves_a_correction_reads_what_it_changes(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    bureau.signed(case, "finish_visit", team, record(bureau, case))
    bureau.done("task", "correct", case, "onsite_check.staff", "43", "--reason", "数错一人", "--as", team[0])
    assert has_read(bureau, CHIEF, team[0], "申请更正", "现场检查记录", "职工人数", "42", "43", "数错一人")
    for words in (("task", "show"), ("case", "show"), ("case", "history")):
        assert "更正《现场检查记录》的“职工人数”：42 改为 43" in bureau.done(*words, case, "--as", CHIEF)
    bureau.done("task", "approve", case, "correct", "--as", CHIEF)
    assert has_read(bureau, team[0], "已获批准", "42 改为 43")
    # A personal answer is in no message; whoever decides sees both texts in the case.
    bureau.done(
        "task", "correct", case, "onsite_check.record", "改写的笔录", "--reason", "补正", "--as", team[0]
    )
    assert has_read(bureau, CHIEF, "检查笔录", "补正")
    assert not has_read(bureau, CHIEF, "改写的笔录")
    text = bureau.done("task", "show", case, "--as", CHIEF)
    assert "原值：查阅职工名册" in text
    assert "新的值：改写的笔录" in text


def test_who_approves_an_extension_reads_the_days(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    (clock,) = [one for one in bureau.show(case)["deadlines"] if "检查时间" in one["title"]]
    bureau.done("task", "extend", case, "5", "--reason", "停电", "--as", team[0])
    assert has_read(bureau, CHIEF, "申请延期", "方案确定的检查时间", "5 日", clock["due_on"], "停电")
    assert f"到期日由 {clock['due_on']} 改为" in bureau.done("task", "show", case, "--as", CHIEF)


def test_before_the_term_has_ended_a_recheck_notes_progress_only(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    follow_up, team = ordered(bureau, case), bureau.team(case)
    term = bureau.today + timedelta(days=20)
    bureau.until(bureau.today + timedelta(days=1))
    assert bureau.signed(follow_up, "recheck", team, rechecked(bureau, False, team)) == "rectifying"
    assert bureau.cases("penalty") == []
    paper = bureau.home.parent / "recheck.html"
    bureau.done("document", "render", follow_up, "recheck_record", str(paper), "--as", team[0])
    assert "改正期限未满" in paper.read_text(encoding="utf-8")
    # More time is given, the firm reports: on the last day of the longer term nothing is decided yet either.
    bureau.done("task", "extend", follow_up, "5", "--reason", "企业申请", "--as", CHIEF)
    term += timedelta(days=5)
    bureau.until(term)
    report = {"received_on": str(bureau.today), "content": "已支付一半", "summary": "已支付一半"}
    form = shown(bureau, follow_up, team[0])["steps"]
    fields = next(step["fields"] for step in form if step["id"] == "receive_report")
    report = {one["name"]: report.get(one["name"], "已支付一半") for one in fields if one["required"]}
    bureau.takes(follow_up, "receive_report", team[0], report)
    assert bureau.signed(follow_up, "recheck", team, rechecked(bureau, False, team)) == "rectifying"
    assert [one["due_on"] for one in bureau.show(follow_up)["deadlines"]] == [str(term)]
    bureau.until(term + timedelta(days=1))
    assert bureau.signed(follow_up, "recheck", team, rechecked(bureau, False, team)) == "penalising"
    assert len(bureau.cases("penalty")) == 1


def test_a_plan_names_items_that_can_be_inspected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau = open_bureau(tmp_path, monkeypatch, "2024-04-08")
    batch = bureau.done("case", "start", "batch", "--title", "联合抽查", "--as", "leading").split("\t")[0]
    claim = {"section": "relations", "items": ["LD-01"]}
    answers = plan(bureau)
    unknown = bureau.refused(batch, "submit_plan", CHIEF, {**answers, "item_codes": ["LD-01", "ZZ-99"]})
    assert "清单里没有的编码" in unknown
    other = {**answers, "cooperating": [{**claim, "items": ["LD-02"]}]}
    assert "认领的事项不在本期之内" in bureau.refused(batch, "submit_plan", CHIEF, other)
    bureau.takes(batch, "submit_plan", CHIEF, {**answers, "cooperating": [claim]})
    # The section that is asked reads what it claims, in the title of its task.
    assert any("LD-01" in one["title"] for one in bureau.cases("section_opinion"))
    # An item that is taken out of force meanwhile stops the commitment, before anything is drawn.
    rows = "事项编码,事项名称,责任股室,检查依据,检查表,状态\nGZ-01,用人单位支付工资情况,labour_inspection,劳动法 第五十条,employment_check,停用\n"
    paper = tmp_path / "items.csv"
    paper.write_text(rows, encoding="utf-8")
    bureau.done("register", "import", "items", str(paper), "--as", "registrar", "--yes")
    bureau.takes(batch, "approve_plan", "deputy", {"opinion": "同意"})
    bureau.takes(batch, "publish_batch_plan", CHIEF)
    today = str(bureau.today)
    attended = {"held_on": today, "attended": ["insp-01", "insp-02"], "norms_trained": True}
    arranged = {
        "held_on": today,
        "place": "二楼会议室",
        "topics": "工作规范",
        "invited": ["insp-01", "insp-02"],
    }
    bureau.takes("training-1", "arrange", CHIEF, arranged)
    bureau.takes("training-1", "record_attendance", CHIEF, {**attended, "platform_trained": True})
    stopped = bureau.refused(batch, "commit_draw", "drawer")
    assert "GZ-01" in stopped
    assert "不能抽查" in stopped


LETTER = {
    "department": "tax",
    "addressee": "国家税务总局示例区税务局",
    "facts": "少缴社会保险费",
    "law": "《社会保险法》第六十三条",
    "materials": ["笔录复印件"],
}


def test_what_was_not_referred_comes_back_to_who_judges(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    follow_up, team = published(bureau, case, ("refer",)), bureau.team(case)
    bureau.takes(follow_up, "judge", CHIEF, {"route": "refer", "reasons": "属税务征收", "department": "tax"})
    (referral,) = [str(one["id"]) for one in bureau.cases("referral")]
    bureau.takes(referral, "draft", team[0], LETTER)
    bureau.takes(referral, "approve", CHIEF, {"opinion": "同意"})
    bureau.takes(referral, "send", team[0], {"sent_on": str(bureau.today), "way": "direct"})
    reason = "不属其管辖，退回"
    assert bureau.takes(referral, "rejected_by_receiver", team[0], reason=reason) == "drafting"
    assert has_read(bureau, CHIEF, reason)
    assert has_read(bureau, team[1], reason)
    # The letter that was sent stays what it is until another one is approved in its place.
    bureau.takes(referral, "draft", team[0], LETTER)
    papers = bureau.done("paper", "list", referral, "--as", "leading")
    assert "作废" not in papers
    assert bureau.takes(referral, "refuse", CHIEF, reason="不再移送") == "refused"
    assert bureau.show(follow_up)["state"] == "judging"
    assert has_read(bureau, CHIEF, "立案判断")


def urgent(bureau: Bureau, reported_to: str) -> dict[str, Any]:
    today = str(bureau.today)
    return {
        "why": "群体欠薪",
        "reported_to": reported_to,
        "reported_on": today,
        "planned_on": today,
        "methods": ["onsite"],
    }


def test_an_urgent_visit_is_reported_to_the_head_and_may_be_refused_afterwards(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (_, case, *_) = play
    team = bureau.team(case)
    bureau.refused(case, "begin_urgent", team[0], urgent(bureau, "archivist"))
    bureau.takes(case, "begin_urgent", team[0], urgent(bureau, "deputy_head"))
    for person in ("head", "deputy"):
        assert has_read(bureau, person, "情况紧急", "群体欠薪")
    bureau.signed(case, "declare", team, declaration(bureau, team))
    bureau.takes(case, "notify_enterprise", team[0], notice(bureau))
    assert bureau.signed(case, "finish_visit", team, record(bureau, case)) == "approving_after"
    after = {"purpose": "紧急", "methods": ["onsite"], "visit_reason": "群体欠薪", "opinion": "不同意"}
    assert "不填本表" in bureau.refused(case, "approve_after", "head", after)
    assert bureau.takes(case, "refuse_visit", "head", reason="不属紧急情况") == "refused"
    for person in (*team, CHIEF):
        assert has_read(bureau, person, "没有获得批准", "不属紧急情况")
    assert bureau.takes(case, "propose_again", CHIEF, reason="照常检查") == "to_approve"


def test_a_visit_may_be_refused_and_is_not_approved_for_a_day_that_has_passed(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (_, case, *_) = play
    asked = approval(bureau)
    bureau.refused(case, "approve", "head", {**asked, "planned_on": "2024-03-01"})
    assert "不填本表" in bureau.refused(case, "approve", "head", {**asked, "opinion": "不同意"})
    assert bureau.takes(case, "refuse_visit", "head", reason="本月已查过") == "refused"
    assert bureau.work_items(CHIEF)[case]


def test_what_rests_on_a_corrected_finding_is_put_before_the_section_head(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (case, *_) = play
    follow_up, team = ordered(bureau, case), bureau.team(case)
    entry = {
        "received_on": str(bureau.today),
        "objector": "firm",
        "objector_name": "示例公司",
        "contact": "13900000000",
        "way": "mail",
        "objection": "已足额支付，公示错误",
    }
    paper = bureau.home.parent / "objection.json"
    paper.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    words = ("--title", "异议", "--under", case, "--form", str(paper), "--as", "leading")
    objection = bureau.done("case", "start", "objection", *words).split("\t")[0]
    checked = {
        "checked_on": str(bureau.today),
        "founded": True,
        "facts": "加班工资已支付",
        "result_codes": ["no_problem"],
        "findings_withdrawn": False,
        "explanation": "加班工资于三月已支付",
    }
    assert "不能仍然认定" in bureau.refused(objection, "check", CHIEF, checked)
    bureau.takes(objection, "check", CHIEF, {**checked, "findings_withdrawn": True})
    bureau.takes(objection, "decide", "deputy", {"opinion": "同意更正"})
    bureau.takes(objection, "publish_correction", team[0], PUBLICATION, "原公示不准确")
    # The corrected page says nothing is wrong, and lists nothing as wrong.
    with bureau.application().store.read() as transaction:
        *_, page = transaction.records.publications(kind="result", case_id=case)
    assert "未发现问题" in json.dumps(page.body, ensure_ascii=False)
    assert [one["title"] for one in page.body["items"] if one["result"] == "不符合"] == []
    # The order, the follow-up, and what else rests on it, are a task of the head of the section, with a term.
    (effects,) = [str(one["id"]) for one in bureau.cases("finding_corrected")]
    assert bureau.work_items(CHIEF)[effects]
    assert has_read(bureau, CHIEF, "更正后果")
    assert bureau.show(effects)["deadlines"] != []
    answered = {"answered_on": str(bureau.today), "way": "mail"}
    assert bureau.takes(objection, "answer", CHIEF, answered) == "settling"
    # The follow-up is stopped by two people; its term runs no longer.
    bureau.done("task", "void", follow_up, "--reason", "结果已更正", "--as", CHIEF)
    bureau.done("task", "approve", follow_up, "void", "--as", "deputy")
    stopped = bureau.show(follow_up)
    assert (stopped["state"], stopped["deadlines"]) == ("revoked", [])
    settled = {
        "order": "withdrawn",
        "what_was_done": "withdrawn",
        "referral": "none",
        "publications": "none",
        "penalty": "none",
        "told_on": str(bureau.today),
        "told_by": "visit",
        "explanation": "责令改正文书已作废并告知当事人，后续处置已停止",
    }
    bureau.takes(effects, "settle", CHIEF, settled)
    assert bureau.show(objection)["state"] == "answered"
    assert bureau.show(case)["state"] == "closed"


def test_a_firm_that_is_not_reached_has_a_record_that_two_have_signed(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team, first = bureau.team(case), bureau.today
    bureau.until(first + timedelta(days=1))
    tried = [
        {"tried_on": str(day), "way": way, "by": team[0], "found": found, "evidence": "记录"}
        for day, way, found in ((first, "visit", "大门锁闭"), (bureau.today, "phone", "空号"))
    ]
    found = {"attempts": tried, "finished_on": str(bureau.today), "signed_by": team}
    twice = {**found, "attempts": [tried[1], tried[1]]}
    assert "不同的两天" in bureau.refused(case, "report_unreachable", team[0], twice)
    assert bureau.signed(case, "report_unreachable", team, found) == "to_enter"
    paper = bureau.home.parent / "record.html"
    bureau.done("document", "render", case, "record", str(paper), "--as", team[0])
    text = paper.read_text(encoding="utf-8")
    assert all(part in text for part in ("现场检查笔录", "无法联系", "大门锁闭", "空号", "签名记录"))
    assert not any(part in text for part in ("已出示执法证件", "已交被检查单位核对", "逐项检查结果"))
    pieces = bureau.ssj("archive", "check", case, "--as", "archivist")
    assert "检查笔录" in pieces.out + pieces.err
    assert "无法联系登记" in pieces.out + pieces.err


def test_whoever_leaves_is_replaced_in_all_visits_at_once(play: tuple[Bureau, list[str]]) -> None:
    bureau, (first, case, *_others) = play
    team = bureau.team(case)
    leaver, other = team[0], next(one for one in bureau.team(first) if one not in team)
    his = [one["id"] for one in bureau.cases("inspection") if leaver in bureau.team(one["id"])]
    for one in his:
        if bureau.show(one)["state"] == "to_approve":
            bureau.takes(one, "approve", "head", approval(bureau))
    hand = ("user", "hand-over", leaver, other, "--reason", "调离", "--as")
    # Whoever is drawn is not given a successor of somebody's choice.
    assert bureau.ssj(*hand, CHIEF).code == 1
    why = ("--set", "applicant=section", "--set", "reason_code=transfer", "--set", "facts=调离本局")
    # One asks for all, another grants all: nobody grants what they have asked for.
    bureau.done(*hand, leaver, *why)
    many = ("--where", "workflow=inspection,state=changing", "--set", "opinion=同意")
    bureau.done("task", "advance", "approve_change", *many, "--as", CHIEF)
    assert his
    assert not any(leaver in bureau.team(one) for one in his)


def test_the_examples_of_a_hand_over_are_done_as_they_are_printed(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    leaver, other = bureau.team(case)
    text = bureau.done("user", "hand-over", "--help")
    examples = [" ".join(one.split()) for one in text.split("选项:")[0].split("例：")[1:]]
    assert len(examples) == 3
    people = {"insp-07": leaver, "insp-08": other, "chief": CHIEF}
    for example in examples:
        name, *words = [people.get(word, word) for word in example.split()]
        assert name == "ssj"
        said = bureau.ssj(*words)
        assert said.code == 0, (example, said.err)
    assert leaver not in bureau.team(case)


def printed(bureau: Bureau, case: str, template: str) -> str:
    """Return the page of a paper as it would be made now."""
    paper = bureau.home.parent / f"{template}.html"
    bureau.done("document", "render", case, template, str(paper), "--as", "head")
    return paper.read_text(encoding="utf-8")


def test_who_is_drawn_does_not_approve_the_visit_whoever_delegates_to_them(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (_, case, *_) = play
    today, team = str(bureau.today), bureau.team(case)
    words = ("--from", today, "--to", today, "--reason", "出差", "--as", "head")
    bureau.done("delegation", "add", "head", team[0], *words)
    refused = bureau.refused(case, "approve", team[0], approval(bureau))
    assert "批准的人是本件的检查人员" in refused
    bureau.until(bureau.today + timedelta(days=1))
    today = str(bureau.today)
    words = ("--from", today, "--to", today, "--reason", "出差", "--as", "head")
    bureau.done("delegation", "add", "head", "deputy", *words)
    assert bureau.takes(case, "approve", "deputy", approval(bureau)) == "to_declare"
    # The paper says for whom it was approved.
    text = printed(bureau, case, "approval")
    (given,) = [line for line in text.splitlines() if "审批人" in line]
    assert "委托）" in given


def test_the_sheet_of_approval_says_who_was_replaced_and_who_decided_it(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (case, other, *_) = play
    ill, colleague = bureau.team(case)
    before = printed(bureau, case, "approval")
    assert "检查人员变更" not in before
    change = {"applicant": "section", "leaving": ill, "reason_code": "illness", "facts": "住院"}
    bureau.takes(case, "ask_change", colleague, change)
    bureau.takes(case, "approve_change", CHIEF, {"opinion": "同意"})
    assert ill not in bureau.team(case)
    # It is the paper of the case, made anew by the step and not only now.
    with bureau.application().store.read() as transaction:
        (paper,) = [one for one in transaction.papers.of_case(case) if one.kind == "approval"]
        (document,) = [one for one in transaction.records.documents(case) if one.id == paper.document]
    text = document.content.decode()
    (row,) = [line for line in text.splitlines() if "检查人员变更" in line]
    assert "因病不能执行" in row
    assert "由同一随机次序的下一名接替" in row
    assert has_read(bureau, "head", "检查人员已更换")
    # An urgent visit that nobody has approved yet has no sheet to be made anew.
    team = bureau.team(other)
    bureau.takes(other, "begin_urgent", team[0], urgent(bureau, "bureau_head"))
    bureau.takes(other, "ask_change", team[0], {**change, "leaving": team[1]})
    bureau.takes(other, "approve_change", CHIEF, {"opinion": "同意"})
    with bureau.application().store.read() as transaction:
        assert [one for one in transaction.papers.of_case(other) if one.kind == "approval"] == []


def test_the_public_page_says_what_was_breached(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    published(bureau, case)
    with bureau.application().store.read() as transaction:
        (page,) = transaction.records.publications(kind="result", case_id=case)
    (wrong,) = [one for one in page.body["items"] if one["result"] == "不符合"]
    assert wrong["basis"] == "《劳动法》第四十四条"


def test_the_public_page_follows_a_correction_by_two(play: tuple[Bureau, list[str]]) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    rows = check_rows(shown(bureau, case, team[0]))
    bureau.signed(case, "finish_visit", team, visit(bureau, team, rows))
    clean = {"result_codes": ["no_problem"], "measures": ["none"], "remark": "已当场说名"}
    bureau.takes(case, "enter_result", team[0], clean)
    bureau.takes(case, "pass_review", REVIEWER, REVIEWED)
    assert bureau.takes(case, "publish_result", team[0], PUBLICATION) == "closed"
    words = ("result_entry.remark", "已当场说明", "--reason", "错字", "--as", team[0])
    bureau.done("task", "correct", case, *words)
    with bureau.application().store.read() as transaction:
        (only,) = transaction.records.publications(kind="result", case_id=case)
    assert only.withdrawn_at is None
    bureau.done("task", "approve", case, "correct", "--as", CHIEF)
    with bureau.application().store.read() as transaction:
        former, now = transaction.records.publications(kind="result", case_id=case)
    assert former.withdrawn_because is not None
    assert "“备注”：已当场说名 改为 已当场说明" in former.withdrawn_because
    assert "错字" in former.withdrawn_because
    assert now.withdrawn_at is None
    assert "已当场说明" in json.dumps(now.body, ensure_ascii=False)
    assert (now.late, now.due_on) == (former.late, former.due_on)


def test_an_article_nobody_knows_and_a_number_nobody_gave_are_remarked(
    play: tuple[Bureau, list[str]],
) -> None:
    bureau, (case, *_) = play
    team = bureau.team(case)
    bureau.signed(case, "finish_visit", team, record(bureau, case))
    problem = {"item": "GZ-01", "facts": "未支付加班工资九千元", "basis": "《劳动法》第四百四十四条"}
    result = {"result_codes": ["violation_hrss"], "measures": ["rectify"], "problem_list": [problem]}
    bureau.takes(case, "enter_result", team[0], {**result, "remark": "见乱写〔1999〕0号"})
    remarks = str(bureau.history(case)[-1])
    assert "《劳动法》第四百四十四条不在条文表里" in remarks
    assert "乱写〔1999〕0号”不是本局给出的" in remarks
    assert "第四百四十四条" in bureau.done("case", "history", case, "--as", REVIEWER, "--json")
