"""By what the person who acts has proved who they are. It is in every entry of every history.

Faces say what they have checked (`proven`); a person of whom nothing was checked is taken at their word because the
operating system let them run the program: `MACHINE`. What nobody does, but a timer, is done by the `ENGINE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from engine.lifecycle.command import ENGINE as ENGINE_ACTOR

#: Besides these, the id of a token.
PASSWORD, MACHINE, ENGINE = "password", "machine", "engine"
#: The key of a body that holds it.
KEY = "credential"

#: The scope of what is good for everything.
ALL = "all"

#: person -> credential, what it is good for
_Proofs = Mapping[str, tuple[str, tuple[str, ...]]]
_NOTHING: _Proofs = MappingProxyType({})
_PROVEN: ContextVar[_Proofs] = ContextVar("proven", default=_NOTHING)


@contextmanager
def proven(person: str, credential: str, scopes: tuple[str, ...] = (ALL,)) -> Iterator[None]:
    """Let what `person` does in the block be entered as proved by `credential`: `PASSWORD`, or the id of a token.

    `scopes` are the words of the access table that say what it is good for.
    """
    before = _PROVEN.set({**_PROVEN.get(), person: (credential, scopes)})
    try:
        yield
    finally:
        _PROVEN.reset(before)


#: The mark of an entry of an act that two have to agree to and one person did, because there was no second (单人办理).
SINGLE_HANDED = "single_handed"
_MARKS: ContextVar[Mapping[str, Any]] = ContextVar("marks", default=MappingProxyType({}))


@contextmanager
def marked(marks: Mapping[str, Any]) -> Iterator[None]:
    """Let every entry made in the block carry `marks`: who agreed to the act, or that one person did it."""
    before = _MARKS.set(marks)
    try:
        yield
    finally:
        _MARKS.reset(before)


def by_one() -> bool:
    """Tell whether what is entered now is of an act that two have to agree to and one person does (单人办理)."""
    return _MARKS.get().get(SINGLE_HANDED) is True


def credential_of(actor: str) -> str:
    """Return by what `actor` has proved who they are."""
    if actor == ENGINE_ACTOR:
        return ENGINE
    proof = _PROVEN.get().get(actor)
    return MACHINE if proof is None else proof[0]


def scopes_of(actor: str) -> tuple[str, ...]:
    """Return what the credential of `actor` is good for."""
    proof = _PROVEN.get().get(actor)
    return (ALL,) if proof is None else proof[1]


def by_token(actor: str) -> bool:
    """Tell whether `actor` has proved who they are by a token."""
    proof = _PROVEN.get().get(actor)
    return proof is not None and actor != ENGINE_ACTOR and is_token(proof[0])


def is_token(credential: str) -> bool:
    """Tell whether a credential is the id of a token."""
    return credential not in (PASSWORD, MACHINE, ENGINE)


def add_credential(actor: str, body: dict[str, Any]) -> None:
    """Add the credential of `actor` to the body of an entry, and what the act is marked with."""
    marks = _MARKS.get()
    if marks:
        body |= marks
    body[KEY] = credential_of(actor)


def with_credential(actor: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of an entry with the credential of `actor`, and what the act is marked with."""
    return {**body, **_MARKS.get(), KEY: credential_of(actor)}
