"""Who looks, where nobody is named: the reader of a sample, or the person of a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.app.access.identity_use_case import before_access

if TYPE_CHECKING:
    from engine.app.access.query import QuerySource

#: The setting that names who reads where a command names nobody; written for samples and demonstrations only.
READER = "reader"


@before_access("identity.find")
def find_reader(source: QuerySource) -> str | None:
    """Return the id of the deployment's reader; None where it has none."""
    with source.store.read() as transaction:
        reader = transaction.settings.get(READER)
    return reader if isinstance(reader, str) else None


@before_access("identity.find")
def find_sign_in_mode(source: QuerySource, settings: Mapping[str, Any]) -> str:
    """Return how the person who acts is taken: at their word (``trust``) or proved (``required``)."""
    from engine.app.sign_in.mode import sign_in_mode

    with source.store.read() as transaction:
        return sign_in_mode(transaction, settings)


@before_access("identity.find")
def find_person_of_token(source: QuerySource, text: str) -> str | None:
    """Return whose token this is; None for one that was never given out, is revoked, or has run out."""
    from engine.app.sign_in.tokens import find_token

    with source.store.read() as transaction:
        found = find_token(transaction, text)
    return found.person if found is not None and found.good(source.clock.now()) else None
