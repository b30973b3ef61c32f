"""What a history says a form held, version by version, and what a row has instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from paper_fixtures import NOON, case_of
from visit_bureau import unit, visit_bureau

from engine.app.papers.form_versions import (
    altered_sentences,
    digest,
    form_histories,
    forms_given,
    line,
    person_of,
)
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.lifecycle.command import ENGINE, FIRM, SYSTEM
from engine.lifecycle.model.form import Form

CASE = replace(case_of(), forms={"visit": {"a": 1, "rows": {"r": {"answer": "pass"}}}})
FORM = Form(id="visit", title="检查", fields=())


def history_of(*entries: tuple[str, dict[str, Any]]) -> list[Event]:
    events = [follow(CASE.id, 1, NOON, "p", "started", {"version": 4}, GENESIS)]
    for kind, body in entries:
        events.append(follow(CASE.id, len(events) + 1, NOON, "p", kind, body, events[-1].hash))
    return events


GIVEN = ("advanced", {"form": "visit", "answers": CASE.forms["visit"]})


def test_each_entry_makes_a_version_bound_to_form_and_workflow() -> None:
    moved = ("migrated", {"version": 5, "forms": {"visit": {"b": 1}, "old": None}})
    found = form_histories(history_of(GIVEN, moved), replace(CASE, forms={"visit": {"b": 1}}))
    first, second = found["visit"].versions
    assert (first.definition, first.changed, second.definition, second.changed) == (4, False, 5, True)
    assert digest(first.content) != digest(second.content)
    assert first.in_clear(None) == line(CASE.forms["visit"])
    assert found["visit"].altered == ()
    assert found["old"].altered == ()


def test_what_differs_is_named_by_the_way_that_leads_there() -> None:
    events = history_of(GIVEN)
    forged = replace(CASE, forms={"visit": {"rows": {"r": {"answer": "fail"}}, "b": 2}, "more": {}})
    found = form_histories(events, forged)
    assert found["visit"].altered == ("a", "b", "rows.r.answer")
    assert found["more"].altered == ("",)
    said = altered_sentences(found, {"visit": FORM})
    assert str(said["visit"]) == "《检查》的a、b、rows.r.answer与历史不符：在办理以外被改动"
    assert str(said["more"]) == "《more》与历史不符：整张表单在办理以外被增删"
    many = replace(CASE, forms={"visit": {f"x{number}": 1 for number in range(9)}})
    (sentence,) = altered_sentences(form_histories(events, many), {"visit": FORM}).values()
    assert "等 11 项" in str(sentence)
    assert altered_sentences(form_histories(events, CASE), {"visit": FORM}) == {}


def test_each_form_is_of_whoever_gave_it_last() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        case = uow.record(case, "advanced", "anna", {"form": "proposal"})
        case = uow.record(case, "advanced", "carl", {"form": "approval", "for": "dora"})
        uow.record(case, "noted", "carl", {"form": None})
    bureau.later(days=1)
    with unit(bureau) as uow:
        case = uow.transaction.cases.get(case.id) or case
        case = uow.record(case, "advanced", ENGINE, {"form": "proposal"})
        zone = uow.process(case).time.zone
        events = [*uow.transaction.events.of(case.id), *uow.entered(case.id)]
        first, second = forms_given(events, zone)
        day = bureau.clock.now().astimezone(zone).date()
    assert (first.form, first.by, first.principal) == ("approval", "carl", "dora")
    assert second.principal == ""
    assert (second.form, second.by, second.on) == ("proposal", "", day)
    assert second.number > first.number
    assert second.on > first.on


def test_only_people_are_named() -> None:
    assert [person_of(actor) for actor in ("anna", ENGINE, SYSTEM, FIRM)] == ["anna", "", "", ""]
