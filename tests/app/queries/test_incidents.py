"""Incidents as they are read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bureau_of_sections import Opened, open_sections

from engine.app.ports.records import Timer
from engine.app.queries.incidents import Incident, list_incidents, show_incident
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
    assert isinstance(found, list)
    assert [one.id for one in found] == [f"{opened.case}/old", f"{opened.case}/new"]
    assert list_incidents(opened.services, "lena", 1) == found[:1]
    assert isinstance(list_incidents(opened.services, "nobody"), Refusal)


def test_one_is_shown_with_what_comes_next(opened: Opened) -> None:
    found = show_incident(opened.services, "lena", f"{opened.case}/old")
    assert isinstance(found, Incident)
    assert (found.error, found.times, found.next.name) == ("broken", 1, "settle_timer")
    absent = show_incident(opened.services, "lena", "nothing")
    assert isinstance(absent, Refusal)
    assert absent.reasons[0].next is not None
    assert (absent.reasons[0].code, absent.reasons[0].next.name) == ("incident", "list_incidents")
