"""What is typed in an office's year: commands and files of the plan, the registers, a batch and a clean visit.

Not counted, as the issue has it: a person's own signature, the approval or review of another's work (one command, no
file), and one command for a whole batch. Every command runs through the real command line, and every step is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from acceptance_fixtures import CHIEF, REVIEWER, SECTION, Bureau, entropy, open_bureau, plan, results, visit

SECTIONS = ("labour_inspection", "market", "training_section", "relations", "insurance", "rights_centre")
ROWS = {"LD-01": ["rules"], "GZ-01": ["wages", "wage_ledger", "pay_day"]}


@dataclass
class Typing:
    """A bureau whose commands and files are counted."""

    bureau: Bureau
    commands: int = 0
    files: int = 0
    #: What is not counted, and why.
    besides: list[str] = field(default_factory=list)

    def take(
        self,
        case: str,
        step: str,
        person: str,
        *options: str,
        form: Mapping[str, Any] | None = None,
        besides: str = "",
    ) -> str:
        """Take a step with one command, and one file where `form` is given; `besides` says why it is not counted."""
        words = ["task", "advance", *([case] if case else []), step, *options, "--as", person]
        if form is not None:
            assert not besides, "whoever approves or signs hands in no file"
            self.files += 1
            paper = self.bureau.home.parent / f"typed-{case}-{step}.json"
            paper.write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
            words += ["--form", str(paper)]
        if besides:
            self.besides.append(f"{step}: {besides}")
        else:
            self.commands += 1
        said = self.bureau.ssj(*words)
        assert said.code == 0, f"{words}: {said.err or said.out}"
        return said.out

    def state(self, case: str) -> str:
        return str(self.bureau.show(case)["state"])

    def counted(self) -> tuple[int, int]:
        found, self.commands, self.files = (self.commands, self.files), 0, 0
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One deployment for all, opened before the calendar begins the registers of the year."""
    with pytest.MonkeyPatch.context() as patch:
        bureau = open_bureau(tmp_path_factory.mktemp("typed"), patch, "2024-02-28")
        yield Typing(bureau)


def sweep(bureau: Bureau) -> None:
    """Let the daemon look once, now."""
    from engine.app.timers.fire_due import fire_due

    application = bureau.application()
    fire_due(application)
    application.store.close()


def chief_of(section: str) -> str:
    """Return the head of a section in the sample register of people."""
    return {"training_section": "chief-training"}.get(section, f"chief-{section}")


REVIEW = "review of another's work"
APPROVAL = "approval of another's work"
SIGNATURE = "their own signature"
BATCH = "one command for a whole batch"


def test_the_registers_by_20_april(office: Typing) -> None:
    bureau = office.bureau
    bureau.until("2024-03-04", 9)
    sweep(bureau)
    # Begun by the calendar: nobody types anything.
    assert office.state("library_year-1") == "collecting"
    own = {case["section"]: case["id"] for case in bureau.cases("library_section")}
    assert set(own) == set(SECTIONS)
    lines = {"compared": True, "lines": [{"register": "objects", "added": 12, "removed": 3}]}
    for section, case in own.items():
        office.take(case, "report", chief_of(section), form=lines)
    # Its numbers come from the registers.
    answers = json.loads(bureau.done("case", "history", own[SECTION], "--json"))[-1]["body"]["answers"]
    assert answers["inspectors_active"] > 0
    assert {"objects_active", "objects_unlabelled", "items_active", "experts_active"} <= set(answers)
    office.take("", "accept", "leading", "--where", "workflow=library_section", besides=BATCH)
    office.take("library_year-1", "activate", "leading", besides=REVIEW)
    assert office.state("library_year-1") == "active"
    commands, files = office.counted()
    assert commands <= 10
    assert files <= 9
    assert (commands, files) == (6, 6)


