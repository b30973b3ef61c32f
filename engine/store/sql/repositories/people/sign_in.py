"""Credentials, tokens and failed attempts to sign in, in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from engine.app.ports.records import Credential, FailedAttempt, Token
from engine.app.ports.store import ConflictError
from engine.kernel.instants import to_text
from engine.store.people_codec import (
    attempt_of,
    attempt_row,
    credential_of,
    credential_row,
    token_of,
    token_row,
)
from engine.store.sql.building import at_most, bind, insert_new, insert_or_replace
from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.store.sql.tables import credential, sign_in_attempt, token

GET_CREDENTIAL = PreparedStatement(
    select(credential).where(credential.c.person == bind(credential, "person")), "person"
)
ANY_CREDENTIAL = PreparedStatement(at_most(select(credential.c.person)))
PUT_CREDENTIAL = insert_or_replace(credential)

GET_TOKEN = PreparedStatement(select(token).where(token.c.id == bind(token, "id")), "id")
ADD_TOKEN = insert_new(token)
REVOKE_TOKEN = PreparedStatement(
    update(token)
    .where(token.c.id == bind(token, "id", "token_id"), token.c.revoked_at.is_(None))
    .values(revoked_at=bind(token, "revoked_at")),
    "revoked_at",
    "token_id",
)

_OF_KEY = sign_in_attempt.c.key == bind(sign_in_attempt, "key")
ATTEMPTS = PreparedStatement(select(sign_in_attempt).where(_OF_KEY).order_by(sign_in_attempt.c.number), "key")
ADD_ATTEMPT = insert_new(sign_in_attempt)
DROP_ATTEMPTS = PreparedStatement(delete(sign_in_attempt).where(_OF_KEY), "key")
DROP_SOME_ATTEMPTS = PreparedStatement(
    delete(sign_in_attempt)
    .where(_OF_KEY, sign_in_attempt.c.number <= bind(sign_in_attempt, "number", "up_to"))
    .returning(sign_in_attempt.c.number),
    "key",
    "up_to",
)


class SqlCredentials:
    """`engine.app.ports.repositories.Credentials`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, person: str) -> Credential | None:
        """Return the credential of a person."""
        row = self._driver.first(GET_CREDENTIAL, (person,))
        return None if row is None else credential_of(row)

    def put(self, credential: Credential) -> None:
        """Store the credential of a person; an earlier one is replaced."""
        row = credential_row(credential)
        self._driver.run(PUT_CREDENTIAL, row)
        self._driver.wrote("credential", [row])

    def exist(self) -> bool:
        """Tell whether anybody has a password."""
        return self._driver.first(ANY_CREDENTIAL) is not None


class SqlTokens:
    """`engine.app.ports.repositories.Tokens`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, token_id: str) -> Token | None:
        """Return a token by its id."""
        row = self._driver.first(GET_TOKEN, (token_id,))
        return None if row is None else token_of(row)

    def add(self, token: Token) -> None:
        """Store a new token. Raises ConflictError where its id is taken."""
        row = token_row(token)
        if self._driver.run(ADD_TOKEN, row).rowcount != 1:
            raise ConflictError(token.id)
        self._driver.wrote("token", [row])

    def revoke(self, token_id: str, at: datetime) -> bool:
        """Revoke a token; tell whether this changed it."""
        moment = to_text(at)
        if self._driver.run(REVOKE_TOKEN, (moment, token_id)).rowcount != 1:
            return False
        self._driver.changed("token.revoked", [(token_id, moment)])
        return True

    def all(self, person: str | None = None) -> list[Token]:
        """Return the tokens (of one person), newest first."""
        query = select(token).order_by(token.c.created_at.desc(), token.c.id.desc())
        if person is not None:
            query = query.where(token.c.person == person)
        return [token_of(row) for row in self._driver.connection.execute(query)]


class SqlSignInAttempts:
    """`engine.app.ports.repositories.SignInAttempts`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def add(self, attempt: FailedAttempt) -> None:
        """Store an attempt. Raises ConflictError where the key has one of that number."""
        row = attempt_row(attempt)
        if self._driver.run(ADD_ATTEMPT, row).rowcount != 1:
            raise ConflictError(attempt.key)
        self._driver.wrote("sign_in_attempt", [row])

    def of(self, key: str) -> list[FailedAttempt]:
        """Return the attempts stored for a key, by number."""
        return [attempt_of(row) for row in self._driver.run(ATTEMPTS, (key,))]

    def drop(self, key: str, *, up_to: int | None = None) -> None:
        """Remove the attempts of a key: all, or those whose number is at most `up_to`."""
        if up_to is None:
            self._driver.run(DROP_ATTEMPTS, (key,))
            self._driver.removed("sign_in_attempt", [(key,)])
        else:
            gone = self._driver.run(DROP_SOME_ATTEMPTS, (key, up_to))
            self._driver.removed("sign_in_attempt", [(key, number) for (number,) in gone])
