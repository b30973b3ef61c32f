"""What people are told of a step, as rows of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.honest.schema import quoted

#: The values of a message, as the driver takes them.
Letter = tuple[Any, ...]


def messages(
    case: str, rev: int, people: Sequence[str], channels: Sequence[str], payload: str, at: str
) -> list[Letter]:
    """Return what `OUTBOX` takes, for each person and channel."""
    found: list[Letter] = []
    for person in dict.fromkeys(people):
        for channel in channels:
            found.append((f"{case}:{rev}:{len(found) + 1}", channel, person, case, payload, at))
    return found


def outbox_row(letter: Letter) -> Letter:
    """Return the whole row of a new message."""
    name, channel, person, case, payload, at = letter
    return (name, "message", channel, person, case, payload, at, "waiting", 0, None, None, None, 0)


#: A new message; what it takes is made by `messages`.
OUTBOX = (
    "INSERT INTO outbox (id, kind, channel, recipient, case_id, payload, created_at, status, attempts, leases)"
    " VALUES (?, 'message', ?, ?, ?, ?, ?, 'waiting', 0, 0)"
)


def firm_part(firm: str | None) -> str:
    """Return the part of a payload that names the firm, so that channels others read can leave it out."""
    return f'"firm":{quoted(firm)},' if firm else ""


def notified(title: str, firm: str | None) -> str:
    """Return the payload of what the clerks are told after a step."""
    return (
        f'{{"about":"notify",{firm_part(firm)}"text":{quoted(f"“{title}”已办理")},"title":{quoted(title)}}}'
    )
