"""Running cases go to another version: what they keep, who cannot go and why, killed and done again, and back."""

from __future__ import annotations

from typing import Any

import pytest
from bureau_factories import Bureau

from engine.app.commands import Caller
from engine.app.commands.migration import migrate_cases
from engine.app.commands.migration.migrate_cases import RenameMap, migrate
from engine.app.commands.migration.review_answers import review_answers
from engine.app.commands.papers.signing import sign_record
from engine.app.commands.proposals.proposals import confirm
from engine.app.execution.migrate_case import migrate_case
from engine.app.papers.signing import signature_states
from engine.app.queries.cases import show_case
from engine.kernel.refusal import Refusal
from engine.lifecycle.forms import repeated_rows

FORM = """
form: visit_report
title: 检查表
fields:
  - found: {title: 发现, type: choice, choices: {ok: 正常, bad: 有问题}}
  - contact: {title: 联系人, type: text, optional: true}
  - note: {title: 备注, type: text, optional: true}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
fields:
  - place: {title: 地点, type: text}
states:
  open: {title: 待检查, for: clerk, deadline: 20 working days, verbs: {claim: {}, suspend: {by: clerk}, resume: {by: clerk}}}
  writing:
    title: 待录入
    for: clerk
    deadline: 20 working days
    remind: [5 working days before]
    overdue: {at once: {escalate: chief}}
  closed: {title: 已办结, final: true}
transitions:
  - {do: report, title: 报告, from: open, to: writing, form: visit_report}
  - {do: finish, title: 办结, from: writing, to: closed}
"""
#: 15 instead of 20 days, an approval, a field more; the state has another name.
SHORTER = (
    VISIT.replace("20 working days\n    remind: [5", "15 working days\n    remind: [3")
    .replace("writing", "recording")
    .replace(
        "to: closed}",
        "to: approving}\n  - {do: approve, title: 审批, from: approving, to: closed, by: chief}",
    )
    .replace("  closed:", "  approving: {title: 待审批, for: chief, deadline: 3 working days}\n  closed:")
)
WIDER = FORM.replace("contact: {title: 联系人", "phone: {title: 联系电话").replace(
    "  - note: {title: 备注, type: text, optional: true}", "  - date: {title: 复查日期, type: date}"
)


def bureau(cases: int = 3) -> Bureau:
    """Return a bureau with visits: the first has been reported on, the others are open."""
    found = Bureau(FORM, VISIT)
    for _ in range(cases):
        found.start("visit")
    answers = {"found": "bad", "contact": "甲", "note": "无"}
    found.take("visit-1", "report", answers=answers)
    return found


RENAMED = RenameMap(
    states={"writing": "recording"}, clocks={"writing": "recording"}, fields={"visit_report.contact": "phone"}
)


def migrated(office: Bureau, *, dry_run: bool = False, **how: Any) -> dict[str, Any]:
    """Migrate the visits as the deputy, who keeps the rules where nobody else does."""
    found = migrate(office.application, Caller("dora", dry_run=dry_run), "visit", **how)
    assert not isinstance(found, Refusal), str(found)
    return dict(found)


def rows(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["case"]: row for row in found["cases"]}


def test_a_preview_keeps_nothing_and_is_what_comes_of_it() -> None:
    office = bureau()
    assert office.publish(WIDER, SHORTER) == {"visit": 2}
    before = [office.case(f"visit-{n}") for n in (1, 2, 3)]
    seen = migrated(office, dry_run=True, renames=RENAMED)
    assert [office.case(f"visit-{n}") for n in (1, 2, 3)] == before
    assert migrated(office, renames=RENAMED) == seen
    assert (seen["migrated"], seen["stayed"]) == (3, 0)
    first = rows(seen)["visit-1"]
    assert first["before"]["state"] == "writing"
    assert first["after"]["state"] == "recording"
    assert first["before"]["deadlines"][0]["due_at"] == "2024-09-30T16:00:00.000000Z"
    assert first["after"]["deadlines"][0]["due_at"] == "2024-09-24T16:00:00.000000Z"
    assert first["before"]["tasks"] == [{"for": "r:clerk@north", "due_on": "2024-09-30"}]
    assert first["after"]["tasks"] == [{"for": "r:clerk@north", "due_on": "2024-09-24"}]
    assert {move["name"]: move["what"] for move in first["answers"]} == {
        "visit_report.phone": "renamed",
        "visit_report.note": "removed",
        "visit_report.date": "unanswered",
    }
    case = office.case("visit-1")
    assert case.forms["visit_report"] == {"found": "bad", "phone": "甲"}
    assert (case.version, case.entered_at) == (2, before[0].entered_at)
    assert case.clocks["recording"].started_at == before[0].clocks["writing"].started_at
    assert list(office.timers("visit-1")) == ["recording"]
    assert office.findings() == []
    # What is done is done: again there is nothing to do.
    assert migrated(office, renames=RENAMED)["cases"] == []


