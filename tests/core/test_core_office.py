"""Commands, refusals, tasks, clocks and histories of one small bureau."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_bureau import SHANGHAI, SmallBureau, small_bureau

from engine.app.audit.verify_deployment import verify
from engine.app.history.replay import replay
from engine.app.history.requests import CommandResult
from engine.app.ports.records import CaseFilter
from engine.app.timers.fire_due import fire_due
from engine.app.worklist.work_items import work_items_of
from engine.kernel.refusal import Refusal
from engine.lifecycle.chain import breaks

GOOD = {"found": "账册不全", "count": 2}


@pytest.fixture
def bureau() -> SmallBureau:
    return small_bureau()


def kinds(bureau: SmallBureau, case: str) -> list[str]:
    with bureau.application.store.read() as transaction:
        return [event.kind for event in transaction.events.of(case)]


def test_every_unmet_condition_is_named_at_once_with_its_basis(bureau: SmallBureau) -> None:
    case = bureau.start()
    refusal = bureau.refused(case, "report", "chief-1", {"found": "无", "count": 1})
    said = [(str(reason.message), reason.basis) for reason in refusal.reasons]
    assert any("不能办理" in text and "一股的经办人" in text for text, _ in said)
    assert ("数量不足两件", "甲条例 第一条") in said
    assert ("必须写明发现", "乙条例 第二条") in said
    assert [reason.clause for reason in refusal.reasons if reason.basis == "甲条例 第一条"] == [
        "form.count >= 2"
    ]
    assert kinds(bureau, case) == ["started", "refused"]


def test_nothing_is_filled_in_for_anybody(bureau: SmallBureau) -> None:
    case = bureau.start()
    refusal = bureau.refused(case, "report", "clerk-1", {"found": "账册不全"})
    assert [(r.code, r.field) for r in refusal.reasons] == [("form", "count")]
    refusal = bureau.refused(case, "report", "clerk-1", {**GOOD, "counts": 3})
    assert "没有“counts”这一栏" in str(refusal)


def test_a_role_of_another_section_may_not_act(bureau: SmallBureau) -> None:
    case = bureau.start()
    assert [r.code for r in bureau.refused(case, "report", "clerk-9", GOOD).reasons] == ["case"]
    bureau.take(case, "report", "clerk-2", GOOD)


def test_one_request_id_acts_once_and_answers_the_same(bureau: SmallBureau) -> None:
    case = bureau.start()
    first = bureau.take(case, "report", "clerk-1", GOOD, request_id="r-1")
    again = bureau.take(case, "report", "clerk-1", GOOD, request_id="r-1")
    assert again == replace(first, repeated=True)
    other = bureau.application.advance(case, "send_back", "chief-1", reason="补正", request_id="r-1")
    assert isinstance(other, Refusal)
    assert "已用于另一条命令" in str(other)
    assert kinds(bureau, case).count("advanced") == 1


def test_a_dry_run_leaves_nothing(bureau: SmallBureau) -> None:
    case = bureau.start()
    answer = bureau.application.advance(case, "report", "clerk-1", GOOD, dry_run=True)
    assert isinstance(answer, CommandResult)
    assert answer.state == "checking"
    assert isinstance(bureau.application.advance(case, "report", "clerk-9", GOOD, dry_run=True), Refusal)
    assert kinds(bureau, case) == ["started"]


def test_tasks_follow_the_case(bureau: SmallBureau) -> None:
    case = bureau.start()

    def tasks(person: str) -> list[str]:
        with bureau.application.store.read() as transaction:
            found = work_items_of(transaction, person, bureau.clock.now())
        assert found is not None
        return [duty.task.case for duty in found]

    assert tasks("clerk-1") == tasks("clerk-2") == [case]
    assert tasks("clerk-9") == tasks("chief-1") == []
    assert isinstance(bureau.application.claim(case, "clerk-2"), CommandResult)
    assert tasks("clerk-1") == []
    assert "已由“clerk-2”领取" in str(bureau.refused(case, "report", "clerk-1", GOOD))
    bureau.take(case, "report", "clerk-2", GOOD)
    assert tasks("clerk-2") == []
    assert tasks("chief-1") == [case]


def test_the_deadline_knows_the_make_up_days(bureau: SmallBureau) -> None:
    case = bureau.start()
    with bureau.application.store.read() as transaction:
        running = transaction.cases.get(case).clocks["there"]  # type: ignore[union-attr]
    assert running.due_on.isoformat() == "2024-10-18"
    assert not running.provisional


def test_reminder_lateness_and_escalation_each_come_once(bureau: SmallBureau) -> None:
    case = bureau.start()
    for _ in range(80):
        bureau.clock.advance(timedelta(days=1))
        fire_due(bureau.application)
        fire_due(bureau.application)
    assert kinds(bureau, case) == ["started", "reminded", "reminded", "overdue", "reminded", "escalated"]
    with bureau.application.store.read() as transaction:
        told = [item.recipient for item in transaction.outbox.listed() if "升级督办" in item.payload["text"]]
        found = work_items_of(transaction, "head-1", bureau.clock.now())
    assert told == ["head-1"]
    assert found is not None
    assert [duty.task.case for duty in found] == [case]
    assert found[0].late


def test_a_week_without_a_daemon_misses_nothing_and_doubles_nothing(bureau: SmallBureau) -> None:
    case = bureau.start()
    bureau.clock.set(datetime(2024, 11, 20, 10, tzinfo=SHANGHAI))
    assert fire_due(bureau.application).fired > 0
    assert fire_due(bureau.application).fired == 0
    assert kinds(bureau, case) == ["started", "reminded", "overdue", "reminded", "escalated"]


def test_an_extension_has_limits_and_moves_the_day(bureau: SmallBureau) -> None:
    case = bureau.start()
    assert "延期由股长决定" in str(bureau.application.extend(case, "clerk-1", 5, reason="出差"))
    assert "须说明理由" in str(bureau.application.extend(case, "chief-1", 5, reason=""))
    assert "合计不得超过 10 个工作日" in str(
        bureau.application.extend(case, "chief-1", 11, reason="材料未到")
    )
    assert isinstance(bureau.application.extend(case, "chief-1", 5, reason="材料未到"), CommandResult)
    with bureau.application.store.read() as transaction:
        assert transaction.cases.get(case).clocks["there"].due_on.isoformat() == "2024-10-25"  # type: ignore[union-attr]
    refusal = bureau.application.extend(case, "chief-1", 1, reason="又未到")
    assert "最多延期 1 次" in str(refusal)
    assert "本局内部控制要求" in str(refusal)


def test_a_suspended_case_stands_still_and_its_clock_too(bureau: SmallBureau) -> None:
    case = bureau.start()
    assert isinstance(bureau.application.suspend(case, "chief-1", reason="企业停业整顿"), CommandResult)
    assert "已挂起" in str(bureau.refused(case, "report", "clerk-1", GOOD))
    bureau.clock.advance(timedelta(days=60))
    assert fire_due(bureau.application).fired == 0
    assert isinstance(bureau.application.resume(case, "chief-1"), CommandResult)
    with bureau.application.store.read() as transaction:
        assert transaction.cases.get(case).clocks["there"].due_at > bureau.clock.now()  # type: ignore[union-attr]


def test_the_last_child_releases_its_parent_in_the_same_breath(bureau: SmallBureau) -> None:
    case = bureau.start()
    bureau.take(case, "report", "clerk-1", GOOD)
    answer = bureau.take(case, "accept", "chief-1")
    assert answer.started == 2
    bureau.take("errand-1", "finish", "clerk-1")
    with bureau.application.store.read() as transaction:
        assert transaction.cases.get(case).state == "waiting"  # type: ignore[union-attr]
    bureau.take("errand-2", "finish", "clerk-2")
    with bureau.application.store.read() as transaction:
        assert transaction.cases.get(case).state == "done"  # type: ignore[union-attr]
        assert transaction.timers.count() == 0


def test_only_public_fields_leave(bureau: SmallBureau) -> None:
    case = bureau.start()
    bureau.take(case, "report", "clerk-1", {**GOOD, "phone": "0311-0000000"})
    bureau.take(case, "accept", "chief-1")
    with bureau.application.store.read() as transaction:
        (publication,) = transaction.records.publications()
    assert [fact["name"] for fact in publication.body["facts"]] == ["found"]
    assert "0311" not in str(publication.body)


def test_a_missing_reason_and_a_step_of_another_state(bureau: SmallBureau) -> None:
    case = bureau.start()
    assert "此环节由一股的经办人办理" in str(bureau.refused(case, "accept", "chief-1"))
    assert "现在可办：上报（report）" in str(bureau.refused(case, "accept", "clerk-1"))
    bureau.take(case, "report", "clerk-1", GOOD)
    assert "须说明理由" in str(bureau.refused(case, "send_back", "chief-1"))
    assert "由系统自动办理" in str(bureau.refused(_waiting(bureau, case), "all_done", "chief-1"))


def _waiting(bureau: SmallBureau, case: str) -> str:
    bureau.take(case, "accept", "chief-1")
    return case


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "report",
                "bad report",
                "send_back",
                "accept",
                "claim",
                "reassign",
                "extend",
                "suspend",
                "resume",
                "tick",
                "errand",
            ]
        ),
        st.sampled_from(["clerk-1", "clerk-2", "clerk-9", "chief-1", "head-1"]),
    ),
    max_size=25,
)


def act(bureau: SmallBureau, case: str, what: str, who: str) -> None:
    application = bureau.application
    match what:
        case "report":
            application.advance(case, "report", who, GOOD)
        case "bad report":
            application.advance(case, "report", who, {"found": "无", "count": 0})
        case "send_back":
            application.advance(case, "send_back", who, reason="补正")
        case "accept":
            application.advance(case, "accept", who)
        case "claim":
            application.claim(case, who)
        case "reassign":
            application.reassign(case, who, "clerk-2", reason="调休")
        case "extend":
            application.extend(case, who, 3, reason="材料未到")
        case "suspend":
            application.suspend(case, who, reason="停业")
        case "resume":
            application.resume(case, who)
        case "tick":
            bureau.clock.advance(timedelta(days=4))
            fire_due(application)
        case "errand":
            application.advance("errand-1", "finish", who)


@settings(max_examples=60)
@given(ACTS)
def test_whatever_people_do_history_tells_it_all(acts: list[tuple[str, str]]) -> None:
    bureau = small_bureau()
    first = bureau.start()
    for what, who in acts:
        act(bureau, first, what, who)
    with bureau.application.store.read() as transaction:
        assert list(verify(transaction)) == []
        for case in transaction.cases.find(CaseFilter()):
            assert replay(transaction.events.of(case.id)) == case
            timers = {timer.name for timer in transaction.timers.of_case(case.id)}
            if not case.open:
                assert timers == set()
                assert transaction.tasks.of_case(case.id) == []
            else:
                paused = {"there"} if case.suspended_at else set()
                assert timers == {n for n, c in case.clocks.items() if c.next_at is not None} - paused
                assert case.state == "waiting" or transaction.tasks.of_case(case.id)


@given(st.data())
def test_any_edit_of_a_history_is_found(data: st.DataObject) -> None:
    bureau = small_bureau()
    case = bureau.start()
    bureau.refused(case, "report", "clerk-1", {"found": "无", "count": 0})
    bureau.take(case, "report", "clerk-1", GOOD)
    with bureau.application.store.read() as transaction:
        events = transaction.events.of(case)
    number = data.draw(st.integers(0, len(events) - 1))
    edit = data.draw(st.sampled_from(["actor", "body", "drop", "swap"]))
    changed = list(events)
    if edit == "drop":
        if number == len(events) - 1:
            return
        del changed[number]
    elif edit == "swap":
        if number == 0:
            return
        changed[number - 1], changed[number] = changed[number], changed[number - 1]
    elif edit == "actor":
        changed[number] = replace(changed[number], actor="somebody")
    else:
        changed[number] = replace(changed[number], body={**changed[number].body, "title": "改"}, text="")
    assert list(breaks(changed))
