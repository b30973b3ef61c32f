"""Sessions of the workbench, and one-time links: opened, found, ended. Only a digest of what opens them is stored.

The secret of a session or link is its id, ``.`` and 32 random bytes. It is in a cookie or in an address, never in a
history; what opens it cannot be guessed, so a plain hash is enough.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from engine.app.history.journal import add_entry
from engine.app.people.directory import is_active
from engine.app.ports.records import WebSession
from engine.app.ports.store import Transaction
from engine.app.sign_in.passwords import Entropy, limits
from engine.app.sign_in.tokens import STREAM
from engine.kernel.instants import to_text

#: What a row is.
SESSION, LINK, FIRM = "session", "link", "firm"
_FIRM_PREFIX = "firm:"
_SECRET = re.compile(r"([0-9a-f]{16})\.[A-Za-z0-9_-]{43}", re.ASCII)


def open_session(
    transaction: Transaction,
    now: datetime,
    person: str,
    credential: str,
    entropy: Entropy = secrets.token_bytes,
) -> tuple[str, WebSession]:
    """Open a session of `person`, who has proved who they are by `credential`. Return its secret and what is stored."""
    return _made(
        transaction, now, SESSION, person, credential, timedelta(hours=limits()["session_hours"]), entropy
    )


def make_link(
    transaction: Transaction, now: datetime, entropy: Entropy = secrets.token_bytes
) -> tuple[str, WebSession]:
    """Make a link by which whoever has it signs in once. Return its secret and what is stored."""
    return _made(transaction, now, LINK, "", "", timedelta(hours=limits()["link_hours"]), entropy)


def open_firm_session(
    transaction: Transaction, now: datetime, case_id: str, code: str, entropy: Entropy = secrets.token_bytes
) -> tuple[str, WebSession]:
    """Open the page for firms on one case, for whoever has its `code`, of which this is the digest. Return its secret and what is stored."""
    lasts = timedelta(hours=limits()["firm_hours"])
    return _made(transaction, now, FIRM, firm_visitor(case_id), code, lasts, entropy)


def firm_visitor(case_id: str) -> str:
    """Return whose the sessions of the page for firms on a case are."""
    return f"{_FIRM_PREFIX}{case_id}"


def case_of_visitor(session: WebSession) -> str:
    """Return the case a session of the page for firms is on."""
    return session.person.removeprefix(_FIRM_PREFIX)


def find(transaction: Transaction, kind: str, secret: str, now: datetime) -> WebSession | None:
    """Return the session or link of a secret; None for one that never was, has ended, or whose person has left."""
    shape = _SECRET.fullmatch(secret)
    found = transaction.web_sessions.get(shape[1]) if shape else None
    if found is None or not hmac.compare_digest(found.sha256, _digest(secret)):
        return None
    if found.kind != kind or not found.good(now):
        return None
    return found if kind != SESSION or is_active(transaction, found.person) else None


def end(transaction: Transaction, now: datetime, session: WebSession, by: str) -> bool:
    """End a session or link, and enter it; tell whether this changed it."""
    if not transaction.web_sessions.end(session.id, now):
        return False
    body = {"session": session.id, "person": session.person, "what": session.kind}
    add_entry(transaction, now, "session-ended", by, body, stream=STREAM)
    return True


def end_all(transaction: Transaction, now: datetime, person: str) -> list[str]:
    """End every session of a person that is good; return their ids. The caller enters why."""
    return [
        one.id
        for one in transaction.web_sessions.all(person)
        if one.good(now) and transaction.web_sessions.end(one.id, now)
    ]


def _made(
    transaction: Transaction,
    now: datetime,
    kind: str,
    person: str,
    credential: str,
    lasts: timedelta,
    entropy: Entropy,
) -> tuple[str, WebSession]:
    name = entropy(8).hex()
    while transaction.web_sessions.get(name) is not None:
        name = entropy(8).hex()
    secret = f"{name}.{base64.urlsafe_b64encode(entropy(32)).decode().rstrip('=')}"
    session = WebSession(name, kind, person, credential, now, now + lasts, None, _digest(secret))
    transaction.web_sessions.add(session)
    body = {"session": name, "person": person, "what": kind, "expires_at": to_text(session.expires_at)}
    add_entry(transaction, now, "session", person or "system", body, stream=STREAM)
    return secret, session


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
