"""Records with something to say of themselves: when they are in force, and how they are kept as JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.app.ports.records import (
    Delegation,
    Document,
    Heartbeat,
    RegisterEntry,
    Seal,
    Task,
    Token,
    WebSession,
)

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DELEGATION = Delegation(
    id="d-1",
    principal="anna",
    delegate="anton",
    first=date(2026, 3, 2),
    last=date(2026, 3, 3),
    begins=NOW,
    ends=NOW + timedelta(days=2),
    reason="出差",
    by="anna",
)


@pytest.mark.parametrize(
    ("at", "runs"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (timedelta(days=1), True),
        (timedelta(days=2), False),
    ],
)
def test_a_delegation_runs_from_its_first_day_to_the_end_of_its_last(at: timedelta, runs: bool) -> None:
    assert DELEGATION.runs(NOW + at) is runs
    assert not replace(DELEGATION, ended=True).runs(NOW + at)


def test_a_delegation_as_plain_values() -> None:
    body = DELEGATION.as_json()
    assert {name: body[name] for name in ("id", "principal", "first", "last", "reason")} == {
        "id": "d-1",
        "principal": "anna",
        "first": "2026-03-02",
        "last": "2026-03-03",
        "reason": "出差",
    }


def test_a_delegation_is_read_as_it_was_written() -> None:
    assert Delegation.from_json(DELEGATION.as_json()) == DELEGATION
    assert Delegation.from_json(replace(DELEGATION, ended=True).as_json()).ended


def test_a_task_is_late_from_its_instant_on_and_never_without_one() -> None:
    task = Task("visit-1", "p:anna", "visit", "open", "待办", "示例", None, None, None, NOW, False, NOW)
    assert [task.late(NOW + timedelta(seconds=one)) for one in (-1, 0, 1)] == [False, True, True]
    assert not replace(task, due_at=None).late(NOW)


def test_a_session_is_good_until_it_expires_or_is_ended() -> None:
    session = WebSession("s-1", "session", "anna", "password", NOW, NOW + timedelta(hours=8), None, "d")
    assert session.good(NOW)
    assert not session.good(NOW + timedelta(hours=8))
    assert not replace(session, ended_at=NOW).good(NOW)


def test_an_entry_and_a_document_as_others_are_given_them() -> None:
    entry = RegisterEntry("people", "anna", "安娜", "north", {"roles": ["clerk"]})
    assert entry.as_json() == {
        "id": "anna",
        "name": "安娜",
        "section": "north",
        "data": {"roles": ["clerk"]},
    }
    page = "<html><head><title> 责令改正书 </title></head></html>".encode()
    document = Document("visit-1/1", "visit-1", "order", "a.html", "d", page, NOW)
    assert document.title == "责令改正书"
    assert replace(document, content=b"%PDF").title == ""


def test_a_seal_is_read_as_it_was_written() -> None:
    seal = Seal(3, "2026-03-01", NOW, "ab" * 32, 7, 4, "cd" * 32)
    body = seal.as_json()
    assert (body["number"], body["at"], body["leaves"]) == (3, "2026-03-02T08:00:00Z", 7)
    assert Seal.from_json(body) == seal


def test_a_token_is_good_until_it_expires_or_is_revoked() -> None:
    token = Token("t-1", "anna", "夜间", NOW, NOW + timedelta(days=1), None, "d")
    assert token.good(NOW)
    assert not token.good(NOW + timedelta(days=1))
    assert not replace(token, revoked_at=NOW).good(NOW)


def test_a_daemon_is_alive_until_it_ends_or_is_silent_for_too_long() -> None:
    silent = timedelta(seconds=30)
    sign = Heartbeat("a", NOW, "1")
    assert sign.alive(sign.at + silent, silent)
    assert not sign.alive(sign.at + silent + timedelta(microseconds=1), silent)
    assert not replace(sign, left=True).alive(sign.at, silent)
