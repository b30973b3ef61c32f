"""An objection to a published result: registered under the visit that is filed already, checked, decided, corrected, answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from acceptance_fixtures import (
    CHIEF,
    PUBLICATION,
    RESULT,
    REVIEWED,
    REVIEWER,
    SECTION,
    Bureau,
    open_bureau,
    to_the_visit,
    visit,
)

ROWS = ("rules", "wages", "wage_ledger", "pay_day")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A deployment with one visit that found nothing, filed by the calendar."""
    with pytest.MonkeyPatch.context() as patch:
        bureau = open_bureau(tmp_path_factory.mktemp("objection"), patch, "2024-03-04")
        case, *_ = to_the_visit(bureau)
        team = bureau.team(case)
        assert bureau.work_items(team[0])[case]
        rows = _rows(bureau, case, team[0])
        bureau.signed(case, "finish_visit", team, visit(bureau, team, rows))
        bureau.takes(case, "enter_result", team[0], RESULT)
        bureau.takes(case, "pass_review", REVIEWER, REVIEWED)
        bureau.takes(case, "publish_result", team[0], PUBLICATION)
        bureau.until(bureau.today + timedelta(days=14))
        assert bureau.show(case)["state"] == "archived"
        yield bureau


def _rows(bureau: Bureau, case: str, person: str) -> list[str]:
    shown = json.loads(bureau.done("task", "show", case, "--as", person, "--json"))
    (found,) = [one for one in shown["steps"] if one["id"] == "finish_visit"]
    (rows,) = found["item_forms"].values()
    return list(rows)


def registered(bureau: Bureau, visit: str, **other: Any) -> str:
    """Register an objection of the firm under a visit; returns its case."""
    entry: Mapping[str, Any] = {
        "received_on": str(bureau.today),
        "objector": "firm",
        "objector_name": "示例企业办公室",
        "contact": "13900000000",
        "way": "mail",
        "objection": "公示写未发现问题，检查当天已当场改正一项。",
        **other,
    }
    paper = bureau.home.parent / "objection.json"
    paper.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    words = ("--title", "对检查结果的异议", "--under", visit, "--form", str(paper), "--as", "leading")
    return bureau.done("case", "start", "objection", *words).split("\t")[0]


def visit_of(bureau: Bureau) -> str:
    return next(str(one["id"]) for one in bureau.cases("inspection") if one["state"] == "archived")


def results(bureau: Bureau) -> dict[str, dict[str, Any]]:
    """Build the public site; returns what its result pages are made of, by name."""
    bureau.done("site", "build", "--as", "leading")
    return {
        path.stem: json.loads(path.read_text("utf-8"))
        for path in (bureau.home / "public/results").glob("*.json")
        if "body" in path.read_text("utf-8")
    }