def test_a_case_goes_on_by_its_new_version_and_whoever_has_claimed_it_has_it() -> None:
    office = bureau()
    office.application.claim("visit-2", "anna")
    office.publish(WIDER, SHORTER)
    migrated(office, renames=RENAMED)
    assert office.case("visit-2").assignee == "anna"
    assert office.work_items("anna")["visit-2"].task.assignee == "anna"
    office.take("visit-1", "finish")
    assert office.state("visit-1") == "approving"
    office.take("visit-1", "approve", "carl")
    assert office.state("visit-1") == "closed"
    assert office.findings() == []


def test_what_was_changed_is_marked_until_whoever_has_the_task_has_looked() -> None:
    office = bureau()
    office.publish(WIDER, SHORTER)
    migrated(office, renames=RENAMED)
    marks = office.case("visit-1").to_review
    assert set(marks) == {"visit_report.phone", "visit_report.note", "visit_report.date"}
    view = show_case(office.application, "anna", "visit-1")
    assert not isinstance(view, Refusal)
    assert view.as_json()["to_review"] == dict(marks)
    assert isinstance(review_answers(office.application, Caller("carl"), "visit-1"), Refusal)
    assert office.case("visit-1").to_review == marks
    assert review_answers(office.application, Caller("anna"), "visit-1") == list(marks)
    assert office.case("visit-1").to_review == {}
    assert isinstance(review_answers(office.application, Caller("anna"), "visit-1"), Refusal)
    assert any("有 3 处填写内容变动" in text for text in office.mail("anna"))


@pytest.mark.parametrize(
    ("renames", "sentence"),
    [
        (RenameMap(), "新版没有环节“待录入”（writing）；须写明改为哪个环节"),
        (RenameMap(states={"writing": "closed"}), "“已办结”在新版是终点；在办的案件不能就此结束"),
    ],
)
def test_who_cannot_go_stays_and_says_why(renames: RenameMap, sentence: str) -> None:
    office = bureau()
    office.publish(WIDER, SHORTER)
    before = office.case("visit-1")
    found = migrated(office, renames=renames)
    assert (found["migrated"], found["stayed"]) == (2, 1)
    row = rows(found)["visit-1"]
    assert [reason["message"] for reason in row["reasons"]] == [sentence]
    assert row["after"] is None
    assert office.case("visit-1") == before
    assert office.findings() == []


def test_an_answer_that_no_longer_fits_keeps_the_case_unless_it_is_mapped() -> None:
    office = bureau()
    office.publish(FORM.replace("bad: 有问题", "problem: 有问题"), VISIT)
    assert "应为下列之一" in rows(migrated(office, dry_run=True))["visit-1"]["reasons"][0]["message"]
    mapped = RenameMap(values={"visit_report.found": {"bad": "problem"}})
    assert migrated(office, renames=mapped)["stayed"] == 0
    assert office.case("visit-1").forms["visit_report"]["found"] == "problem"


def test_what_is_named_must_be_there() -> None:
    office = bureau()
    for how in (
        {"version": 7},
        {"renames": RenameMap(states={"writing": "nowhere"})},
        {"renames": RenameMap(fields={"visit_report.contact": "fone"})},
    ):
        assert isinstance(migrate(office.application, Caller("dora"), "visit", **how), Refusal)
    unknown = migrate(office.application, Caller("dora"), "visits")
    assert isinstance(unknown, Refusal)
    assert "visit" in str(unknown.reasons[0].hint)
    assert isinstance(migrate(office.application, Caller("anna"), "visit"), Refusal)


class Killed(BaseException):
    """The process ends."""


