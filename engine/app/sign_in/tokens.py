"""Personal tokens: for programs and for the command line. Only their SHA-256 is stored; the token is shown once.

A token is ``ssj_``, eight characters that name it, ``_`` and 32 random bytes. What is random cannot be guessed, so a
plain hash is enough, and nobody can sign in with what a stolen database holds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.app.history.credential import ALL
from engine.app.history.journal import add_entry
from engine.app.ports.records import Token
from engine.app.ports.store import Transaction
from engine.app.sign_in.passwords import Entropy
from engine.kernel.instants import to_text

#: The chain of everything about passwords, tokens and refused sign-ins.
STREAM = "sign-in"
_TOKEN = re.compile(r"ssj_([0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)


def create_token(
    transaction: Transaction,
    now: datetime,
    person: str,
    label: str,
    days: int,
    by: str,
    entropy: Entropy = secrets.token_bytes,
    *,
    scopes: Sequence[str] = (ALL,),
    more: Mapping[str, Any] | None = None,
) -> tuple[str, Token]:
    """Make a token for `person` that lasts `days`, good for `scopes`; `more` is entered besides. Return its text (never shown again) and what is stored of it."""
    import base64

    name = entropy(4).hex()
    while transaction.tokens.get(name) is not None:
        name = entropy(4).hex()
    text = f"ssj_{name}_{base64.urlsafe_b64encode(entropy(32)).decode().rstrip('=')}"
    made = Token(name, person, label, now, now + timedelta(days=days), None, _digest(text), tuple(scopes))
    transaction.tokens.add(made)
    body = {
        "token": name,
        "person": person,
        "label": label,
        "expires_at": to_text(made.expires_at),
        "scopes": list(scopes),
        **(more or {}),
    }
    add_entry(transaction, now, "issued", by, body, stream=STREAM)
    return text, made


def revoke_token(transaction: Transaction, now: datetime, name: str, by: str) -> Token | None:
    """Revoke a token; return it as it was before, None where there is no token of that name or it is revoked."""
    found = transaction.tokens.get(name)
    if found is None or not transaction.tokens.revoke(name, now):
        return None
    body = {"token": name, "person": found.person}
    add_entry(transaction, now, "revoked", by, body, stream=STREAM)
    return found


def tokens(transaction: Transaction, person: str | None = None) -> list[Token]:
    """Return the tokens (of one person), newest first, those that are no longer good too."""
    return transaction.tokens.all(person)


def find_token(transaction: Transaction, text: str) -> Token | None:
    """Return the token of a text, good or not; None for a text that is no token."""
    shape = _TOKEN.fullmatch(text)
    found = transaction.tokens.get(shape[1]) if shape else None
    if found is None or not hmac.compare_digest(found.sha256, _digest(text)):
        return None
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
