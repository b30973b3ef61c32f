"""Failed attempts to get in, counted for each key; too many lock the key for a while.

The key of a row stands in its statement for good, and a name that nobody has may be anything that was typed: under such
a name, a code or a network address they are counted by a digest that takes a secret, and the secret has a term.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any, TypeVar

from engine.app.history.refusal_texts import add_refusal
from engine.app.history.retry import retry_on_conflict
from engine.app.people.unknown_names import is_known, under_known_name
from engine.app.ports.records import FailedAttempt
from engine.app.ports.store import Transaction
from engine.app.sign_in.passwords import limits
from engine.app.sign_in.tokens import STREAM
from engine.kernel.instants import from_text, to_text

if TYPE_CHECKING:
    from engine.app.services import Services

T = TypeVar("T")
#: The setting with the secret of the digests, and since when it is in use.
COUNTING = "sign-in/attempts"
#: What the key of a person begins with.
OF_PERSON = "person:"
_MAX_NAME = 100
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Locked:
    """Until when somebody, or an origin, is not let in. UTC."""

    until: datetime


def _stored(transaction: Transaction, key: str, secret: str) -> str:
    """Return under what a key is stored: as it is for whoever has the name, else a digest."""
    if not secret or (key.startswith(OF_PERSON) and is_known(transaction, key.removeprefix(OF_PERSON))):
        return key
    kind = key.partition(":")[0]
    return f"{kind}#{hmac.new(bytes.fromhex(secret), key.encode(), hashlib.sha256).hexdigest()}"


def _secret(transaction: Transaction) -> str:
    """Return the secret of the digests; "" where there is none."""
    return str((transaction.settings.get(COUNTING) or {}).get("key", ""))


def _make_secret(services: Services, transaction: Transaction, now: datetime) -> str:
    """Return the secret of the digests, made where there is none; "" without a source of random bytes."""
    secret = _secret(transaction)
    if not secret and services.entropy is not None:
        secret = services.entropy(f"failed sign-ins from {to_text(now)}", _SECRET_BYTES).hex()
        transaction.settings.put(COUNTING, {"key": secret, "since": to_text(now)})
    return secret


def destroy_secret(transaction: Transaction, before: datetime) -> bool:
    """Destroy the secret of the digests where it is in use since before an instant; tell whether it was.

    Failures counted by it count no more: nobody is locked out for as long as a secret is kept.
    """
    known = transaction.settings.get(COUNTING) or {}
    if not known.get("key") or from_text(known["since"]) >= before:
        return False
    transaction.settings.put(COUNTING, {})
    return True


def _count_failure(transaction: Transaction, key: str, most: int, now: datetime) -> datetime | None:
    """Store a failure of a key; return until when the key is locked because of it, if it is.

    Failures long ago no longer count, nor do those before the last lock.
    """
    bounds = limits()
    since = now - timedelta(minutes=bounds["window_minutes"])
    known = transaction.sign_in_attempts.of(key)
    lock = max((one.number for one in known if one.locked_until), default=0)
    recent = [one for one in known if one.number > lock and one.at > since]
    until = now + timedelta(minutes=bounds["lock_minutes"]) if len(recent) + 1 >= most else None
    last = known[-1].number if known else 0
    transaction.sign_in_attempts.add(FailedAttempt(key, last + 1, now, until))
    # What neither counts nor locks any more is removed, from the first attempt on.
    over = [*takewhile(lambda one: one.at <= since and (one.locked_until or since) <= now, known)]
    if over:
        transaction.sign_in_attempts.drop(key, up_to=over[-1].number)
    return until


def count_failures(
    services: Services, transaction: Transaction, keys: Mapping[str, int], now: datetime
) -> Locked | None:
    """Store a failure of each key, with how many are too many; return until when it locks, if it does."""
    secret = _make_secret(services, transaction, now)
    stored = {_stored(transaction, key, secret): most for key, most in keys.items()}
    ends = [end for key, most in stored.items() if (end := _count_failure(transaction, key, most, now))]
    return Locked(max(ends)) if ends else None


def locked(transaction: Transaction, keys: Mapping[str, int], now: datetime) -> Locked | None:
    """Return until when one of the keys is locked; None where none is."""
    secret = _secret(transaction)
    until = [
        attempt.locked_until
        for key in keys
        for attempt in transaction.sign_in_attempts.of(_stored(transaction, key, secret))
        if attempt.locked_until
    ]
    late = max(until, default=now)
    return Locked(late) if late > now else None


def of_origin(origin: str | None) -> dict[str, int]:
    """Return where failures from a network address are counted, and how many are too many."""
    return {f"from:{plain_name(origin)}": int(limits()["origin_failures"])} if origin else {}


def plain_name(text: str) -> str:
    """Return a typed name with its unprintable characters replaced, cut to `_MAX_NAME`."""
    return "".join(c if c.isprintable() else "?" for c in text[:_MAX_NAME]) or "-"


def judge_attempt(
    services: Services,
    keys: Mapping[str, int],
    judge: Callable[[Transaction, datetime], T | None],
    by: str,
    body: Mapping[str, Any],
) -> T | Locked | None:
    """Return what `judge` lets in; None where it lets nobody in, which is counted for `keys` and entered as `by` with `body`.

    Of attempts that run side by side no more are answered than may fail: the next one finds the lock, right or wrong.
    """

    def transact() -> T | Locked | None:
        with services.store.write() as transaction:
            transaction.serialize()
            now = services.clock.now()
            if (held := locked(transaction, keys, now)) is not None:
                return held
            if (found := judge(transaction, now)) is not None:
                return found
            lock = count_failures(services, transaction, keys, now)
            entered = {**body, "locked": to_text(lock.until) if lock else None}
            who, named = under_known_name(transaction, by, entered)
            add_refusal(transaction, now, who, named, services.entropy, stream=STREAM)
        return lock

    return retry_on_conflict(transact)
