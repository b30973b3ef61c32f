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
    bureau.takes(found, "grant", "head", decided("correct"))
    (checks,) = bureau.cases("finding_corrected")
    assert bureau.work_items(CHIEF)[checks["id"]]["state"] == "checking"


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
    # A further training of the batch lists everybody who has been trained: the next of the order is not among them.
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
    bureau.takes(training, "correct_record", CHIEF, reason="补训一人")
    attended(training, [*team, *now])
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
