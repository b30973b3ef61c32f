"""Commands: once each, whole or not at all, and every answer the same however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from bureau_factories import Bureau, done, refused

from engine.app.history.requests import CommandResult
from engine.app.history.retry import TRIES
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import ConflictError
from engine.app.registers.maintenance import put_one
from engine.app.session.new_case import NewCase
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: [clerk, deputy], form: order}
parties: {inspectors: 检查人员}
fields: [result: {title: 结果}]
states:
  open: {title: 待检查, for: clerk, deadline: 5 working days, verbs: {reassign: {by: chief}, suspend: {by: chief}}}
  seen: {title: 待审核, for: chief}
  closed: {title: 已办结, final: true}
transitions:
  - do: finish
    title: 完成检查
    from: open
    to: seen
    form: record
    require: [{that: form.staff > 0, else: 至少有一名职工, basis: 某条例 第十六条}]
    then:
      - set: {result: ok}
      - notify: chief
        message: 请审核 {{ case.title }}
  - {do: close, title: 办结, from: seen, to: closed}
  - {do: give_up, title: 终止, from: open, to: closed, reason: true}
"""
ORDER = "form: order\ntitle: 任务\nfields: [why: {title: 缘由}]\n"
RECORD = "form: record\ntitle: 记录\nfields: [staff: {title: 职工人数, type: integer}]\n"
WHY = {"why": "计划"}


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    return bureau_at(FLOW, ORDER, RECORD)


def everything(bureau: Bureau) -> tuple[object, ...]:
    """Return all that a command could have changed."""
    with bureau.look() as transaction:
        return (
            transaction.cases.find(_all()),
            [(stream, list(transaction.events.of(stream))) for stream in transaction.events.streams()],
            transaction.tasks.all(),
            [
                timer
                for case in transaction.cases.find(_all())
                for timer in transaction.timers.of_case(case.id)
            ],
            transaction.outbox.listed(),
            transaction.records.publications(),
            transaction.definitions.versions(),
        )


def _all() -> CaseFilter:
    return CaseFilter()


def test_a_case_is_started_with_its_form_task_and_timer(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY, section="north", subject={"id": "o-1", "name": "示例厂"})
    assert case == "visit-1"
    found = bureau.case(case)
    assert (found.state, found.version, found.rev, found.forms) == ("open", 1, 1, {"order": WHY})
    assert set(bureau.work_items("anna")) == set(bureau.work_items("anton")) == {case}
    assert bureau.work_items("bela") == bureau.work_items("carl") == {}
    assert list(bureau.timers(case)) == ["open"]
    assert bureau.kinds(case) == ["started"]


def test_without_a_section_a_case_belongs_to_that_of_its_starter(bureau: Bureau) -> None:
    assert bureau.case(bureau.start("visit", "bela", WHY)).section == "south"
    assert bureau.case(bureau.start("visit", "dora", WHY)).section is None


