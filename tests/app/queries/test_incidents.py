"""Incidents as they are read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bureau_of_sections import Opened, open_sections

from engine.app.ports.records import OutboxItem, Timer
from engine.app.queries.incidents import Incident, Incidents, list_incidents, show_incident
from engine.kernel.refusal import Refusal


@pytest.fixture
def opened() -> Opened:
    found = open_sections()
    now = found.services.clock.now()
    with found.services.store.write() as transaction:
        for hours, name in ((1, "new"), (3, "old")):
            timer = Timer(found.case, name, now - timedelta(hours=hours))
            transaction.timers.put([timer])
            transaction.timers.set_aside(timer, "broken")
    return found


def test_the_oldest_comes_first(opened: Opened) -> None:
    found = list_incidents(opened.services, "lena")
    assert isinstance(found, Incidents)
    assert [one.id for one in found.rows] == [f"{opened.case}/old", f"{opened.case}/new"]
    assert found.hidden == 0
    assert list_incidents(opened.services, "lena", 1) == Incidents(found.rows[:1], 0)
    assert isinstance(list_incidents(opened.services, "nobody"), Refusal)


def test_one_is_shown_with_what_comes_next(opened: Opened) -> None:
    found = show_incident(opened.services, "lena", f"{opened.case}/old")
    assert isinstance(found, Incident)
    assert (found.error, found.times, found.next.name) == ("broken", 1, "settle_timer")
    absent = show_incident(opened.services, "lena", "nothing")
    assert isinstance(absent, Refusal)
    assert absent.reasons[0].next is not None
    assert (absent.reasons[0].code, absent.reasons[0].next.name) == ("incident", "list_incidents")


def test_a_section_sees_the_incidents_of_its_own_cases_and_how_many_others_there_are(opened: Opened) -> None:
    own = list_incidents(opened.services, "anna", 1)
    assert isinstance(own, Incidents)
    assert ([one.id for one in own.rows], own.hidden) == ([f"{opened.case}/old"], 0)
    assert list_incidents(opened.services, "bela") == Incidents([], 2)
    hidden = show_incident(opened.services, "bela", f"{opened.case}/old")
    absent = show_incident(opened.services, "bela", f"{opened.case}/odd")
    assert str(hidden) == f"没有异常“{opened.case}/old”；也可能已有人处理，或属于其他股室"
    assert str(absent) == str(hidden).replace("/old", "/odd")


def test_the_deployments_own_incidents_are_seen_by_all(opened: Opened) -> None:
    now = opened.services.clock.now()
    with opened.services.store.write() as transaction:
        item = OutboxItem(
            id="m-1", kind="message", channel="log", recipient="anna", case=None, payload={}, created_at=now
        )
        transaction.outbox.put([item])
        transaction.outbox.failed("m-1", "broken", None)
    found = list_incidents(opened.services, "bela")
    assert isinstance(found, Incidents)
    assert ([one.id for one in found.rows], found.hidden) == (["m-1"], 2)
    assert isinstance(show_incident(opened.services, "bela", "m-1"), Incident)
