"""What use cases ask a store for passwords, tokens, failed attempts to sign in and sessions of the workbench."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from engine.app.ports.records import Credential, FailedAttempt, Token, WebSession


class WebSessions(Protocol):
    """Sessions of the workbench and one-time links. Only their digests are stored."""

    def get(self, session_id: str) -> WebSession | None:
        """Return a session by its id, ended ones and expired ones too."""
        ...

    def add(self, session: WebSession) -> None:
        """Store a new session. Raises ConflictError where its id is taken."""
        ...

    def end(self, session_id: str, at: datetime) -> bool:
        """End a session; tell whether this changed it (False: unknown, or ended before)."""
        ...

    def all(self, person: str | None = None) -> list[WebSession]:
        """Return the sessions and links (of one person), newest first, ended ones and expired ones too."""
        ...


class Credentials(Protocol):
    """Password hashes, one for each person."""

    def get(self, person: str) -> Credential | None:
        """Return the credential of a person."""
        ...

    def put(self, credential: Credential) -> None:
        """Store the credential of a person; an earlier one is replaced."""
        ...

    def exist(self) -> bool:
        """Tell whether anybody has a password."""
        ...


class Tokens(Protocol):
    """Personal access tokens. Only their digests are stored."""

    def get(self, token_id: str) -> Token | None:
        """Return a token by its id, revoked ones and expired ones too."""
        ...

    def add(self, token: Token) -> None:
        """Store a new token. Raises ConflictError where its id is taken."""
        ...

    def revoke(self, token_id: str, at: datetime) -> bool:
        """Revoke a token; tell whether this changed it (False: unknown, or revoked before)."""
        ...

    def all(self, person: str | None = None) -> list[Token]:
        """Return the tokens (of one person), newest first, revoked ones and expired ones too."""
        ...


class SignInAttempts(Protocol):
    """Failed attempts to sign in. Each counts against a key: a person, or an origin such as a network address."""

    def add(self, attempt: FailedAttempt) -> None:
        """Store an attempt. Raises ConflictError where the key has one of that number."""
        ...

    def of(self, key: str) -> list[FailedAttempt]:
        """Return the attempts stored for a key, by number."""
        ...

    def drop(self, key: str, *, up_to: int | None = None) -> None:
        """Remove the attempts of a key: all, or those whose number is at most `up_to`."""
        ...
