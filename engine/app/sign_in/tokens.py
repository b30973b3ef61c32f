"""Personal tokens: for programs and for the command line. Only their SHA-256 is kept; the token is shown once.

A token is ``ssj_``, eight characters that name it, ``_`` and 32 random bytes. What is random cannot be guessed, so a
plain hash is enough, and a stolen database opens no door.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.app.history.journal import add_entry
from engine.app.ports.store import Transaction
from engine.app.sign_in.passwords import Entropy
from engine.kernel.instants import from_text, to_text

#: The chain of everything about passwords, tokens and refused sign-ins.
STREAM = "sign-in"
_PLACE = "token/"
_TOKEN = re.compile(r"ssj_([0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the house knows it: whose, for what, until when. Instants in UTC."""

    id: str
    person: str
    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    sha256: str

    def good(self, now: datetime) -> bool:
        """Tell whether the token opens the door at `now`."""
        return self.revoked_at is None and now < self.expires_at


def create_token(
    transaction: Transaction,
    now: datetime,
    person: str,
    label: str,
    days: int,
    by: str,
    entropy: Entropy = secrets.token_bytes,
) -> tuple[str, Token]:
    """Make a token for `person` that lasts `days`; return it (never to be seen again) and what is kept of it."""
    import base64

    name = entropy(4).hex()
    while transaction.settings.get(_PLACE + name) is not None:
        name = entropy(4).hex()
    text = f"ssj_{name}_{base64.urlsafe_b64encode(entropy(32)).decode().rstrip('=')}"
    kept = Token(name, person, label, now, now + timedelta(days=days), None, _digest(text))
    transaction.settings.put(_PLACE + name, _as_json(kept))
    body = {"token": name, "person": person, "label": label, "expires_at": to_text(kept.expires_at)}
    add_entry(transaction, now, "issued", by, body, stream=STREAM)
    return text, kept


def revoke_token(transaction: Transaction, now: datetime, name: str, by: str) -> Token | None:
    """Take a token back; None where there is none of that name that is good."""
    found = _read(transaction, name)
    if found is None or found.revoked_at is not None:
        return None
    transaction.settings.put(_PLACE + name, {**_as_json(found), "revoked_at": to_text(now)})
    body = {"token": name, "person": found.person}
    add_entry(transaction, now, "revoked", by, body, stream=STREAM)
    return found


def tokens(transaction: Transaction, person: str | None = None) -> list[Token]:
    """Return the tokens (of one person), newest first, those that are no longer good too."""
    found = [_of(name, transaction.settings.get(name)) for name in transaction.settings.names(_PLACE)]
    mine = [token for token in found if person in (None, token.person)]
    return sorted(mine, key=lambda token: (token.created_at, token.id), reverse=True)


def find_token(transaction: Transaction, text: str) -> Token | None:
    """Return the token this is, good or not; None for one that was never given out."""
    shape = _TOKEN.fullmatch(text)
    found = _read(transaction, shape[1]) if shape else None
    if found is None or not hmac.compare_digest(found.sha256, _digest(text)):
        return None
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(transaction: Transaction, name: str) -> Token | None:
    body = transaction.settings.get(_PLACE + name)
    return None if body is None else _of(_PLACE + name, body)


def _of(place: str, body: dict[str, Any]) -> Token:
    revoked = body["revoked_at"]
    return Token(
        place.removeprefix(_PLACE),
        body["person"],
        body["label"],
        from_text(body["created_at"]),
        from_text(body["expires_at"]),
        from_text(revoked) if revoked else None,
        body["sha256"],
    )


def _as_json(token: Token) -> dict[str, Any]:
    return {
        "person": token.person,
        "label": token.label,
        "created_at": to_text(token.created_at),
        "expires_at": to_text(token.expires_at),
        "revoked_at": to_text(token.revoked_at) if token.revoked_at else None,
        "sha256": token.sha256,
    }
