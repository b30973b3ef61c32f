from __future__ import annotations

from datetime import UTC, date, datetime

from bureau_factories import ZONE, done, shanghai
from visit_bureau import visit_bureau

from engine.app.worklist.cuts import _called, due_within, mine, waiting_for_others, week_of, week_sheet
from engine.app.worklist.work_items import work_items


def test_weeks_are_local() -> None:
    monday = (date(2024, 9, 2), date(2024, 9, 8))
    assert week_of(datetime(2024, 9, 1, 16, tzinfo=UTC), ZONE) == monday
    assert week_of(datetime(2024, 9, 8, 15, 59, tzinfo=UTC), ZONE) == monday
    assert week_of(datetime(2024, 9, 8, 16, tzinfo=UTC), ZONE)[0] == date(2024, 9, 9)


def test_cuts_of_the_list() -> None:
    bureau = visit_bureau()
    plan, visit = bureau.start("plan"), bureau.start("visit")
    sent = bureau.start("visit")
    done(bureau.application.claim(visit, "anton"))
    bureau.take(sent, "send", "anna")
    with bureau.look() as transaction:
        every = work_items(transaction, bureau.clock.now())
        assert [item.task.case for item in mine(every, "anton")] == [visit]
        assert mine(every, "anna") == []
        within = due_within(every, date(2024, 9, 9), date(2024, 9, 9))
        assert [item.task.case for item in within] == [plan]
        assert due_within(every, date(2024, 9, 2), date(2024, 9, 8)) == []
        others = waiting_for_others(transaction, "anna", bureau.clock.now())
        assert others is not None
        assert [item.task.case for item in others] == [visit, sent]
        assert waiting_for_others(transaction, "anna", bureau.clock.now(), limit=1) == others[:1]
        assert waiting_for_others(transaction, "bela", bureau.clock.now()) == []
        assert waiting_for_others(transaction, "nobody", bureau.clock.now()) is None


def test_the_sheet_of_a_week() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan")
    with bureau.look() as transaction:
        assert week_sheet(transaction, "north", bureau.clock.now(), ZONE).days == ()
        week = week_sheet(transaction, "north", shanghai("2024-09-09 09:00"), ZONE, "北片股")
        assert (week.title, week.late) == ("北片股", ())
        ((day, (line,)),) = week.days
        assert (day, line.item.task.case) == (date(2024, 9, 9), plan)
        late = week_sheet(transaction, "north", shanghai("2024-09-11"), ZONE)
        assert [one.item.task.case for one in late.late] == [plan]
        assert week_sheet(transaction, "south", shanghai("2024-09-11"), ZONE).late == ()


def test_people_have_their_names_on_the_sheet_and_roles_their_id() -> None:
    bureau = visit_bureau()
    visit = bureau.start("plan")
    with bureau.look() as transaction:
        ((_, (line,)),) = week_sheet(transaction, "north", shanghai("2024-09-09 09:00"), ZONE).days
        names: dict[str, str] = {}
        entry = transaction.registers.get("people", "anna")
        assert entry is not None
        assert _called(transaction, "p:anna", names) == entry.name
        assert _called(transaction, "r:clerk@north", names) == "clerk"
        assert _called(transaction, "p:gone", names) == "gone"
        assert names["p:anna"] == entry.name
    assert line.item.task.case == visit
    assert all(line.who)
