"""Delegations, credentials, tokens and failed attempts to sign in, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.app.ports.records import Credential, Delegation, FailedAttempt, Proposal, Token
from engine.app.ports.store import ConflictError
from engine.kernel.instants import require_aware
from engine.store import codec, people_codec
from engine.store.memory.undo_log import Groups, MemoryTable, UndoLog


class MemoryDelegations:
    """`engine.app.ports.repositories.Delegations`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._undo_log = undo_log
        #: id -> (number, delegation)
        self._delegations: MemoryTable[str, tuple[int, Delegation]] = MemoryTable(
            undo_log,
            table="delegation",
            row=lambda _, kept: _numbered(kept[0], people_codec.delegation_row(kept[1])),
        )

    def all(self) -> list[Delegation]:
        """Return every delegation ever made, in the order in which they were made."""
        return [one for _, one in sorted(self._delegations.rows.values(), key=lambda row: row[0])]

    def add(self, delegation: Delegation, number: int | None = None) -> None:
        """Store a new delegation. Raises ConflictError where its id is taken."""
        self._undo_log.touched = True
        if self._delegations.get(delegation.id) is not None:
            raise ConflictError(delegation.id)
        number = max((number for number, _ in self._delegations.rows.values()), default=0) + 1
        settled = people_codec.delegation_of(people_codec.delegation_row(delegation))
        self._delegations.put(delegation.id, (number, settled))

    def end(self, delegation_id: str) -> None:
        """Mark a delegation as taken back before its last day."""
        self._undo_log.touched = True
        if (found := self._delegations.get(delegation_id)) is not None:
            self._delegations.put(delegation_id, (found[0], replace(found[1], ended=True)))


def _numbered(number: int, row: codec.Row) -> codec.Row:
    """Return a row with its number after its id, as the table has it."""
    first, *rest = row
    return (first, number, *rest)


class MemoryCredentials:
    """`engine.app.ports.repositories.Credentials`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._credentials: MemoryTable[str, Credential] = MemoryTable(
            undo_log, table="credential", row=lambda _, kept: people_codec.credential_row(kept)
        )

    def get(self, person: str) -> Credential | None:
        """Return the credential of a person."""
        return self._credentials.get(person)

    def put(self, credential: Credential) -> None:
        """Store the credential of a person; an earlier one is replaced."""
        self._credentials.put(
            credential.person, people_codec.credential_of(people_codec.credential_row(credential))
        )

    def exist(self) -> bool:
        """Tell whether anybody has a password."""
        return bool(self._credentials.rows)


class MemoryTokens:
    """`engine.app.ports.repositories.Tokens`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._tokens: MemoryTable[str, Token] = MemoryTable(
            undo_log, table="token", row=lambda _, token: people_codec.token_row(token)
        )

    def get(self, token_id: str) -> Token | None:
        """Return a token by its id."""
        return self._tokens.get(token_id)

    def add(self, token: Token) -> None:
        """Store a new token. Raises ConflictError where its id is taken."""
        if self._tokens.get(token.id) is not None:
            raise ConflictError(token.id)
        self._tokens.put(token.id, people_codec.token_of(people_codec.token_row(token)))

    def revoke(self, token_id: str, at: datetime) -> bool:
        """Revoke a token; tell whether this changed it."""
        moment = require_aware(at)
        found = self._tokens.get(token_id)
        if found is None or found.revoked_at is not None:
            return False
        self._tokens.put(token_id, replace(found, revoked_at=moment))
        return True

    def all(self, person: str | None = None) -> list[Token]:
        """Return the tokens (of one person), newest first."""
        fitting = [one for one in self._tokens.rows.values() if person in (None, one.person)]
        return sorted(fitting, key=lambda one: (one.created_at, one.id), reverse=True)


class MemoryProposals:
    """`engine.app.ports.proposals.Proposals`."""

    def __init__(self, undo_log: UndoLog) -> None:
        #: id -> (number, proposal)
        self._proposals: MemoryTable[str, tuple[int, Proposal]] = MemoryTable(
            undo_log,
            table="proposal",
            row=lambda _, kept: _numbered(kept[0], people_codec.proposal_row(kept[1])),
        )

    def all(self) -> list[Proposal]:
        """Return every proposal ever made, in the order in which they were made."""
        return [one for _, one in sorted(self._proposals.rows.values(), key=lambda row: row[0])]

    def get(self, proposal_id: str) -> Proposal | None:
        """Return a proposal by its id."""
        found = self._proposals.get(proposal_id)
        return found[1] if found else None

    def add(self, proposal: Proposal) -> None:
        """Store a new proposal. Raises ConflictError where its id is taken."""
        if self._proposals.get(proposal.id) is not None:
            raise ConflictError(proposal.id)
        number = max((number for number, _ in self._proposals.rows.values()), default=0) + 1
        self._proposals.put(
            proposal.id, (number, people_codec.proposal_of(people_codec.proposal_row(proposal)))
        )

    def decide(self, before: Proposal, status: str, by: str, at: datetime, reason: str | None) -> None:
        """Give a proposal another status. Raises ConflictError where it no longer has that of `before`."""
        found = self._proposals.get(before.id)
        if found is None or found[1].status != before.status:
            raise ConflictError(before.id)
        decided = replace(found[1], status=status, decided_by=by, decided_at=require_aware(at), reason=reason)
        self._proposals.put(before.id, (found[0], decided))


class MemorySignInAttempts:
    """`engine.app.ports.repositories.SignInAttempts`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._of_key: Groups[tuple[str, int], FailedAttempt] = Groups(lambda attempt: attempt.key)
        self._attempts = MemoryTable(
            undo_log,
            self._of_key,
            table="sign_in_attempt",
            row=lambda _, attempt: people_codec.attempt_row(attempt),
        )

    def add(self, attempt: FailedAttempt) -> None:
        """Store an attempt. Raises ConflictError where the key has one of that number."""
        if self._attempts.get((attempt.key, attempt.number)) is not None:
            raise ConflictError(attempt.key)
        self._attempts.put(
            (attempt.key, attempt.number), people_codec.attempt_of(people_codec.attempt_row(attempt))
        )

    def of(self, key: str) -> list[FailedAttempt]:
        """Return the attempts stored for a key, by number."""
        return [self._attempts.rows[place] for place in sorted(self._of_key.of(key))]

    def drop(self, key: str, *, up_to: int | None = None) -> None:
        """Remove the attempts of a key: all, or those whose number is at most `up_to`."""
        for place in self._of_key.of(key):
            if up_to is None or place[1] <= up_to:
                self._attempts.remove(place)