def test_killed_in_the_middle_it_is_finished_by_doing_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    office = bureau(6)
    office.publish(WIDER, SHORTER)
    seen = migrated(office, dry_run=True, renames=RENAMED)
    alone, count = migrate_case, 0

    def until_the_third(*given: Any) -> Any:
        nonlocal count
        count += 1
        if count == 3:
            raise Killed
        return alone(*given)

    monkeypatch.setattr(migrate_cases, "migrate_case", until_the_third)
    with pytest.raises(Killed):
        migrated(office, renames=RENAMED)
    assert [office.case(f"visit-{n}").version for n in range(1, 7)] == [2, 2, 1, 1, 1, 1]
    rest = migrated(office, renames=RENAMED)
    assert rest["cases"] == seen["cases"][2:]
    assert {office.case(f"visit-{n}").version for n in range(1, 7)} == {2}
    assert [event.kind for event in office.events("office")][-4:] == ["begun", "failed", "begun", "done"]
    assert office.findings() == []


def kept(office: Bureau, names: list[str]) -> dict[str, Any]:
    """Return of each case what a migration leaves alone: its history, when its clocks began, who holds which task since when."""
    found = {}
    for name in names:
        case = office.case(name)
        with office.look() as transaction:
            tasks = sorted((task.key, task.opened_at) for task in transaction.tasks.of_case(name))
        found[name] = (
            [event.hash for event in office.events(name) if event.kind != "migrated"],
            sorted(clock.started_at for clock in case.clocks.values()),
            case.entered_at,
            case.assignee,
            tasks,
        )
    return found


