"""Rows of people give the records they were made of; an instant without a zone is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.app.ports.records import (
    Credential,
    Delegation,
    Draft,
    FailedAttempt,
    Proposal,
    Token,
    WebSession,
)
from engine.store import people_codec
from engine.store.sql.tables import (
    credential,
    delegation,
    draft,
    proposal,
    sign_in_attempt,
    token,
    web_session,
)

NOON = datetime(2026, 3, 2, 4, 0, 0, 7, tzinfo=UTC)
DAY = date(2026, 3, 2)
NAIVE = datetime(2026, 3, 2, 4)  # noqa: DTZ001 - what must be refused

DELEGATION = Delegation(
    id="d-1",
    principal="a",
    delegate="b",
    first=DAY,
    last=DAY,
    begins=NOON,
    ends=NOON,
    reason="出差",
    by="a",
    ended=True,
)
CREDENTIAL = Credential("a", "hash", NOON)
TOKEN = Token("t-1", "a", "导出", NOON, NOON, NOON, "0" * 64, ("read", "tasks"))
SESSION = WebSession("s-1", "session", "a", "password", NOON, NOON, NOON, "0" * 64)
DRAFT = Draft("a", "w-1", "check", "visit", 1, "open", NOON, {"x": ["甲", None]}, NOON)
PROPOSAL = Proposal("p-1", "people.change", "b", "0" * 64, {"name": "甲"}, "a", NOON, "done", "c", NOON, "准")
ATTEMPT = FailedAttempt("person:a", 3, NOON, NOON)


@pytest.mark.parametrize(
    "record",
    [
        DELEGATION,
        replace(DELEGATION, ended=False),
        CREDENTIAL,
        TOKEN,
        replace(TOKEN, revoked_at=None, scopes=("all",)),
        SESSION,
        replace(SESSION, ended_at=None),
        DRAFT,
        replace(DRAFT, answers={}),
        PROPOSAL,
        replace(PROPOSAL, status="open", decided_by=None, decided_at=None, reason=None),
        ATTEMPT,
        replace(ATTEMPT, locked_until=None),
    ],
)
def test_a_row_gives_the_record_it_was_made_of(record: Any) -> None:
    row, of = _codec(record)
    assert of(row(record)) == record
    assert all(isinstance(value, (str, int, bool, type(None))) for value in row(record))


@pytest.mark.parametrize(
    ("record", "names"),
    [
        (DELEGATION, [column.name for column in delegation.c if column.name != "number"]),
        (CREDENTIAL, credential.c.keys()),
        (TOKEN, token.c.keys()),
        (SESSION, web_session.c.keys()),
        (DRAFT, draft.c.keys()),
        (PROPOSAL, [column.name for column in proposal.c if column.name != "number"]),
        (ATTEMPT, sign_in_attempt.c.keys()),
    ],
)
def test_a_row_has_a_value_for_each_column(record: Any, names: list[str]) -> None:
    assert len(_codec(record)[0](record)) == len(names)


@pytest.mark.parametrize(
    "record",
    [
        replace(DELEGATION, begins=NAIVE),
        replace(CREDENTIAL, set_at=NAIVE),
        replace(TOKEN, revoked_at=NAIVE),
        replace(SESSION, expires_at=NAIVE),
        replace(DRAFT, saved_at=NAIVE),
        replace(PROPOSAL, decided_at=NAIVE),
        replace(ATTEMPT, locked_until=NAIVE),
    ],
)
def test_an_instant_without_a_zone_is_refused(record: Any) -> None:
    with pytest.raises(ValueError, match="2026"):
        _codec(record)[0](record)


def test_scopes_and_answers_are_text() -> None:
    assert people_codec.token_row(TOKEN)[-1] == "read tasks"
    assert people_codec.draft_row(DRAFT)[7] == '{"x":["甲",null]}'


def _codec(record: Any) -> tuple[Callable[[Any], tuple[Any, ...]], Callable[[Any], Any]]:
    """Return what makes a row of a record, and what makes the record again."""
    codecs: dict[type, tuple[Callable[[Any], tuple[Any, ...]], Callable[[Any], Any]]] = {
        Delegation: (people_codec.delegation_row, people_codec.delegation_of),
        Credential: (people_codec.credential_row, people_codec.credential_of),
        Token: (people_codec.token_row, people_codec.token_of),
        WebSession: (people_codec.web_session_row, people_codec.web_session_of),
        Draft: (people_codec.draft_row, people_codec.draft_of),
        Proposal: (people_codec.proposal_row, people_codec.proposal_of),
        FailedAttempt: (people_codec.attempt_row, people_codec.attempt_of),
    }
    return codecs[type(record)]
