"""Another bureau: 5% twice a year, a section head's approval, results reported within 10 working days. One file, no Python."""

from __future__ import annotations

import json
import shutil
from datetime import date
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
    approval,
    check_rows,
    declaration,
    entropy,
    notice,
    open_bureau,
    plan,
    results,
    visit,
)

from engine.kernel.refusal import Refusal
from engine.worktime.arithmetic import add_working_days

ROOT = Path(__file__).parents[2]
NEW_FILE = ROOT / "tests/workflows/other_bureau.yaml"
WORKFLOW = "half_year_check"


def test_a_process_never_seen_before_runs_by_adding_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau = open_bureau(tmp_path, monkeypatch, "2024-03-04")
    shutil.copy(NEW_FILE, bureau.home / "workflows")
    bureau.done("workflow", "check", str(bureau.home / "workflows"))
    published = bureau.done("workflow", "publish", "--as", "leading")
    assert f"{WORKFLOW}\t第 1 版\t新" in published
    assert published.count("未变") == 18

    started = bureau.done(
        "case", "start", WORKFLOW, "--title", "2024年抽查", "--section", SECTION, "--as", "leading"
    )
    first = started.split("\t")[0]
    half_a_year(bureau, first, "2024-04-10", "1")
    assert bureau.show(first)["state"] == "second_half"

    (second,) = [case["id"] for case in bureau.cases(WORKFLOW, parent=first)]
    assert bureau.show(second)["fields"]["round"] == 2
    bureau.until("2024-09-03")
    half_a_year(bureau, second, "2024-10-17", "2")

    for case in (first, second):
        assert bureau.show(case)["state"] == "finished"
        assert bureau.history(case)[-1]["body"]["state"] == "finished"
    # The plan of the next year, which the calendar began in September, is another matter.
    assert {one["workflow"] for one in bureau.work_items("leading").values()} == {"annual_plan"}
    bureau.done("audit", "verify")


def half_a_year(bureau: Bureau, case: str, visits_on: str, seed: str) -> None:
    """Walk one half-year from its plan to the reported result."""
    assert bureau.takes(case, "submit", "leading", plan(bureau, days=(1, 60))) == "approving"
    approve_as_section_head(bureau, case)
    typed = results(bureau, case, seed)
    assert bureau.takes(case, "type_entropy", "drawer", entropy(typed)) == "typed"
    seen = {"entropy": typed, "seen_original": True}
    assert "须由另一人复录，且两次一致" in bureau.refused(
        case, "draw", "witness", {**seen, "entropy": results(bureau, case, "other")}
    )
    assert bureau.takes(case, "draw", "witness", seen) == "drawn"
    assert bureau.takes(case, "dispatch", CHIEF) == "inspecting"
    draw = json.loads(bureau.done("draw", "show", case, "--json"))
    children = bureau.cases("inspection", parent=case)
    assert len(children) * 20 >= 200, "5% of 200 enterprises"
    assert draw["case"] == case

    bureau.until(visits_on)
    inspect_all(bureau, [child["id"] for child in children])
    assert bureau.show(case)["state"] == "reporting"
    report_in_ten_working_days(bureau, case)


def approve_as_section_head(bureau: Bureau, case: str) -> None:
    duty = bureau.work_items(CHIEF)[case]
    assert duty["task"] == "股室负责人审批"
    assert duty["due_on"] == str(working_days_on(bureau, 5))
    assert case not in bureau.work_items("leading")
    assert "股室负责人" in bureau.refused(case, "approve", "leading", {"opinion": "同意"})
    assert "属于其他股室" in bureau.hidden(case, "approve", "chief-market", {"opinion": "同意"})
    assert bureau.takes(case, "approve", CHIEF, {"opinion": "同意"}) == "committed"


def report_in_ten_working_days(bureau: Bureau, case: str) -> None:
    """The deadline stands in the list, a reminder comes before it, and the report ends it."""
    due = working_days_on(bureau, 10)
    assert bureau.work_items("leading")[case]["due_on"] == str(due)
    assert f"{case}\t待报结果\t{due}\t" in bureau.done("task", "list", "--as", "leading")
    before = len(bureau.history(case))
    bureau.until(due)
    reminded = [event for event in bureau.history(case)[before:] if event["kind"] == "reminded"]
    assert len(reminded) == 3
    report = {"reported_to": "上级主管部门", "reported_on": str(bureau.today)}
    assert bureau.takes(case, "report", "leading", report) in ("second_half", "finished")


def inspect_all(bureau: Bureau, cases: list[str]) -> None:
    """Take every inspection to its archive; the first by the command line, the others by the same use cases."""
    first, *others = cases
    team = list(bureau.show(first)["parties"]["inspectors"])
    bureau.takes(first, "approve", "head", approval(bureau))
    bureau.signed(first, "declare", team, declaration(bureau, team))
    bureau.takes(first, "notify_enterprise", team[0], notice(bureau))
    rows = check_rows(bureau.show(first))
    bureau.signed(first, "finish_visit", team, visit(bureau, team, rows))
    steps: list[tuple[str, str, dict[str, Any] | None]] = [
        ("enter_result", team[1], RESULT),
        ("pass_review", REVIEWER, REVIEWED),
        ("publish_result", team[0], PUBLICATION),
        ("file_away", "archivist", None),
    ]
    for step, person, answers in steps:
        bureau.takes(first, step, person, answers)
    application = bureau.application()
    try:
        for case in others:
            with application.store.read() as transaction:
                found = transaction.cases.get(case)
            assert found is not None
            crew = list(found.parties["inspectors"])
            for step, person, answers in [
                ("approve", "head", approval(bureau)),
                ("declare", crew[0], declaration(bureau, crew)),
                ("declare", crew[1], None),
                ("notify_enterprise", crew[0], notice(bureau)),
                ("finish_visit", crew[0], visit(bureau, crew, rows)),
                ("finish_visit", crew[1], None),
                ("enter_result", crew[1], RESULT),
                ("pass_review", REVIEWER, REVIEWED),
                ("publish_result", crew[0], PUBLICATION),
                ("file_away", "archivist", None),
            ]:
                outcome = application.advance(case, step, person, answers)
                assert not isinstance(outcome, Refusal), str(outcome)
    finally:
        application.store.close()


def working_days_on(bureau: Bureau, count: int) -> date:
    """Return the day `count` working days from today."""
    application = bureau.application()
    try:
        return add_working_days(application.definitions.time.calendar, bureau.today, count)
    finally:
        application.store.close()