def test_a_plan(office: Typing) -> None:
    bureau = office.bureau
    case = bureau.done("case", "start", "annual_plan", "--title", "2024年度计划", "--as", "leading").split(
        "\t"
    )[0]
    # From the second year on the calendar begins it (1 September); this one command is counted.
    office.commands += 1
    row = {"title": "第一期", "month": 4, "planned_on": "2024-04-01", "section": SECTION}
    row |= {"items": ["LD-01", "GZ-01"], "risk_based": True, "scheme": "credit"}
    answers = {"number": "JH-1", "title": "2024年度抽查工作计划", "year": 2024, "batches": [row]}
    answers |= {"planned_coverage": "6%", "planned_risk_share": "90%"}
    office.take(case, "consult", "leading", form=answers)
    asked = {one["section"]: one["id"] for one in bureau.cases("section_opinion")}
    assert set(asked) == set(SECTIONS)
    for section, opinion in asked.items():
        office.take(opinion, "give_opinion", chief_of(section), "--set", "意见=无意见", besides=REVIEW)
    office.take(case, "submit", "leading")
    office.take(case, "pass_review", CHIEF, "--set", "意见=同意", besides=REVIEW)
    office.take(case, "approve", "deputy", "--set", "意见=同意", besides=APPROVAL)
    report = ("--set", "上报单位=区市场监督管理局", "--set", f"上报日期={bureau.today}")
    office.take(case, "report", "leading", *report)
    office.take(case, "publish_plan", "leading")
    begun = office.counted()
    office.take(case, "begin", "leading", besides=BATCH)
    assert office.state(case) == "executing"
    assert begun[0] <= 5
    assert begun[1] <= 2
    assert begun == (5, 1)


def test_a_batch_and_a_clean_visit(office: Typing) -> None:
    bureau = office.bureau
    office.counted()
    batch = bureau.cases("batch")[0]["id"]
    office.take(batch, "submit_plan", CHIEF, form=plan(bureau, "0.5%"))
    office.take(batch, "approve_plan", "deputy", "--set", "意见=同意", besides=APPROVAL)
    office.take(batch, "publish_batch_plan", CHIEF)
    training = bureau.cases("training")[0]["id"]
    everybody = [f"insp-{number:02}" for number in range(1, 25)]
    arranged = {
        "held_on": str(bureau.today),
        "place": "二楼会议室",
        "topics": "工作规范",
        "invited": everybody,
    }
    trained = {"held_on": str(bureau.today), "norms_trained": True, "platform_trained": True}
    office.take(training, "arrange", CHIEF, form=arranged)
    office.take(training, "record_attendance", CHIEF, form={**trained, "attended": everybody})
    # The papers are complete: the batch goes on, and the training is filed by itself.
    assert office.state(batch) == "to_commit"
    # The register of firms changes, is agreed to, and changes again: another's review each time, and no command more.
    bureau.done("user", "administrators", "head", "deputy", "--as", "leading")
    firm = bureau.done("register", "list", "objects", "--as", "leading").splitlines()[-1].split()[0]
    for label, second in (("甲", "head"), ("乙", "deputy")):
        bureau.done("register", "label", "objects", firm, "--add", label, "--as", "registrar")
        listed = json.loads(bureau.done("proposal", "list", "--json", "--as", second))
        (asked,) = [one for one in listed if one["status"] == "open"]
        bureau.done("proposal", "confirm", asked["id"], "--as", second)
        office.besides.append(f"confirm {asked['id']}: {REVIEW}")
    office.take(batch, "commit_draw", "drawer")
    typed = results(bureau, batch)
    office.take(batch, "type_entropy", "drawer", *_set(entropy(typed)))
    witnessed = _set({"entropy": typed, "seen_original": "是"})
    office.take(batch, "draw_objects", "witness", *witnessed, besides="the witness signs what was drawn")
    office.take(batch, "confirm_list", CHIEF, "--set", "已逐户核对=是", besides=REVIEW)
    office.take(batch, "draw_inspectors", "drawer")
    checked = {"declared": "0", "declared_excluded": "是", "all_trained": "是"}
    office.take(batch, "pass_recusal_check", "witness", *_set(checked), besides=REVIEW)
    office.take(batch, "dispatch", CHIEF, besides=BATCH)
    commands, files = office.counted()
    assert commands <= 7
    assert files <= 3
    assert (commands, files) == (7, 3)
    assert bureau.show(training)["state"] in ("to_archive", "archived")
    a_clean_visit(office, bureau.cases("inspection", parent=batch)[0]["id"])