@pytest.mark.parametrize("cases", [50, pytest.param(1000, marks=pytest.mark.soak)])
def test_many_cases_come_out_as_their_preview_says_though_killed_in_the_middle(
    cases: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = bureau(1)
    answers = {"found": "ok"}
    for number in range(cases - 1):
        case = office.start("visit")
        if number % 3 == 0:
            office.take(case, "report", answers=answers)
        if number % 5 == 0:
            office.application.claim(case, "anna")
        if number % 7 == 0:
            office.later(days=1)
    names = [f"visit-{number}" for number in range(1, cases + 1)]
    office.publish(WIDER, SHORTER)
    before = kept(office, names)
    seen = migrated(office, dry_run=True, renames=RENAMED)
    assert kept(office, names) == before
    assert len(seen["cases"]) == cases
    alone, count = migrate_case, 0

    def until_the_middle(*given: Any) -> Any:
        nonlocal count
        count += 1
        if count == cases // 2:
            raise Killed
        return alone(*given)

    monkeypatch.setattr(migrate_cases, "migrate_case", until_the_middle)
    with pytest.raises(Killed):
        migrated(office, renames=RENAMED)
    monkeypatch.setattr(migrate_cases, "migrate_case", alone)
    done = [name for name in names if office.case(name).version == 2]
    assert len(done) == cases // 2 - 1
    rest = migrated(office, renames=RENAMED)
    assert rest["cases"] == seen["cases"][len(done) :]
    assert {office.case(name).version for name in names} == {2}
    for name in done:
        # What was previewed of those that went before it was killed is what stands there now.
        shown = rows(seen)[name]
        assert office.case(name).state == shown["after"]["state"]
    assert kept(office, names) == before
    assert office.findings() == []


def test_it_is_taken_back_by_publishing_the_older_text_again() -> None:
    office = bureau()
    with office.look() as transaction:
        first = transaction.definitions.version("visit", 1)
    office.publish(WIDER, SHORTER)
    migrated(office, renames=RENAMED)
    assert office.publish(FORM, VISIT) == {"visit": 3}
    with office.look() as transaction:
        third = transaction.definitions.version("visit", 3)
    assert first is not None
    assert third is not None
    assert (third.digest, third.parts) == (first.digest, first.parts)
    back = RenameMap(
        states={"recording": "writing"},
        clocks={"recording": "writing"},
        fields={"visit_report.phone": "contact"},
    )
    assert migrated(office, renames=back)["stayed"] == 0
    case = office.case("visit-1")
    assert (case.version, case.state) == (3, "writing")
    assert case.clocks["writing"].due_on.isoformat() == "2024-09-30"
    assert office.findings() == []


def test_a_deadline_that_was_missed_is_not_missed_again() -> None:
    office = bureau().until("2024-10-12")
    assert office.kinds("visit-1").count("overdue") == 1
    office.publish(WIDER, SHORTER)
    migrated(office, renames=RENAMED)
    office.until("2024-10-20")
    assert office.kinds("visit-1").count("overdue") == 1
    assert office.kinds("visit-1").count("escalated") == 1
    assert office.case("visit-1").clocks["recording"].late(office.clock.now())
    with office.look() as transaction:
        keys = {task.key for task in transaction.tasks.of_case("visit-1")}
    assert keys == {"r:clerk@north", "r:chief@north"}
    assert office.findings() == []


def test_what_is_too_late_by_the_shorter_limit_is_missed_at_once() -> None:
    office = bureau().until("2024-09-26")
    assert "overdue" not in office.kinds("visit-1")
    office.publish(WIDER, SHORTER)
    migrated(office, renames=RENAMED)
    office.until("2024-09-26 10:01")
    assert [kind for kind in office.kinds("visit-1") if kind in ("overdue", "escalated")] == [
        "overdue",
        "escalated",
    ]
    assert office.findings() == []


def test_a_suspended_case_goes_where_it_can_be_resumed() -> None:
    office = bureau()
    office.application.suspend("visit-2", "anna", reason="停")
    office.publish(WIDER, SHORTER)
    assert migrated(office, renames=RENAMED)["stayed"] == 0
    office.later(days=3)
    office.application.resume("visit-2", "anna")
    assert office.case("visit-2").suspended_at is None
    assert office.findings() == []


def test_two_agree_to_what_is_done_and_to_nothing_else() -> None:
    office = bureau()
    office.publish(WIDER, SHORTER)
    with office.store.write() as transaction:
        transaction.settings.put("administrators", ["dora", "carl"])
    asked = migrate(office.application, Caller("dora"), "visit", renames=RENAMED)
    assert isinstance(asked, Refusal)
    assert [reason.code for reason in asked.reasons] == ["proposed"]
    assert office.case("visit-1").version == 1
    with office.store.read() as transaction:
        (proposal,) = transaction.proposals.all()
    assert proposal.summary["version"] == 2
    assert proposal.summary["renamed"] == RENAMED.as_json()
    assert not isinstance(confirm(office.application, Caller("carl"), proposal.id), Refusal)
    # Other names, or another version, are another act.
    assert isinstance(migrate(office.application, Caller("dora"), "visit", 1), Refusal)
    found = migrate(office.application, Caller("dora"), "visit", renames=RENAMED)
    assert not isinstance(found, Refusal)
    assert found["stayed"] == 0
    assert office.case("visit-1").version == 2
    assert office.events("visit-1")[-1].body["confirmed_by"] == "carl"
    assert isinstance(migrate(office.application, Caller("dora"), "visit", renames=RENAMED), Refusal)


@pytest.mark.parametrize(
    "renames", [RenameMap(states={"recording": "approving"}), RenameMap(steps={"finish": "approve"})]
)
def test_no_other_name_takes_a_case_past_a_step(renames: RenameMap) -> None:
    """What the new version still has is not called otherwise: it would be a step nobody took, a signature nobody gave."""
    office = bureau()
    office.publish(WIDER, SHORTER)
    migrated(office, renames=RENAMED)
    office.publish(WIDER, SHORTER.replace("title: 检查", "title: 现场检查"))
    asked = migrate(office.application, Caller("dora"), "visit", renames=renames)
    assert isinstance(asked, Refusal)
    assert "不是改名" in str(asked)
    assert office.case("visit-1").version == 2


def test_what_was_agreed_to_and_broken_off_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    office = bureau()
    office.publish(WIDER, SHORTER)
    with office.store.write() as transaction:
        transaction.settings.put("administrators", ["dora", "carl"])
    assert isinstance(migrate(office.application, Caller("dora"), "visit", renames=RENAMED), Refusal)
    assert not isinstance(confirm(office.application, Caller("carl"), "proposal-1"), Refusal)
    with monkeypatch.context() as broken:
        broken.setattr(migrate_cases, "_alone", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate(office.application, Caller("dora"), "visit", renames=RENAMED)
    found = migrate(office.application, Caller("dora"), "visit", renames=RENAMED)
    assert not isinstance(found, Refusal)
    assert office.events("visit-1")[-1].body["confirmed_by"] == "carl"
    # Come to its end, it is agreed to again.
    assert isinstance(migrate(office.application, Caller("dora"), "visit", renames=RENAMED), Refusal)


def test_answers_that_were_put_otherwise_are_shown_as_they_are_now() -> None:
    office = bureau(1)
    form = FORM.replace("ok: 正常, bad: 有问题", "fine: 正常, proven: 查实").replace("contact: {", "phone: {")
    office.publish(form, VISIT)
    codes = {"bad": "proven", "ok": "fine"}
    renames = RenameMap(fields={"visit_report.contact": "phone"}, values={"visit_report.found": codes})
    assert migrated(office, renames=renames)["stayed"] == 0
    shown = show_case(office.application, "anna", "visit-1")
    assert not isinstance(shown, Refusal)
    (report,) = shown.answers
    assert [(line.title, line.text, line.before) for line in report.lines] == [
        ("发现", "查实", ""),
        ("联系人", "甲", ""),
        ("备注", "无", ""),
    ]


SHEET = """
form: visit_report
title: 检查表
fields:
  - found: {title: 发现, text}
  - list:
      title: 问题清单
      type: list
      optional: true
      columns:
        - sum: {title: 金额, type: money, optional: true}
        - half: {title: 一半, type: money, computed: "round(it.sum / 2, 2)"}
        - old: {title: 旧栏, text, optional: true}
  - total: {title: 合计, type: money, computed: "sum(form.list, it.half)"}
rows:
  - {id: r1, title: 第一项, points: 看一看, basis: 示例法 第一条}
  - {id: r3, title: 第三项, points: 看三看, basis: 示例法 第三条}
"""
CHECKED: dict[str, Any] = {
    "found": "有",
    "list": [{"sum": "100"}, {"sum": "33"}, {"old": "旧"}],
    "rows": {"r1": "符合", "r3": {"answer": "不符合", "note": "少发工资", "person": "负责人甲"}},
}


def signed_visit() -> tuple[Bureau, str]:
    """Return an office with a visit that was reported on and signed for."""
    office = Bureau(SHEET, VISIT)
    case = office.start("visit")
    office.take(case, "report", answers=CHECKED)
    signed = sign_record(office.application, Caller("anna"), case, "visit_report", "anna", "system", "")
    assert not isinstance(signed, Refusal), str(signed)
    assert signatures(office, case) == [True]
    return office, case


def signatures(office: Bureau, case: str) -> list[bool]:
    found = office.case(case)
    with office.look() as transaction:
        return [state.holds for state in signature_states(transaction, found)]


@pytest.mark.parametrize("older", [False, True])
def test_a_signature_holds_where_nothing_of_the_answers_has_changed(
    older: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        if older:
            # Before, a whole amount that was worked out was kept as a number.
            before.setattr(repeated_rows, "EXACT", frozenset())
        office, case = signed_visit()
    rows = office.case(case).forms["visit_report"]["list"]
    assert [row["half"] for row in rows] == [50 if older else "50", "16.5", None]
    office.publish(SHEET.replace("title: 发现", "title: 发现了什么"), VISIT)
    (row,) = migrated(office)["cases"]
    assert [(move["name"], move["what"]) for move in row["answers"]] == [
        ("visit_report.found", "asked-otherwise")
    ]
    assert office.case(case).forms["visit_report"]["list"] == rows
    assert signatures(office, case) == [True]
    assert office.findings() == []
    # An answer that is taken out changes what was signed.
    office.publish(SHEET.replace("  - found: {title: 发现, text}\n", ""), VISIT)
    assert [move["what"] for move in migrated(office)["cases"][0]["answers"]] == ["removed"]
    assert signatures(office, case) == [False]


def test_a_check_row_that_is_no_more_keeps_the_case_unless_it_has_another_name() -> None:
    office, case = signed_visit()
    other = SHEET.replace("id: r3, title: 第三项", "id: r4, title: 第四项")
    office.publish(other, VISIT)
    (row,) = migrated(office)["cases"]
    (reason,) = row["reasons"]
    assert reason["message"] == (
        "《检查表》的检查事项“第三项”已填“不符合；少发工资”，新版没有这一项；可写明改为哪一项"
        "（fields: visit_report.rows.r3），或留在原版办完"
    )
    assert (office.case(case).version, signatures(office, case)) == (1, [True])
    renamed = RenameMap(fields={"visit_report.rows.r3": "r4"})
    (row,) = migrated(office, renames=renamed)["cases"]
    assert [(move["name"], move["what"]) for move in row["answers"]] == [("visit_report.rows.r4", "renamed")]
    kept = office.case(case).forms["visit_report"]
    assert kept["rows"]["r4"] == CHECKED["rows"]["r3"] | {"answer": "fail"}
    assert [problem["row"] for problem in kept["problems"]] == ["r4"]
    view = show_case(office.application, "anna", case)
    assert not isinstance(view, Refusal)
    assert ("第四项", "不符合；少发工资；责任人：负责人甲") in view.answers[0].pairs
    assert office.findings() == []


def test_a_check_row_that_is_new_is_asked_for_by_name() -> None:
    office, case = signed_visit()
    office.publish(SHEET + "  - {id: r4, title: 第四项, points: 看, basis: 示例法 第四条}\n", VISIT)
    (row,) = migrated(office)["cases"]
    assert [(move["name"], move["title"], move["what"]) for move in row["answers"]] == [
        ("visit_report.rows.r4", "第四项", "unanswered")
    ]
    assert office.case(case).to_review == {"visit_report.rows.r4": "unanswered"}
    assert signatures(office, case) == [True]


@pytest.mark.parametrize(
    ("renames", "sentence"),
    [
        ({"fields": {"visit_report.fond": "found"}}, "改名“visit_report.fond → found”：没有“fond”"),
        ({"fields": {"visit_report.rows.r3": "r9"}}, "改名“visit_report.rows.r3 → r9”：没有“r9”"),
        ({"fields": {"visit_report.rows.r8": "r3"}}, "改名“visit_report.rows.r8 → r3”：没有“r8”"),
        ({"fields": {"visit_report.list.odl": "old"}}, "改名“visit_report.list.odl → old”：没有“odl”"),
        ({"values": {"visit_report.fond": {"a": "b"}}}, "取值“visit_report.fond”：没有“fond”这一栏"),
    ],
)
def test_a_name_that_is_not_there_is_no_rename(renames: dict[str, Any], sentence: str) -> None:
    office, _ = signed_visit()
    office.publish(SHEET.replace("title: 发现", "title: 发现了什么"), VISIT)
    found = migrate(office.application, Caller("dora"), "visit", renames=RenameMap(**renames))
    assert isinstance(found, Refusal)
    assert [str(reason.message) for reason in found.reasons] == [sentence]


#: An extension of the deadline of the state is granted once.
ONCE = VISIT.replace(
    "verbs: {claim: {},",
    "verbs: {extend: {by: clerk, clock: open, max: 10 working days, times: 1}, claim: {},",
)
WAITING = ONCE.replace("open", "waiting")


def test_the_extension_granted_in_a_state_is_kept_where_the_state_is_renamed() -> None:
    office = Bureau(FORM, ONCE)
    office.start("visit")
    office.application.do("extend", "visit-1", "anna", count=8, clock="open", reason="材料未齐")
    before = office.case("visit-1").clocks["open"]
    office.publish(FORM, WAITING)
    renames = RenameMap(states={"open": "waiting"})
    (row,) = migrated(office, renames=renames)["cases"]
    assert office.case("visit-1").clocks == {"waiting": before}
    (was,), (now,) = row["before"]["deadlines"], row["after"]["deadlines"]
    assert (now["clock"], now["was"], now["due_at"]) == ("waiting", "open", was["due_at"])
    assert office.events("visit-1")[-1].body["renamed"]["clocks"] == {"open": "waiting"}
    again = office.application.do("extend", "visit-1", "anna", count=1, clock="waiting", reason="又")
    assert isinstance(again, Refusal)
    assert [str(reason) for reason in again.reasons] == ["最多延期 1 次，已延期 1 次"]
    # And back again.
    office.publish(FORM, ONCE)
    migrated(office, renames=RenameMap(states={"waiting": "open"}))
    assert office.case("visit-1").clocks == {"open": before}
