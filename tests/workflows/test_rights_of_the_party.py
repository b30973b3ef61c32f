"""What a party is owed in a penalty: a timely act that is typed late counts, its defence stands in the decision, service reaches it.

The stories of `workflows/tests/penalty.yaml` and `enforcement.yaml` play the ways; here their papers and refusals are read.
"""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.authoring.stories.play import chain_of, opened, outcome_of
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import read_stories
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.deployment.rendering import TemplateRenderer
from engine.language import in_language
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

STORIES = workflows_dir() / "tests"
TEMPLATES = forms_dir() / "templates"
TIME = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
LOADED = load_paths(surrounding_files([STORIES]))

#: A penalty up to the service of its notice on Friday 20 September 2024; five working days end on the 27th.
TOLD = """
test: penalty
title: 行政处罚
stories:
  - story: 听证
    given: {{on: 2024-09-20, parties: {{handlers: 2}}}}
    when:
      - {{do: propose_filing}}
      - {{do: approve_filing, by: 局长}}
      - {{do: end_investigation, answers: {{proposal: penalty, heard: 调查中称资金紧张}}}}
      - {{do: tell, answers: {{hearing: true, amount: 20000}}}}
      - {{do: approve_notice, by: 分管副局长}}
      - {{do: serve_notice, answers: {{delivered_by: direct, delivered_on: 2024-09-20}}}}
{steps}
"""
DECIDED = """
      - {do: record_defence, by: 办案人员, answers: {made_on: 2024-09-20, content: 申辩甲：加班系自愿, review: 复核乙：自愿不免除支付, accepted: false}}
      - {wait: 2024-09-29}
      - {do: ask_hearing, by: 办案人员, answers: {asked_on: 2024-09-27}}
      - {do: call_hearing, answers: {held_on: 2024-10-21, held_at: "2024-10-21T09:00+08:00"}}
      - {do: approve_hearing, by: 分管副局长}
      - {do: send_hearing_notice, answers: {delivered_by: direct, delivered_on: 2024-09-29}}
      - {wait: 2024-10-21}
      - {do: hold_hearing, answers: {defence: 听证申辩丙, closing: 请求从轻丁}}
      - {do: review_law, answers: {passed: true, discussion: false}}
      - {do: decide, by: 局长, answers: {kind: penalty, decided_on: 2024-10-21, amount: 50000}, refused: 比告知的多}
      - {do: decide, by: 局长, answers: {kind: penalty, decided_on: 2024-10-21, amount: 20000}}
"""
QUIET = """
      - {wait: 2024-09-29}
      - {do: review_law, answers: {passed: true, discussion: false}}
      - {do: decide, by: 局长, answers: {kind: penalty, decided_on: 2024-09-29, amount: 20000}}
"""


def played(name: str, text: str, story: str, until: str = "") -> Stage:
    """Return the stage after a story, every step of which goes as it says."""
    with in_language("zh_CN"):
        file = read_stories(name, text.encode())
        found = file.story(story)
        assert found is not None
        chain = chain_of(file, found)
        stage = opened(LOADED, file.workflow, TIME, chain[0].given)
        stage.application.renderer = TemplateRenderer([TEMPLATES])
        for part in chain:
            for step in part.steps:
                assert list(outcome_of(stage, step)) == [], step.do
                if until and step.do == until:
                    return stage
    return stage


def shipped(name: str, story: str, until: str = "") -> Stage:
    path: Path = STORIES / f"{name}.yaml"
    return played(path.name, path.read_text("utf-8"), story, until)


def paper(stage: Stage, case: str, kind: str) -> str:
    """Return the words of the last paper of a kind in a case."""
    with stage.application.store.read() as transaction:
        found = [one for one in transaction.records.documents(case) if one.kind == kind]
    return re.sub(
        r"<[^>]+>", "", re.sub(r"<style.*?</style>", "", found[-1].content.decode(), flags=re.DOTALL)
    )


def test_the_decision_prints_the_recorded_defence_its_review_and_the_hearing() -> None:
    text = paper(played("penalty", TOLD.format(steps=DECIDED), "听证"), "penalty-1", "penalty_decision")
    heard = text.split("二、当事人的陈述、申辩")[1].split("三、")[0]
    for said in (
        "2024年9月20日提出陈述、申辩",
        "申辩甲：加班系自愿",
        "复核乙：自愿不免除支付",
        "不予采纳",
        "听证申辩丙",
        "请求从轻丁",
    ):
        assert said in heard, said
    # What was said before the notice stands there as what it is.
    assert "调查中，你单位陈述" in heard
    assert heard.index("调查中称资金紧张") < heard.index("送达事先告知书")
    assert "到指定的银行或者通过电子支付系统缴纳" in text


def test_a_party_that_said_nothing_is_said_to_have_said_nothing() -> None:
    text = paper(played("penalty", TOLD.format(steps=QUIET), "听证"), "penalty-1", "penalty_decision")
    assert "没有提出陈述、申辩" in text
    assert "没有要求听证" in text


def test_a_demand_names_the_decision_of_the_case_above_it() -> None:
    stage = shipped("penalty", "行政处理，公告送达，逾期不履行，催告后履行", "urge_payment")
    with stage.application.store.read() as transaction:
        (number,) = [
            one.number for one in transaction.papers.of_case("penalty-1") if one.kind == "treatment_decision"
        ]
    assert f"本局作出的{number}行政处理决定书" in paper(stage, "enforcement-1", "demand_letter")


def test_a_case_whose_decision_was_undone_is_not_closed_as_one_that_was_never_filed() -> None:
    stage = shipped("penalty", "处罚决定公示以后被撤销，三日内撤回公示，再结案")
    text = paper(stage, "penalty-1", "case_closing")
    assert "决定被撤销、确认违法或者无效" in text
    assert "撤销立案" not in text


@pytest.mark.parametrize("workflow", ["penalty", "follow_up", "enforcement"])
def test_every_paper_that_is_served_can_be_served_in_every_way(workflow: str) -> None:
    """One form of service for all papers, with the conditions of each way, and public notice beside it."""
    found = LOADED.library.workflow(workflow)
    served = {
        (effect.arguments["paper"], step.form)
        for step in found.transitions
        for effect in step.then
        if effect.kind == "paper" and effect.arguments.get("becomes") == "served"
    }
    by_form = {kind for kind, form in served if form == "paper_service"}
    announced = {kind for kind, form in served if form is None}
    # A party that asked for a hearing has said where it is; a decision is served by the step before its own.
    assert by_form - announced <= {"hearing_notice"}
    forms = {step.form for step in found.transitions if step.form}
    assert {"paper_service", "public_service"} <= forms
    asked = {field.name: field for field in found.forms["paper_service"].fields}
    assert set(asked["delivered_by"].choices) == {"direct", "leaving", "mail", "entrusted", "electronic"}
    assert {"consent", "witness", "entrusted_to"} <= asked.keys()
