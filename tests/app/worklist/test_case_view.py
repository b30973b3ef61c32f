"""A case as somebody meets it: steps with their obstacles and forms, deadlines, signatures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bureau_factories import Bureau, done
from visit_bureau import visit_bureau
from worklist_factories import paper_bureau, signed_once

from engine.app.worklist.case_view import DeadlineView, StepView, TaskView, explain_task


def view(bureau: Bureau, case: str, person: str | None = None) -> TaskView:
    with bureau.look() as transaction:
        found = explain_task(bureau.application, transaction, bureau.clock.now(), case, person)
    assert found is not None
    return found


def steps(found: TaskView) -> dict[str, StepView]:
    return {step.id: step for step in found.steps}


def deadline(found: TaskView) -> DeadlineView:
    (one,) = found.deadlines
    return one


def test_an_unknown_case_has_no_view() -> None:
    bureau = visit_bureau()
    with bureau.look() as transaction:
        assert explain_task(bureau.application, transaction, bureau.clock.now(), "visit-9", "anna") is None


def test_the_steps_that_leave_the_state_and_what_they_ask_for() -> None:
    bureau, case = paper_bureau()
    found = steps(view(bureau, case))
    assert list(found) == ["propose", "drop"]
    propose = found["propose"]
    assert (propose.title, propose.who, propose.reason, propose.help) == (
        "送签",
        ("经办人",),
        True,
        "先填表。",
    )
    assert propose.form is not None
    assert propose.form.id == "proposal"
    assert (found["drop"].form, found["drop"].reason, found["drop"].item_forms) == (None, False, ())
    assert (propose.signed, propose.waiting, propose.obstacles) == (None, (), ())


def test_obstacles_are_those_of_the_person_who_asks() -> None:
    bureau, case = paper_bureau()
    found = steps(view(bureau, case, "anna"))
    # A form nobody has filled in yet is no obstacle; a condition that does not hold is.
    assert (found["propose"].obstacles, found["drop"].obstacles) == ((), ())
    (unmet,) = steps(view(bureau, case, "anton"))["drop"].obstacles
    assert (str(unmet.message), unmet.basis) == ("放弃的人须另有其人", "示例办法 第三条")
    (other,) = steps(view(bureau, case, "dora"))["drop"].obstacles
    assert other.code == "not-allowed"
    (nobody,) = steps(view(bureau, case, "nobody"))["drop"].obstacles
    assert nobody.code == "not-allowed"


def test_a_suspended_and_a_closed_case_have_no_steps() -> None:
    bureau, case = paper_bureau()
    done(bureau.application.suspend(case, "carl", reason="等补正"))
    held = view(bureau, case, "anna")
    assert (held.steps, held.as_json()["suspended"], deadline(held).paused) == ((), True, True)
    done(bureau.application.resume(case, "carl"))
    assert not deadline(view(bureau, case)).paused
    done(bureau.application.advance(case, "drop", "anna"))
    closed = view(bureau, case, "anna")
    assert (closed.steps, closed.deadlines) == ((), ())
    assert (closed.as_json()["closed"], closed.as_json()["verbs"]) == (True, [])


def test_a_deadline_of_days_ends_on_its_day_and_one_of_hours_at_its_hour() -> None:
    bureau, case = paper_bureau()
    days = deadline(view(bureau, case))
    assert (days.title, days.due, str(days.due_on)) == ("草拟", "2024-09-09", "2024-09-09")
    assert (days.late, days.paused, days.provisional) == (False, False, False)
    signed_once(bureau, case)
    hours = deadline(view(bureau, case))
    assert (hours.title, hours.due) == ("会签", "2024-09-04 10:00")
    bureau.later(days=3)
    assert deadline(view(bureau, case)).late
    assert deadline(view(bureau, case)).as_json() == {
        "title": "会签",
        "due_on": "2024-09-04",
        "due_at": "2024-09-04T02:00:00.000000Z",
        "provisional": False,
        "late": True,
        "paused": False,
        "basis": None,
    }


def test_who_has_signed_and_who_may() -> None:
    bureau, case = paper_bureau()
    signed_once(bureau, case)
    sign = steps(view(bureau, case, "bela"))["sign"]
    assert sign.signed is not None
    assert ([one.person for one in sign.signed], sign.waiting) == (["carl"], ("bela",))
    assert sign.as_json()["waiting"] == ["bela"]
    assert [one["person"] for one in sign.as_json()["signed"]] == ["carl"]
    assert "signed" not in steps(view(bureau, bureau.start("visit")))["send"].as_json()


def test_what_was_urged_and_received() -> None:
    bureau, case = paper_bureau()
    done(bureau.application.urge(case, "carl"))
    done(bureau.application.urge(case, "dora"))
    found = view(bureau, case)
    assert (found.urged, found.received_by) == (2, ())
    done(bureau.application.acknowledge(case, "anna"))
    found = view(bureau, case)
    assert (found.urged, found.received_by) == (2, ("anna",))
    assert (found.as_json()["urged"], found.as_json()["received_by"]) == (2, ["anna"])


def test_whoever_acts_for_somebody_meets_their_obstacles() -> None:
    bureau, case = paper_bureau()
    with bureau.look() as transaction:
        before = explain_task(bureau.application, transaction, bureau.clock.now(), case, "bela")
    assert before is not None
    assert [bool(step.obstacles) for step in before.steps] == [True, True]


def test_plain_values() -> None:
    bureau, case = paper_bureau()
    done(bureau.application.void(case, "anna", reason="误立"))
    body: dict[str, Any] = view(bureau, case, "anna").as_json()
    assert {
        name: body[name] for name in ("case", "title", "workflow", "version", "state", "state_title")
    } == {
        "case": case,
        "title": "示例件",
        "workflow": "paper",
        "version": 1,
        "state": "drafting",
        "state_title": "草拟",
    }
    assert (body["section"], body["assignee"], body["parties"]) == ("north", None, {"team": ["carl", "bela"]})
    assert body["asked"]["void"]["by"] == "anna"
    assert body["verbs"] == []
    assert view(bureau, case).as_json()["verbs"] == ["urge", "suspend"]
    step = body["steps"][0]
    assert {name: step[name] for name in ("id", "title", "by", "form", "rows", "reason", "item_forms")} == {
        "id": "propose",
        "title": "送签",
        "by": ["经办人"],
        "form": "proposal",
        "rows": ["r1", "r2"],
        "reason": True,
        "item_forms": {},
    }
    # What is computed nobody fills in.
    assert [asked["name"] for asked in step["fields"]] == ["why", "kind", "parts"]
    assert step["fields"][0] == {"name": "why", "title": "缘由", "type": "text", "required": True}
    assert step["fields"][1]["choices"] == {"a": "甲类", "b": "乙类"}
    assert [column["name"] for column in step["fields"][2]["columns"]] == ["title"]
    form = view(bureau, case).steps[0].form
    assert form is not None
    with_items = replace(view(bureau, case).steps[0], item_forms=(form,)).as_json()
    assert with_items["item_forms"] == {"proposal": ["r1", "r2"]}
    assert view(bureau, case).steps[1].as_json()["fields"] == []