def a_clean_visit(office: Typing, case: str) -> None:
    """The visits of a batch are approved in one act with a paper each; the rest is typed by the team."""
    bureau, team = office.bureau, office.bureau.team(case)
    approval = {
        "purpose": "年度计划内的随机抽查",
        "methods": "现场检查",
        "opinion": "同意检查",
    }
    approval["planned_on"] = str(bureau.today)
    where = ("--where", "workflow=inspection,state=to_approve")
    office.take("", "approve", "head", *where, *_set(approval), besides=BATCH)
    cases = bureau.cases("inspection")
    assert {one["state"] for one in cases} == {"to_declare"}
    papers = [bureau.done("document", "list", one["id"], "--as", "leading") for one in cases]
    assert all("approval" in one for one in papers), papers
    signed = {"no_conflict": "是", "signed_by": team, "signed_on": str(bureau.today)}
    office.take(case, "declare", team[0], *_set(signed), besides=SIGNATURE)
    office.take(case, "declare", team[1], besides=SIGNATURE)
    served = {"rights_told": "是", "sent_on": str(bureau.today), "送达方式": "直接送达"}
    office.take(case, "notify_enterprise", team[0], *_set(served))
    key_rows = dict.fromkeys(ROWS["GZ-01"], "符合")
    record = visit(
        bureau,
        team,
        [],
        items={
            "employment_check": {"workers": 42, "contracts_due": 40, "contracts_signed": 40, "rows": key_rows}
        },
    )
    office.take(case, "finish_visit", team[0], "--rest", form=record)
    office.take(case, "finish_visit", team[1], besides=SIGNATURE)
    rows = bureau.history(case)[-1]["body"]["answers"]["items"]["employment_check"]["rows"]
    # Only what was notified was asked; what was not a key item was answered as the rest.
    assert set(rows) == {*ROWS["LD-01"], *ROWS["GZ-01"]}
    assert "其余各项" in rows["rules"]["note"]
    assert "note" not in rows["wages"]
    office.take(
        case, "enter_result", team[1], *_set({"检查结果": "未发现问题", "后续处置措施": "无需后续处置"})
    )
    reviewed = {"checked": "是", "opinion": "属实"}
    office.take(case, "pass_review", REVIEWER, *_set(reviewed), besides=REVIEW)
    office.take(case, "publish_result", team[0], "--set", "公示渠道=本局公示网页")
    commands, files = office.counted()
    assert office.state(case) == "closed"
    bureau.until(bureau.today.replace(month=bureau.today.month + 1), 12)
    assert office.state(case) == "archived"
    assert commands <= 4
    assert files <= 2
    assert (commands, files) == (4, 1)
    # The answers asked do not grow: they were 55, with thirteen rows nobody had notified.
    assert _answered(bureau.history(case)) <= 55


def test_the_rest_is_never_said_of_a_key_item(office: Typing) -> None:
    bureau = office.bureau
    (case, *_) = [one["id"] for one in bureau.cases("inspection") if one["state"] == "to_declare"]
    team = bureau.team(case)
    signed = {"no_conflict": "是", "signed_by": team, "signed_on": str(bureau.today)}
    office.take(case, "declare", team[0], *_set(signed), besides=SIGNATURE)
    office.take(case, "declare", team[1], besides=SIGNATURE)
    served = {
        "rights_told": "是",
        "sent_on": str(bureau.today),
        "sent_by": "direct",
    }
    # The day the approval named has passed.
    office.take(case, "move_visit", team[0], *_set({"planned_on": str(bureau.today)}))
    office.take(case, "notify_enterprise", team[0], *_set(served))
    record = visit(
        bureau,
        team,
        [],
        items={"employment_check": {"workers": 1, "contracts_due": 1, "contracts_signed": 1}},
    )
    paper = Path(bureau.home.parent / "rest.json")
    paper.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    said = bureau.ssj(
        "task", "advance", case, "finish_visit", "--rest", "--form", str(paper), "--as", team[0]
    )
    assert said.code == 1
    assert all(title in said.err for title in ("工资支付和最低工资", "工资支付台账", "工资支付日"))
    assert "规章制度" not in said.err


def test_a_name_that_is_no_question_is_answered_with_those_there_are(office: Typing) -> None:
    bureau = office.bureau
    (case, *_) = [one["id"] for one in bureau.cases("inspection") if one["state"] == "to_declare"]
    said = bureau.ssj("task", "advance", case, "declare", "--set", "签字=是", "--as", bureau.team(case)[0])
    assert said.code == 2
    assert "没有“签字”一栏" in said.err
    assert "签署人 signed_by" in said.err
    bare = bureau.ssj("task", "advance", case, "declare", "--set", "签署人", "--as", bureau.team(case)[0])
    assert bare.code == 2


def _answered(history: list[dict[str, Any]]) -> int:
    """Return how many answers the forms of a case hold; a form that was signed twice counts once."""
    forms = {
        event["body"]["form"]: event["body"]["answers"] for event in history if event["body"].get("answers")
    }
    return sum(map(_count, forms.values()))


def _count(answers: Mapping[str, Any]) -> int:
    own = len(answers.keys() - {"rows", "items"}) + len(answers.get("rows") or {})
    return own + sum(map(_count, (answers.get("items") or {}).values()))


def _set(answers: Mapping[str, Sequence[str]]) -> list[str]:
    each = [
        (name, one)
        for name, value in answers.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    return [word for name, value in each for word in ("--set", f"{name}={value}")]
