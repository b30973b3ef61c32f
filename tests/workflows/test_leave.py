"""请假: superiors, a call of another system, signing in order, skipping, entrusting and copies, on the virtual clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from bureau_factories import PEOPLE, Bureau, done, refused
from reference_factories import reference

from engine.app.commands import Caller
from engine.app.commands.inbox import acknowledge
from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.ports.records import OutboxItem, RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.cli.cases.case_text import case_text
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM

LED_BY = {"anna": "carl", "anton": "carl", "carl": "dora", "dora": "hugo", "cora": "dora"}
RETRY = Retry(minutes=(1, 5), lease=15)


@dataclass
class Attendance:
    """The attendance system: answers every call, and keeps what it was asked."""

    left: Any = 10
    batch: int = 10
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Answer every call."""
        self.asked += [(item.id, item.payload["data"]) for item in items]
        return [Outcome(item.id, answer={"left": self.left}) for item in items]


@pytest.fixture
def bureau() -> Bureau:
    """Return a bureau in which it is known who leads whom."""
    bureau = Bureau(*reference("bureau", "leave_request", "leave_balance", "leave"))
    bureau.application.channels = ("log", "inbox")
    led(bureau, LED_BY)
    return bureau


def led(bureau: Bureau, by: Mapping[str, str], *, left: Sequence[str] = ()) -> None:
    """Write into the register who leads whom, and who has left."""
    people = {**PEOPLE, "hugo": (None, ("head",))}
    entries = [
        RegisterEntry(
            "people",
            person,
            person.title(),
            section,
            {
                "roles": list(roles),
                "superior": by.get(person),
                "status": "left" if person in left else "active",
            },
        )
        for person, (section, roles) in people.items()
    ]
    import_entries(bureau.application, "people", entries, SYSTEM, source="test")


def ask(bureau: Bureau, days: int, person: str = "anna", attendance: Attendance | None = None) -> str:
    """Ask for leave; the attendance system has answered."""
    case = bureau.start(
        "leave", person, {"first": "2024-09-09", "days": days, "why": "探亲"}, section=PEOPLE[person][0]
    )
    bureau.take(case, "submit", person)
    answer(bureau, attendance or Attendance())
    return case


def answer(bureau: Bureau, attendance: Attendance) -> None:
    """Let the attendance system answer, and the daemon come to the answer."""
    deliver(bureau.store, {"attendance": attendance}, bureau.clock.now(), retry=RETRY)
    bureau.sweep()


def with_task(bureau: Bureau, case: str) -> list[str]:
    """Return who has the case in their list."""
    return [person for person in (*PEOPLE, "hugo") if case in bureau.work_items(person)]


def test_the_superior_has_the_task_and_the_answer_came_as_a_step(bureau: Bureau) -> None:
    attendance = Attendance()
    case = ask(bureau, 2, attendance=attendance)
    ((item, data),) = attendance.asked
    assert (data, item.startswith(f"{case}:")) == ({"person": "anna", "days": 2}, True)
    assert (bureau.state(case), with_task(bureau, case)) == ("approving", ["carl"])
    assert bureau.case(case).forms["leave_balance"] == {"left": 10}
    event = next(one for one in bureau.events(case) if one.body.get("step") == "balance_known")
    assert (event.actor, event.body["called"], event.body["call"]) == ("engine", "attendance", item)
    bureau.take(case, "approve", "carl")
    bureau.take(case, "record", "dora")
    assert bureau.state(case) == "granted"
    assert bureau.findings() == []


def test_an_answer_may_decide(bureau: Bureau) -> None:
    case = ask(bureau, 5, attendance=Attendance(left=4))
    assert bureau.state(case) == "declined"


def test_an_answer_that_does_not_fit_is_an_incident_and_one_that_comes_late_is_kept(bureau: Bureau) -> None:
    case = ask(bureau, 2, attendance=Attendance(left="many"))
    assert bureau.state(case) == "checking"
    ((timer, problem),) = bureau.incidents()
    assert timer.case == case
    assert "剩余天数" in problem


def test_a_system_that_is_not_set_up_is_not_called(bureau: Bureau) -> None:
    bureau.application.systems = ()
    case = bureau.start("leave", "anna", {"first": "2024-09-09", "days": 2, "why": "探亲"}, section="north")
    assert bureau.no(case, "submit") == ["要调用的系统“attendance”还没有设置"]
    bureau.application.systems = ("attendance",)
    bureau.take(case, "submit")


