"""Who leads whom, as the registers say it; who has left is passed over, a circle ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from bureau_factories import PEOPLE, Bureau
from visit_bureau import unit

from engine.app.people.superiors import parties_of_superiors, superiors_of
from engine.app.ports.records import RegisterEntry

LEAVE = """
workflow: leave
title: 请假
about: none
initial: open
start: {by: [clerk, chief]}
parties: {applicant: 请假人}
states:
  open: {title: 待批准, for: superior of applicant}
  long: {title: 待逐级批准, for: superiors of applicant up to 2}
  done: {title: 办结, final: true}
transitions:
  - {do: pass_on, title: 转, from: open, to: long}
  - {do: approve, title: 批准, from: long, to: done}
"""
LED_BY = {"anna": "carl", "carl": "dora", "dora": "cora"}


def bureau_of(led_by: Mapping[str, str], left: Sequence[str] = ()) -> Bureau:
    bureau = Bureau(LEAVE)
    entries = [
        RegisterEntry(
            "people",
            person,
            person.title(),
            section,
            {
                "roles": list(roles),
                "superior": led_by.get(person),
                "status": "left" if person in left else "active",
            },
        )
        for person, (section, roles) in PEOPLE.items()
    ]
    with bureau.store.write() as transaction:
        transaction.registers.put(entries, bureau.clock.now())
    return bureau


@pytest.mark.parametrize(
    ("led_by", "left", "most", "found"),
    [
        (LED_BY, (), 3, ("carl", "dora", "cora")),
        (LED_BY, (), 2, ("carl", "dora")),
        (LED_BY, ("carl",), 2, ("dora", "cora")),
        ({"anna": "carl", "carl": "anna"}, (), 3, ("carl",)),
        ({"anna": "anna"}, (), 3, ()),
        ({}, (), 3, ()),
    ],
)
def test_superiors_are_those_of_the_registers_the_nearest_first(
    led_by: Mapping[str, str], left: Sequence[str], most: int, found: tuple[str, ...]
) -> None:
    with unit(bureau_of(led_by, left)) as uow:
        assert superiors_of(uow.people, "anna", most) == found


def test_parties_that_are_superiors_follow_whom_they_lead() -> None:
    bureau = bureau_of(LED_BY)
    with unit(bureau) as uow:
        process = uow.services.definitions.latest(uow.transaction, "leave")
        assert process is not None
        first = parties_of_superiors(uow.people, process, {"applicant": ("anna",)})
        assert first == {
            "superior of applicant": ("carl",),
            "superiors of applicant up to 2": ("carl", "dora"),
        }
        assert parties_of_superiors(uow.people, process, {"applicant": ("anna",), **first}) == {}
        other = parties_of_superiors(uow.people, process, {"applicant": ("carl",), **first})
        assert other["superior of applicant"] == ("dora",)
        gone = parties_of_superiors(uow.people, process, first)
        assert set(gone.values()) == {()}
