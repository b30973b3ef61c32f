"""Incidents: explained, tried again, closed with a reason; all of it in the journal, nothing else held up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from bureau_factories import Bureau

from engine.app.commands import Caller, incidents
from engine.app.commands.application import Application
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.daemons.audit_alarm import dismissed_findings, raise_alarm
from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.incidents.incident import Incident, incidents_in
from engine.app.ports.records import OutboxItem, Timer
from engine.app.ports.store import ConflictError
from engine.app.timers.fire_due import fire_due
from engine.cli.next_actions import next_text
from engine.kernel.refusal import Refusal
from engine.language import say

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: [clerk]}
states:
  open: {title: 待检查, for: clerk, deadline: 5 working days, remind: [2 working days before]}
  closed: {title: 已办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: closed}
"""
RETRY = Retry(minutes=(), lease=10)


class Dead:
    """A channel that takes nothing."""

    @property
    def batch(self) -> int:
        return 10

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        return [Outcome(item.id, say("线路不通")) for item in items]


class Alive(Dead):
    """A channel that takes everything."""

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        return [Outcome(item.id) for item in items]


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    return bureau_at(FLOW).without_arrivals("anna", "anton", "carl", "dora")


def listed(bureau: Bureau) -> dict[str, Incident]:
    with bureau.look() as transaction:
        return {one.id: one for one in incidents_in(transaction)}


def retry(bureau: Bureau, name: str, person: str = "dora") -> Refusal | None:
    return incidents.retry(bureau.application, Caller(person), name)


def dismiss(bureau: Bureau, name: str, reason: str) -> Refusal | None:
    return incidents.dismiss(bureau.application, Caller("dora"), name, reason)


def deliver_all(bureau: Bureau, channel: Dead) -> None:
    deliver(bureau.store, {"log": channel}, bureau.clock.now(), retry=RETRY)


def break_timer(bureau: Bureau, case: str) -> str:
    with bureau.store.write() as transaction:
        (timer,) = transaction.timers.of_case(case)
        transaction.timers.set_aside(timer, "KeyError: 'x'")
    return f"{case}/{timer.name}"


def last_entry(bureau: Bureau) -> tuple[str, str, dict[str, object]]:
    event = bureau.events("office")[-1]
    return event.kind, event.actor, dict(event.body)


def test_a_message_that_was_not_delivered_is_explained_tried_again_and_gone(bureau: Bureau) -> None:
    bureau.start("visit", section="north")
    bureau.until("2024-09-05 12:00")
    deliver_all(bureau, Dead())
    found = listed(bureau)
    assert len(found) == 2
    name, one = next(iter(found.items()))
    assert (one.kind, one.times, one.error) == ("message", 1, "线路不通")
    assert "没有经渠道“log”送达" in str(one.what)
    assert f"ssj incident retry {name}" in str(next_text(one.next))
    assert retry(bureau, name) is None
    kind, actor, body = last_entry(bureau)
    assert (kind, actor, body["about"], body["times"]) == ("incident_retried", "dora", name, 1)
    deliver_all(bureau, Dead())
    assert listed(bureau)[name].times == 2
    assert retry(bureau, name) is None
    deliver_all(bureau, Alive())
    assert name not in listed(bureau)
    assert len(listed(bureau)) == 1


def test_a_message_is_closed_only_with_a_reason(bureau: Bureau) -> None:
    bureau.start("visit", section="north")
    bureau.until("2024-09-05 12:00")
    deliver_all(bureau, Dead())
    name = next(iter(listed(bureau)))
    assert "理由" in str(dismiss(bureau, name, "  "))
    assert dismiss(bureau, name, "本人已调离") is None
    kind, actor, body = last_entry(bureau)
    assert (kind, actor, body["reason"]) == ("incident_dismissed", "dora", "本人已调离")
    assert name not in listed(bureau)
    deliver_all(bureau, Alive())
    assert {i.status for i in bureau.outbox() if i.id == name} == {"dismissed"}
    assert "没有异常" in str(retry(bureau, name))


def test_findings_of_the_audit_are_closed_by_two_and_only_those_that_were_agreed_to(bureau: Bureau) -> None:
    assert set_administrators(bureau.application, Caller("dora"), ["dora", "carl"]) == []

    def raised(*texts: str) -> None:
        assert raise_alarm(bureau.store, bureau.clock.now(), texts, lambda _: [], lasting=True)

    raised("改动：某行")
    assert "理由" in str(dismiss(bureau, "audit", " "))
    asked = dismiss(bureau, "audit", "已核实")
    assert isinstance(asked, Refusal)
    assert "已提请（proposal-2）" in str(asked)
    assert confirm(bureau.application, Caller("carl"), "proposal-2", "") == "dora"
    # Another finding since: what was agreed to is not this.
    raised("改动：某行", "改动：另一行")
    assert "已提请（proposal-3）" in str(dismiss(bureau, "audit", "已核实"))
    assert "audit" in listed(bureau)
    assert confirm(bureau.application, Caller("carl"), "proposal-3", "") == "dora"
    assert dismiss(bureau, "audit", "已核实") is None
    kind, _, body = last_entry(bureau)
    assert (kind, body["confirmed_by"]) == ("incident_dismissed", "carl")
    assert "audit" not in listed(bureau)
    with bureau.look() as transaction:
        assert dismissed_findings(transaction) == 2