def test_a_long_leave_goes_up_to_the_second_superior_who_need_not_record_it(bureau: Bureau) -> None:
    case = ask(bureau, 8)
    assert bureau.case(case).parties["superiors of applicant up to 2"] == ("carl", "dora")
    assert with_task(bureau, case) == ["carl"]
    assert bureau.no(case, "approve_long", "dora") == ["“逐级批准”依次签署，现在由carl签"]
    bureau.take(case, "approve_long", "carl")
    assert with_task(bureau, case) == ["dora"]
    bureau.take(case, "approve_long", "dora")
    # Who records it has just approved it: skipped, and said so.
    assert bureau.state(case) == "granted"
    skipped = next(one for one in bureau.events(case) if one.body.get("step") == "record")
    assert (skipped.actor, skipped.body["for"], skipped.body["same_approver"]) == ("engine", "dora", True)
    assert bureau.findings() == []


def test_the_chain_ends_where_nobody_leads(bureau: Bureau) -> None:
    case = ask(bureau, 8, "dora")
    assert bureau.case(case).parties["superiors of applicant up to 2"] == ("hugo",)
    bureau.take(case, "approve_long", "hugo")
    assert bureau.state(case) == "recording"


def test_who_has_left_is_passed_over_and_a_circle_ends(bureau: Bureau) -> None:
    led(bureau, LED_BY, left=["carl"])
    assert with_task(bureau, ask(bureau, 2)) == ["dora"]
    led(bureau, {"anna": "carl", "carl": "anna"})
    assert bureau.case(ask(bureau, 8)).parties["superiors of applicant up to 2"] == ("carl",)
    led(bureau, {})
    case = ask(bureau, 2)
    assert (bureau.state(case), with_task(bureau, case)) == ("approving", [])
    assert any("待办没有人承担" in str(item.payload["text"]) for item in bureau.outbox(arrivals=True))


def test_entrusted_work_comes_back_to_the_superior(bureau: Bureau) -> None:
    case = ask(bureau, 2)
    done(bureau.application.entrust(case, "carl", "anton", reason="请核对排班"))
    assert with_task(bureau, case) == ["anton"]
    assert any("请办后交回“carl”" in text for text in bureau.mail("anton"))
    assert bureau.no(case, "approve", "carl") == ["该待办已委派给“anton”，待其交回后由“carl”决定"]
    done(bureau.application.hand_back(case, "anton", reason="排班无冲突"))
    assert with_task(bureau, case) == ["carl"]
    view = bureau.explain(case, "carl")
    assert view is not None
    assert "  “anton”交回：排班无冲突" in case_text(view).split("\n")
    assert view.as_json()["entrusted"]["answer"] == "排班无冲突"
    bureau.take(case, "approve", "carl")
    assert bureau.findings() == []


def test_copies_are_read_in_the_case_and_in_the_inbox(bureau: Bureau) -> None:
    case = ask(bureau, 2)
    done(bureau.application.circulate(case, "carl", "dora", reason="请知悉"))
    assert refused(bureau.application.circulate(case, "carl", "anton")) == [
        "只能传阅给北片股的股室负责人、分管领导、局长，“anton”不是"
    ]
    bureau.take(case, "approve", "carl")
    bureau.take(case, "record", "dora")
    copies = bureau.case(case).copies
    assert set(copies) == {"dora", "anna", "hugo"}
    with bureau.look() as transaction:
        (entry,) = [
            one for one in transaction.inbox.of("dora", unacked=True, limit=10) if one.about == "circulated"
        ]
    assert entry.text == f"传阅：“示例件”（{case}），“carl”请您阅知并回执：请知悉"
    # The receipt is given in the inbox, and by the verb; each is seen in both places.
    outcome = acknowledge(bureau.application, Caller("dora"), "dora", [entry.id])
    assert not isinstance(outcome, Refusal)
    done(bureau.application.read_copy(case, "hugo", reason="同意"))
    assert refused(bureau.application.read_copy(case, "hugo")) == ["“hugo”已回执：已阅"]
    with bureau.look() as transaction:
        unread = transaction.inbox.of("hugo", unacked=True, limit=10)
    assert [one for one in unread if one.about == "circulated"] == []
    view = bureau.explain(case, "carl")
    assert view is not None
    lines = case_text(view).split("\n")
    assert "传阅：dora（carl 2024-09-02），2024-09-02 10:00 已阅" in lines
    assert "传阅：anna（dora 2024-09-02），未回执" in lines
    assert any("“hugo”已阅“示例件”：同意" in text for text in bureau.mail("dora"))
    assert bureau.findings() == []