def test_a_step_moves_case_task_timer_and_message_together(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    answer = bureau.take(case, "finish", "anton", {"staff": 3})
    assert (answer.case, answer.state, answer.title, answer.rev, answer.closed) == (
        case,
        "seen",
        "待审核",
        2,
        False,
    )
    assert bureau.timers(case) == {}
    assert (set(bureau.work_items("carl")), bureau.work_items("anna")) == ({case}, {})
    assert bureau.mail("carl") == [f"请审核 示例件；新待办：“示例件”（{case}）待办“待审核”，请办理“办结”"]
    assert bureau.case(case).fields == {"result": "ok"}
    assert bureau.take(case, "close", "carl").closed
    assert bureau.work_items("carl") == {}


def test_a_request_sent_twice_acts_once_and_answers_the_same(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    first = bureau.take(case, "finish", "anna", {"staff": 3}, request_id="r-1")
    before = everything(bureau)
    bureau.later(days=2)
    again = bureau.take(case, "finish", "anna", {"staff": 3}, request_id="r-1")
    assert again == replace(first, repeated=True)
    bureau.take(case, "close", "carl", request_id="r-2")
    assert bureau.take(case, "finish", "anna", {"staff": 3}, request_id="r-1") == again
    assert before != everything(bureau)
    assert len(bureau.mail("carl")) == 1


def test_starting_twice_with_one_request_starts_once(bureau: Bureau) -> None:
    first = bureau.start("visit", answers=WHY, request_id="r-1")
    assert bureau.start("visit", answers=WHY, request_id="r-1") == first
    assert len(bureau.cases("visit")) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"person": "anton"},
        {"answers": {"staff": 4}},
        {"reason": "另一个理由"},
        {"step": "give_up", "reason": "企业注销", "answers": None},
    ],
)
def test_a_request_id_stands_for_one_command_only(bureau: Bureau, other: dict[str, object]) -> None:
    case = bureau.start("visit", answers=WHY)
    bureau.take(case, "finish", "anna", {"staff": 3}, request_id="r-1")
    before = everything(bureau)
    words = {"step": "finish", "person": "anna", "answers": {"staff": 3}, **other}
    said = refused(bureau.application.advance(case, **words, request_id="r-1"))  # type: ignore[arg-type] # words of it
    assert said == ["请求编号“r-1”已用于另一条命令；每条命令须有自己的编号"]
    assert everything(bureau) == before


@pytest.mark.parametrize(
    "other",
    [
        {"section": "south"},
        {"subject": {"id": "o-2"}},
        {"parent": "plan-1"},
        {"fields": {"result": "x"}},
        {"parties": {"inspectors": ("insp-1",)}},
    ],
)
def test_a_start_for_something_else_is_another_command(bureau: Bureau, other: dict[str, object]) -> None:
    new = NewCase(title="示例件")
    done(bureau.application.start("visit", "dora", new, WHY, request_id="r-1"))
    said = refused(
        bureau.application.start("visit", "dora", replace(new, **other), WHY, request_id="r-1")  # type: ignore[arg-type]
    )
    assert "已用于另一条命令" in said[0]