def test_findings_one_person_closes_alone_are_marked_and_the_others_are_told(bureau: Bureau) -> None:
    raise_alarm(bureau.store, bureau.clock.now(), ["改动：某行"], lambda _: [])
    assert dismiss(bureau, "audit", "已核实") is None
    kind, _, body = last_entry(bureau)
    assert (kind, body["single_handed"]) == ("incident_dismissed", True)
    with bureau.look() as transaction:
        (message,) = (one for one in transaction.inbox.of("dora") if "单人办理" in one.text)
    assert "改动：某行" in message.text


def test_a_timer_set_aside_is_fired_again_and_others_were_not_held_up(bureau: Bureau) -> None:
    bad, good = (bureau.start("visit", section="north") for _ in range(2))
    name = break_timer(bureau, bad)
    bureau.until("2024-09-05 12:00")
    assert bureau.kinds(good)[-1] == "reminded"
    assert bureau.kinds(bad) == ["started"]
    assert listed(bureau)[name].error == "KeyError: 'x'"
    assert retry(bureau, name) is None
    bureau.sweep()
    assert bureau.kinds(bad)[-1] == "reminded"
    assert listed(bureau) == {}


def test_how_often_a_timer_has_failed_is_counted(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    for times in (1, 2, 3):
        name = break_timer(bureau, case)
        assert listed(bureau)[name].times == times
        assert retry(bureau, name) is None


def test_the_timer_of_a_running_deadline_cannot_be_closed(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    name = break_timer(bureau, case)
    assert "逾期不会入档" in str(dismiss(bureau, name, "不要了"))
    kind, actor, body = last_entry(bureau)
    assert (kind, actor, body["verb"]) == ("refused", "dora", "incident.change")
    assert body["about"] == name
    assert name in listed(bureau)


def test_a_timer_nobody_needs_can_be_closed(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    stray = Timer(case, "after:nowhere", bureau.clock.now() - timedelta(hours=1))
    with bureau.store.write() as transaction:
        transaction.timers.put([stray])
        transaction.timers.set_aside(stray, "broken")
    assert dismiss(bureau, f"{case}/after:nowhere", "步骤已取消") is None
    assert listed(bureau) == {}


@pytest.mark.parametrize(
    ("person", "words"), [("anna", "可由分管领导（dora）办理"), ("nobody", "没有“nobody”")]
)
def test_who_may_not(bureau: Bureau, person: str, words: str) -> None:
    case = bureau.start("visit", section="north")
    name = break_timer(bureau, case)
    assert words in str(retry(bureau, name, person))
    assert name in listed(bureau)
    assert last_entry(bureau)[0] == "refused"


class Stumbling:
    """A store that fails so many times when somebody begins to write."""

    def __init__(self, store: Any, failures: list[Exception]) -> None:
        self._store, self._failures = store, failures

    def write(self) -> Any:
        if self._failures:
            raise self._failures.pop()
        return self._store.write()

    def read(self) -> Any:
        return self._store.read()

    def hold(self, name: str) -> Any:
        return self._store.hold(name)

    def close(self) -> None:
        """Nothing: the store is somebody else's."""


SOUND = """
    workflow: errand
    title: 差事
    about: none
    initial: open
    start: {by: clerk}
    states:
      open: {title: 待办, for: clerk, deadline: 2 days, remind: [on the day]}
      done: {title: 完, final: true}
    transitions:
      - {do: close, title: 办结, from: open, to: done}
"""


@pytest.mark.parametrize(
    "failures", [[OSError("disk")] * 2, [ConflictError("errand-1")] * 2, [OSError("disk")]]
)
def test_a_store_that_stumbles_sets_no_sound_timer_aside(
    bureau_at: Callable[..., Bureau], failures: list[Exception]
) -> None:
    bureau = bureau_at(SOUND)
    for _ in range(3):
        bureau.start("errand")
    bureau.at("2024-09-06")
    time = bureau.application.definitions
    stumbling = Application(Stumbling(bureau.store, list(failures)), bureau.clock, time, channels=("log",))
    with suppress(OSError):
        # What is wrong with the disk leaves the sweep; the next one comes to what is still due.
        fire_due(stumbling)
    bureau.sweep()
    assert bureau.incidents() == []
    assert [bureau.kinds(case.id).count("overdue") for case in bureau.cases("errand")] == [1, 1, 1]


def test_all_that_one_sees_are_tried_again_at_once(bureau: Bureau) -> None:
    for section in ("north", "south"):
        person = {"north": "anna", "south": "bela"}[section]
        bureau.start("visit", person, subject={"id": section})
    with bureau.store.write() as transaction:
        for case in ("visit-1", "visit-2"):
            (timer,) = transaction.timers.of_case(case)
            transaction.timers.set_aside(timer, "算不出来")
    assert len(bureau.incidents()) == 2
    outcome = incidents.retry_all(bureau.application, Caller("carl"))
    if isinstance(outcome, Refusal):
        outcome = incidents.retry_all(bureau.application, Caller("dora"))
    assert outcome == len([one for one in bureau.events("office") if one.kind == "incident_retried"])
    assert len(bureau.incidents()) == 2 - outcome
