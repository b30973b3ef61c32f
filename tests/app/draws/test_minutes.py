"""Minutes: made of the record alone, and the same minutes filed once."""

from __future__ import annotations

from draws_fixtures import BATCH, CODES, ZONE, Desk

from engine.app.draws.minutes import Minutes, facts, file_minutes, text_of


def filed(desk: Desk) -> Minutes:
    with desk.unit() as uow:
        found = file_minutes(uow, desk.case(), desk.row(), "drawer")
        uow.flush()
    return found


def test_the_facts_are_those_of_the_record(desk: Desk) -> None:
    record = desk.drawn().record()
    found = facts(record, ZONE, "drawer")
    assert record.selection is not None
    assert (found["typed_by"], found["witness"], found["committed_by"]) == ("drawer", "witness", "drawer")
    assert found["first"]["ticket"] == record.selection.drawn[0].ticket
    assert found["total"] == len(record.visits)
    text = text_of(found)
    assert text == text_of(facts(record, ZONE, "drawer"))
    assert found["log_head"] in text


def test_under_embargo_they_have_no_ticket(kept: Desk) -> None:
    record = kept.drawn_under_embargo().record()
    found = facts(record, ZONE)
    assert (found["embargoed"], found["first"]) == (True, None)
    assert not any(visit.ticket in text_of(found) for visit in record.visits)
    assert not any(code in text_of(found) for code in CODES)


def test_the_same_minutes_are_filed_once_and_other_minutes_again(desk: Desk) -> None:
    desk.drawn()
    first = filed(desk)
    assert [name for _, name in first.documents] == ["01-draw_minutes.html", "02-draw_minutes.txt"]
    assert Minutes.from_json(first.as_json()) == first
    events = desk.events()
    assert (events[-1].kind, events[-1].actor, len(events[-1].body["documents"])) == ("recorded", "drawer", 2)
    assert filed(desk) == first
    assert desk.events() == events
    # A refused attempt is a line of the log, so the minutes are others.
    desk.step("commit_draw", "drawer")
    assert [name for _, name in filed(desk).documents] == ["03-draw_minutes.html", "04-draw_minutes.txt"]
    with desk.look() as transaction:
        assert len(transaction.records.documents(BATCH)) == 4