def test_a_refused_request_may_be_sent_again_once_mended(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    assert bureau.no(case, "finish", "anna", {"staff": 0}, request_id="r-1") == ["至少有一名职工"]
    assert bureau.take(case, "finish", "anna", {"staff": 3}, request_id="r-1").state == "seen"


def test_a_refusal_stands_in_the_history_and_changes_nothing_else(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    before = bureau.case(case)
    tasks, timers = bureau.work_items("anna"), bureau.timers(case)
    bureau.no(case, "finish", "carl", {"staff": 0})
    after = bureau.case(case)
    assert replace(after, rev=before.rev, head=before.head) == before
    assert after.rev == before.rev + 1
    assert (bureau.work_items("anna"), bureau.timers(case), bureau.outbox()) == (tasks, timers, [])
    event = bureau.events(case)[-1]
    assert (event.kind, event.actor, event.body["verb"]) == ("refused", "carl", "advance")
    assert [(r["code"], r.get("basis"), r.get("clause")) for r in event.body["reasons"]] == [
        ("not-allowed", None, None),
        ("guard", "某条例 第十六条", "form.staff > 0"),
    ]


def test_attempts_on_nothing_stand_in_the_journal_of_the_house(bureau: Bureau) -> None:
    assert bureau.no("visit-9", "finish") == ["没有案件“visit-9”，或它属于其他股室"]
    outcome = bureau.application.start("visti", "anna", NewCase(title="x"))
    assert refused(outcome) == ["没有已发布的流程“visti”；已发布：visit"]
    assert [(event.kind, event.body["about"]) for event in bureau.events("office")] == [
        ("refused", "visit-9"),
        ("refused", "visti"),
    ]


def test_strangers_are_told_that_nobody_knows_them(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    (said,) = bureau.no(case, "finish", "zoe", {"staff": 1})
    assert said.startswith("名录中没有“zoe”这个人")
    (said,) = refused(bureau.application.reassign(case, "carl", "zoe", reason="出差"))
    assert said.startswith("名录中没有“zoe”这个人")
    # Whoever nobody knows learns nothing of a case, not even by an entry in its history.
    assert bureau.kinds(case) == ["started", "refused"]
    assert [(event.actor, event.body["about"]) for event in bureau.events("office")] == [("-", case)]


def test_a_dry_run_answers_as_if_and_leaves_nothing(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    before = everything(bureau)
    assert bureau.take(case, "finish", "anna", {"staff": 3}, dry_run=True).state == "seen"
    assert bureau.no(case, "finish", "bela", {"staff": 0}, dry_run=True)
    assert done(bureau.application.claim(case, "anna", dry_run=True)).state == "open"
    assert bureau.start("visit", answers=WHY, dry_run=True) == "visit-2"
    assert everything(bureau) == before
    # Nor is its request id taken, nor its number.
    bureau.take(case, "finish", "anna", {"staff": 3}, dry_run=True, request_id="r-1")
    bureau.take(case, "finish", "anton", {"staff": 3}, request_id="r-1")
    assert bureau.start("visit", answers=WHY) == "visit-2"


class Overtaken:
    """A store in which somebody else is quicker, a number of times."""

    def __init__(self, bureau: Bureau, times: int) -> None:
        self._bureau, self._times = bureau, times
        self._store = bureau.store
        self.read, self.close = self._store.read, self._store.close

    @contextmanager
    def write(self) -> Iterator[object]:
        with self._store.write() as transaction:
            yield transaction
            if self._times:
                self._times -= 1
                raise ConflictError("visit-1")


def test_a_command_that_was_overtaken_is_tried_again(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    bureau.application.store = Overtaken(bureau, 2)  # type: ignore[assignment] # what is used of it
    assert bureau.take(case, "finish", "anna", {"staff": 3}).state == "seen"
    assert bureau.kinds(case) == ["started", "advanced"]
    assert len(bureau.mail("carl")) == 1


def test_who_is_overtaken_again_and_again_is_told_by_whom(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    done(bureau.application.claim(case, "anton"))
    bureau.application.store = Overtaken(bureau, TRIES)  # type: ignore[assignment] # what is used of it
    outcome = bureau.application.advance(case, "give_up", "anton", reason="x")
    assert isinstance(outcome, Refusal)
    assert [(r.code, str(r.message)) for r in outcome.reasons] == [
        ("conflict", "案件“visit-1”已先由“anton”于 2024-09-02 10:00:00 办理（领取），请先查看再办")
    ]
    assert bureau.kinds(case) == ["started", "claimed"]


def test_who_comes_second_is_told_what_stands_there_now(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    bureau.take(case, "finish", "anna", {"staff": 3})
    bureau.later(hours=1)
    assert bureau.no(case, "finish", "anton", {"staff": 3}) == [
        "案件“visit-1”已先由“anna”于 2024-09-02 10:00:00 办理（完成检查），现处“待审核”，请先查看再办",
        "环节“待审核”没有“finish”；此环节由北片股的股室负责人办理",
    ]


def test_who_may_start(bureau: Bureau) -> None:
    outcome = bureau.application.start("visit", "carl", NewCase(title="x"), {"why": ""})
    assert refused(outcome) == ["启动《检查》由经办人、分管领导办理", "“缘由”必须填写"]
    assert refused(bureau.application.start("visit", "anna", NewCase(title="x"))) == [
        "须填写《任务》（order）"
    ]


def test_a_role_of_a_section_starts_cases_of_its_own_section_only(bureau: Bureau) -> None:
    (said,) = refused(bureau.application.start("visit", "anna", NewCase(title="x", section="south"), WHY))
    assert said == "“anna”属于北片股，不能为南片股启动《检查》"
    assert bureau.case(bureau.start("visit", "dora", WHY, section="south")).section == "south"


def test_workflows_others_start_are_not_started_by_hand(bureau_at: Callable[..., Bureau]) -> None:
    parent = """
    workflow: plan
    title: 计划
    about: plan
    initial: open
    start: {by: clerk}
    states: {open: {title: 待办, for: clerk}, done: {title: 完成, final: true, open_children: leave}}
    transitions: [{do: go, title: 派发, from: open, to: done, then: [{start: child}]}]
    """
    child = FLOW.replace("workflow: visit", "workflow: child").replace(
        "start: {by: [clerk, deputy], form: order}\n", ""
    )
    bureau = bureau_at(parent, child, RECORD)
    assert refused(bureau.application.start("child", "anna", NewCase(title="x"))) == [
        "流程《检查》由其他流程启动，不能手工启动"
    ]


def test_claiming_and_handing_over_move_the_lists(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    done(bureau.application.claim(case, "anna"))
    assert (set(bureau.work_items("anna")), bureau.work_items("anton")) == ({case}, {})
    assert bureau.all_duties()[case].task.assignee == "anna"
    done(bureau.application.reassign(case, "carl", "anton", reason="出差"))
    assert (bureau.work_items("anna"), set(bureau.work_items("anton"))) == ({}, {case})
    bureau.take(case, "finish", "anton", {"staff": 1})
    assert bureau.work_items("anton") == {}


def test_nothing_is_handed_to_somebody_it_is_not_for(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    for stranger in ("bela", "dora"):
        (said,) = refused(bureau.application.reassign(case, "carl", stranger, reason="出差"))
        assert said == f"只能转办给北片股的经办人，“{stranger}”不是"
    assert bureau.work_items("bela") == {}


def test_a_definition_names_others_a_task_may_be_handed_to(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(
        FLOW.replace("reassign: {by: chief}", "reassign: {by: chief, among: [clerk, deputy]}"), ORDER, RECORD
    )
    case = bureau.start("visit", answers=WHY)
    done(bureau.application.reassign(case, "carl", "dora", reason="出差"))
    assert case in bureau.work_items("dora")
    bureau.take(case, "finish", "dora", {"staff": 1})
    other = bureau.start("visit", answers=WHY)
    assert refused(bureau.application.reassign(other, "carl", "carl", reason="自办")) == [
        "只能转办给北片股的经办人、分管领导，“carl”不是"
    ]


def test_nothing_is_handed_to_somebody_who_has_left(bureau: Bureau) -> None:
    case = bureau.start("visit", answers=WHY)
    with bureau.look() as transaction:
        entry = transaction.registers.get("people", "bela")
        assert entry is not None
    with bureau.application.store.write() as transaction:
        put_one(
            transaction, bureau.clock.now(), replace(entry, data={**entry.data, "status": "left"}), SYSTEM
        )
    (said,) = refused(bureau.application.reassign(case, "carl", "bela", reason="出差"))
    assert said == "“bela”已不在岗，不能转办给此人"


def test_lists_of_a_section_of_all_and_of_what_is_late(bureau: Bureau) -> None:
    north = bureau.start("visit", "anna", WHY)
    bureau.later(days=1)
    south = bureau.start("visit", "bela", WHY)
    assert list(bureau.all_duties()) == [north, south]
    assert set(bureau.all_duties(section="south")) == {south}
    assert bureau.all_duties(overdue=True) == {}
    bureau.at("2024-09-10")
    assert set(bureau.all_duties(overdue=True)) == {north}
    assert bureau.work_items("anna")[north].late
    assert not bureau.work_items("bela")[south].late
    assert bureau.work_items("anna")[north].as_json()["due_on"] == "2024-09-09"


def test_two_offices_on_one_store_know_the_same(bureau: Bureau) -> None:
    other = Bureau.__new__(Bureau)
    other.__dict__.update(bureau.__dict__)
    other.application = replace(
        bureau.application,
        definitions=type(bureau.application.definitions)(bureau.application.definitions.time),
    )
    case = bureau.start("visit", answers=WHY, request_id="r-1")
    assert isinstance(other.take(case, "finish", "anna", {"staff": 2}, request_id="r-2"), CommandResult)
    assert bureau.take(case, "finish", "anna", {"staff": 2}, request_id="r-2").repeated
