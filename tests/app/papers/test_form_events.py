"""Who gave a form last, and when; what is being done now is among it, and what the engine does is nobody's."""

from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.papers.form_events import forms_given, person_of
from engine.lifecycle.command import ENGINE, FIRM, SYSTEM


def test_each_form_is_of_whoever_gave_it_last() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        case = uow.record(case, "advanced", "anna", {"form": "proposal"})
        case = uow.record(case, "advanced", "carl", {"form": "approval"})
        uow.record(case, "noted", "carl", {"form": None})
    bureau.later(days=1)
    with unit(bureau) as uow:
        case = uow.transaction.cases.get(case.id) or case
        case = uow.record(case, "advanced", ENGINE, {"form": "proposal"})
        first, second = forms_given(uow, case)
        day = bureau.clock.now().astimezone(uow.process(case).time.zone).date()
    assert (first.form, first.by) == ("approval", "carl")
    assert (second.form, second.by, second.on) == ("proposal", "", day)
    assert second.number > first.number
    assert second.on > first.on


def test_only_people_are_named() -> None:
    assert [person_of(actor) for actor in ("anna", ENGINE, SYSTEM, FIRM)] == ["anna", "", "", ""]