def test_a_founded_objection_to_a_filed_result_corrects_the_public_page(bureau: Bureau) -> None:
    case = visit_of(bureau)
    before = bureau.history(case)
    objection = registered(bureau, case)
    (shown,) = bureau.cases("objection")
    # Section and team come from the visit: nobody types them.
    assert (shown["parent"], shown["section"]) == (case, SECTION)
    assert bureau.show(objection)["parties"]["inspectors"] == bureau.team(case)
    assert objection in bureau.done("case", "tree", case, "--as", "leading")
    assert any("待核实" in message for message in bureau.messages(CHIEF))
    checked = {
        "checked_on": str(bureau.today),
        "facts": "核对笔录，当场改正一项属实。",
        "founded": True,
        "result_codes": ["corrected"],
        "findings_withdrawn": False,
        "explanation": "检查中有一项经责令已当场改正，原公示漏记。",
    }
    bureau.takes(objection, "check", CHIEF, checked)
    bureau.takes(objection, "decide", "deputy", {"opinion": "同意更正"})
    publisher = bureau.team(case)[0]
    reason = "经异议核实，原公示的检查结果不准确"
    assert bureau.takes(objection, "publish_correction", publisher, PUBLICATION, reason) == "answering"
    answered = {"answered_on": str(bureau.today), "way": "mail"}
    assert bureau.takes(objection, "answer", CHIEF, answered) == "settling"
    # What rests on the first result is looked at before the objection is over.
    (effects,) = [str(one["id"]) for one in bureau.cases("finding_corrected")]
    things = dict.fromkeys(("order", "what_was_done", "referral", "publications", "penalty"), "none")
    told = {"told_on": str(bureau.today), "told_by": "phone", "explanation": "没有依原结果作出的"}
    bureau.takes(effects, "settle", CHIEF, {**things, **told})
    assert bureau.show(objection)["state"] == "answered"

    pages = results(bureau)
    old, new = pages[f"{case}-1"], pages[f"{case}-2"]
    assert old["withdrawn_because"] == reason
    assert new["withdrawn_at"] is None
    facts = {fact["name"]: fact["text"] for fact in new["body"]["facts"]}
    assert facts["result_codes"] == "发现问题经责令已改正"
    assert "漏记" in facts["explanation"]
    # What the visit made public and nobody corrects stays: items, rows, batch.
    assert new["body"]["items"] == old["body"]["items"] != []
    assert facts["batch_title"] == "劳动用工抽查"
    # No name and no telephone of whoever objected leaves the house.
    assert "示例企业办公室" not in json.dumps(pages, ensure_ascii=False)
    assert "13900000000" not in json.dumps(pages, ensure_ascii=False)
    page = (bureau.home / "public/results" / f"{case}-1.html").read_text("utf-8")
    assert reason in page
    assert f"{case}-2.html" in page
    # The visit stays as it was filed, and its file has what is public of it.
    assert bureau.history(case) == before
    assert "齐全" in bureau.done("archive", "check", case, "--as", "leading")
    papers = bureau.done("paper", "list", objection, "--as", "leading")
    assert "示人社公示〔2024〕2号" in papers
    assert "示人社函〔2024〕1号" in papers
    assert papers.count("filed") == 2
    bureau.done("audit", "verify")


def test_an_objection_that_is_not_founded_changes_no_page(bureau: Bureau) -> None:
    case = visit_of(bureau)
    objection = registered(bureau, case, objector="other", objector_name="示例公民")
    team = bureau.team(case)[0]
    checked = {"checked_on": str(bureau.today), "facts": "与检查记录一致。", "founded": False}
    assert "股室负责人" in bureau.refused(objection, "check", team, checked)
    bureau.takes(objection, "check", CHIEF, checked)
    assert bureau.takes(objection, "decide", "deputy", {"opinion": "不予更正"}) == "answering"
    letter = next(
        line
        for line in bureau.done("paper", "list", objection, "--as", "leading").splitlines()
        if "〔" in line
    )
    assert "函" in letter


def test_an_objection_is_registered_under_a_case(bureau: Bureau, tmp_path: Path) -> None:
    entry = tmp_path / "entry.json"
    entry.write_text(
        json.dumps(
            {
                "received_on": str(bureau.today),
                "objector": "firm",
                "objector_name": "某",
                "way": "mail",
                "objection": "不准确",
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    said = bureau.ssj(
        "case", "start", "objection", "--title", "异议", "--form", str(entry), "--as", "leading"
    )
    assert said.code == 1
    assert "请写明在哪一件下" in said.err


def test_what_is_not_answered_in_twenty_working_days_is_told_and_escalated(bureau: Bureau) -> None:
    objection = registered(bureau, visit_of(bureau))
    bureau.until(bureau.today + timedelta(days=40))
    assert bureau.show(objection)["state"] == "checking"
    assert any("书面答复时限" in text for text in bureau.messages(CHIEF))
    assert any("书面答复时限" in text for text in bureau.messages("deputy"))
