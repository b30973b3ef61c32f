"""Anchors and minutes as commands: who may, what is entered where, and that nothing is filed twice."""

from __future__ import annotations

import pytest
from draws_fixtures import BATCH, CHIEF, Desk

from engine.app.commands import Caller
from engine.app.commands.draws import (
    Anchor,
    AuditorKit,
    Minutes,
    file_minutes,
    import_anchor,
    take_auditor_kit,
)
from engine.app.draws.anchors import anchor_text
from engine.app.history.requests import CommandResult
from engine.app.ports.records import Document
from engine.kernel.refusal import NextAction, Refusal


def imported(desk: Desk, who: Caller, data: bytes | None = None) -> Anchor | Refusal:
    with desk.application() as application:
        proof = anchor_text(desk.record()).encode() if data is None else data
        return import_anchor(application, who, BATCH, proof, name="letter.txt", by="公证处")


def minutes(desk: Desk, who: Caller, batch: str = BATCH) -> Minutes | Refusal:
    with desk.application() as application:
        return file_minutes(application, who, batch)


def documents(desk: Desk) -> list[Document]:
    with desk.look() as transaction:
        return transaction.records.documents(BATCH)


def refused(outcome: object) -> Refusal:
    assert isinstance(outcome, Refusal)
    return outcome


def test_who_holds_no_office_of_the_draw_imports_no_anchor_and_the_try_is_kept(desk: Desk) -> None:
    desk.committed()
    answer = refused(imported(desk, Caller("insp-01")))
    assert answer.reasons[0].code == "not-allowed"
    assert "抽取操作员（drawer）" in str(answer)
    assert documents(desk) == []
    last = desk.events("office")[-1]
    assert (last.kind, last.actor, last.body["verb"]) == ("refused", "insp-01", "draw.anchor")


def test_an_anchor_is_entered_in_the_history_of_the_case(desk: Desk) -> None:
    desk.committed()
    found = imported(desk, Caller("drawer"))
    assert isinstance(found, Anchor)
    last = desk.events()[-1]
    assert (last.kind, last.actor) == ("recorded", "drawer")
    assert last.body["anchor"] == found.as_json()


def test_an_anchor_request_sent_twice_acts_once(desk: Desk) -> None:
    desk.committed()
    data = anchor_text(desk.record()).encode()
    first = imported(desk, Caller("drawer", "a-1"), data)
    assert isinstance(first, Anchor)
    assert imported(desk, Caller("drawer", "a-1"), data) == first
    assert len(documents(desk)) == 1
    assert refused(imported(desk, Caller("drawer", "a-2"), data)).reasons[0].code == "anchor"
    assert refused(imported(desk, Caller("drawer", "a-1"), data + b"\n")).reasons[0].code == "request"


def test_a_dry_run_of_an_import_keeps_nothing(desk: Desk) -> None:
    desk.committed()
    before = desk.events()
    assert isinstance(imported(desk, Caller("drawer", dry_run=True)), Anchor)
    assert (documents(desk), desk.events()) == ([], before)


def test_minutes_twice_file_two_documents(desk: Desk) -> None:
    desk.drawn()
    first = minutes(desk, Caller("drawer"))
    assert isinstance(first, Minutes)
    assert minutes(desk, Caller("leading")) == first
    assert [one.kind for one in documents(desk)] == ["draw_minutes", "draw_minutes"]
    last = desk.events()[-1]
    assert (last.kind, last.actor, set(last.body["documents"])) == (
        "recorded",
        "drawer",
        {document_id for document_id, _ in first.documents},
    )


def test_minutes_by_one_request_are_filed_once_whatever_happens_between(desk: Desk) -> None:
    desk.drawn()
    first = minutes(desk, Caller("drawer", "m-1"))
    # Another line of the log makes other minutes, but not for the request that was answered already.
    desk.step("commit_draw", "drawer")
    assert minutes(desk, Caller("drawer", "m-1")) == first
    assert len(documents(desk)) == 2


def test_minutes_are_the_business_of_who_draws(desk: Desk) -> None:
    desk.drawn()
    assert refused(minutes(desk, Caller("insp-01"))).reasons[0].code == "not-allowed"
    assert refused(minutes(desk, Caller("nobody"))).reasons[0].code == "unknown-person"
    assert documents(desk) == []


def test_without_a_draw_there_are_no_minutes(desk: Desk) -> None:
    for batch in (BATCH, "batch-9"):
        answer = refused(minutes(desk, Caller("drawer"), batch))
        assert answer.reasons[0].next == NextAction("list_draws")
        assert "ssj" not in str(answer)


def test_the_command_line_asks_who_files_minutes(desk: Desk) -> None:
    desk.drawn()
    assert desk.ssj("draw", "minutes", BATCH).code == 1
    said = desk.ssj("draw", "minutes", BATCH, "--as", "insp-01")
    assert (said.code, "不能办理此事" in said.err) == (1, True)
    assert desk.ssj("draw", "minutes", BATCH, "--as", "drawer", "--dry-run").code == 0
    assert documents(desk) == []
    out = desk.home.parent / "out"
    desk.done("draw", "minutes", BATCH, "--as", "drawer", "--out", out)
    again = out.with_name("again")
    desk.done("draw", "minutes", BATCH, "--as", "drawer", "--out", again)
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {
        p.name: p.read_bytes() for p in out.iterdir()
    }
    assert sorted(path.name for path in out.iterdir()) == [one.name for one in documents(desk)]
    assert {path.read_bytes() for path in out.iterdir()} == {one.content for one in documents(desk)}


@pytest.mark.parametrize("person", ["insp-01", CHIEF])
def test_the_command_line_imports_no_anchor_for_just_anybody(desk: Desk, person: str) -> None:
    desk.committed()
    file = desk.home.parent / "head.txt"
    desk.done("draw", "anchor", BATCH, "--export", file)
    said = desk.ssj("draw", "anchor", BATCH, "--import", file, "--by", "公证处", "--as", person)
    assert said.code == 1
    assert desk.ssj("draw", "anchor", BATCH, "--json").json() == []


def test_the_step_of_an_act_is_found_where_it_is_taken(desk: Desk) -> None:
    with desk.application() as application:
        done = application.advance_by_effect(BATCH, "commit", "drawer", request_id="c-1")
        assert isinstance(done, CommandResult)
        again = application.advance_by_effect(BATCH, "commit", "drawer", request_id="c-1")
        assert isinstance(again, CommandResult)
        assert again.repeated
        answer = refused(application.advance_by_effect(BATCH, "commit", "drawer"))
    assert answer.reasons[0].next == NextAction("show_task", {"case": BATCH})
    assert desk.events()[-1].kind == "refused"
    assert [(one.step, one.actor) for one in desk.attempts()] == [("commit", "drawer")]
    said = desk.ssj("draw", "commit", BATCH, "--as", "drawer")
    assert f"用 ssj task show {BATCH} 查看可办的步骤" in said.err


def test_a_kit_of_an_auditor_is_read_as_it_was_written() -> None:
    kit = AuditorKit({"objects.tsv": "甲".encode(), "verify.py": b"\xff"})
    assert AuditorKit.from_json(kit.as_json()) == kit


def test_a_draw_of_the_first_protocol_has_no_kit_for_auditors(desk: Desk) -> None:
    desk.complete()
    with desk.application() as application:
        answer = take_auditor_kit(application, Caller("deputy"), BATCH)
    assert "核验包只有一种" in str(refused(answer))
