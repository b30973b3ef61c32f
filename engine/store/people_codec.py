"""Rows of people: delegations, credentials, tokens, sessions, drafts, proposals and failed attempts to sign in.

As in `engine.store.codec`: flat tuples in the order of the columns, and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.app.ports.records import (
    Credential,
    Delegation,
    Draft,
    FailedAttempt,
    Proposal,
    Token,
    WebSession,
)
from engine.kernel.instants import from_text
from engine.store.codec import Row, from_json, instant, instant_of, read_day, stamp, to_json


def delegation_row(delegation: Delegation) -> Row:
    """Return the columns of a delegation, without its number."""
    return (
        delegation.id,
        delegation.principal,
        delegation.delegate,
        delegation.first.isoformat(),
        delegation.last.isoformat(),
        stamp(delegation.begins),
        stamp(delegation.ends),
        delegation.reason,
        delegation.by,
        delegation.ended,
    )


def delegation_of(row: Sequence[Any]) -> Delegation:
    """Return the delegation of its columns, without its number."""
    return Delegation(
        id=row[0],
        principal=row[1],
        delegate=row[2],
        first=read_day(row[3]),
        last=read_day(row[4]),
        begins=from_text(row[5]),
        ends=from_text(row[6]),
        reason=row[7],
        by=row[8],
        ended=bool(row[9]),
    )


def credential_row(credential: Credential) -> Row:
    """Return the columns of a credential."""
    return (credential.person, credential.password_hash, stamp(credential.set_at))


def credential_of(row: Sequence[Any]) -> Credential:
    """Return the credential of its columns."""
    return Credential(row[0], row[1], from_text(row[2]))


def token_row(token: Token) -> Row:
    """Return the columns of a token."""
    return (
        token.id,
        token.person,
        token.label,
        stamp(token.created_at),
        stamp(token.expires_at),
        instant(token.revoked_at),
        token.sha256,
        " ".join(token.scopes),
    )


def token_of(row: Sequence[Any]) -> Token:
    """Return the token of its columns."""
    return Token(
        row[0],
        row[1],
        row[2],
        from_text(row[3]),
        from_text(row[4]),
        instant_of(row[5]),
        row[6],
        tuple(row[7].split()),
    )


def web_session_row(session: WebSession) -> Row:
    """Return the columns of a session of the workbench."""
    return (
        session.id,
        session.kind,
        session.person,
        session.credential,
        stamp(session.made_at),
        stamp(session.expires_at),
        instant(session.ended_at),
        session.sha256,
    )


def web_session_of(row: Sequence[Any]) -> WebSession:
    """Return the session of the workbench of its columns."""
    return WebSession(
        row[0],
        row[1],
        row[2],
        row[3],
        from_text(row[4]),
        from_text(row[5]),
        instant_of(row[6]),
        row[7],
    )


def draft_row(draft: Draft) -> Row:
    """Return the columns of a draft."""
    return (
        draft.person,
        draft.case,
        draft.step,
        draft.form,
        draft.version,
        draft.state,
        stamp(draft.entered_at),
        to_json(draft.answers),
        stamp(draft.saved_at),
    )


def draft_of(row: Sequence[Any]) -> Draft:
    """Return the draft of its columns."""
    person, case, step, form, version, state, entered_at, answers, saved_at = row
    return Draft(
        person,
        case,
        step,
        form,
        version,
        state,
        from_text(entered_at),
        from_json(answers),
        from_text(saved_at),
    )


def proposal_row(proposal: Proposal) -> Row:
    """Return the columns of a proposal, without its number."""
    return (
        proposal.id,
        proposal.use_case,
        proposal.about,
        proposal.digest,
        to_json(proposal.summary),
        proposal.by,
        stamp(proposal.made_at),
        proposal.status,
        proposal.decided_by,
        instant(proposal.decided_at),
        proposal.reason,
    )


def proposal_of(row: Sequence[Any]) -> Proposal:
    """Return the proposal of its columns."""
    return Proposal(
        id=row[0],
        use_case=row[1],
        about=row[2],
        digest=row[3],
        summary=from_json(row[4]),
        by=row[5],
        made_at=from_text(row[6]),
        status=row[7],
        decided_by=row[8],
        decided_at=instant_of(row[9]),
        reason=row[10],
    )


def attempt_row(attempt: FailedAttempt) -> Row:
    """Return the columns of a failed attempt to sign in."""
    return (attempt.key, attempt.number, stamp(attempt.at), instant(attempt.locked_until))


def attempt_of(row: Sequence[Any]) -> FailedAttempt:
    """Return the failed attempt of its columns."""
    return FailedAttempt(row[0], row[1], from_text(row[2]), instant_of(row[3]))
