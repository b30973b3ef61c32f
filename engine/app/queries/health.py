"""The health of a running deployment, as the doctor checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.app.access.query import QueryContext, query
from engine.app.audit.seals import STREAM
from engine.app.daemons.heartbeats import clock_skew, heartbeats
from engine.app.ports.records import Heartbeat
from engine.app.sign_in.mode import REQUIRED, sign_in_mode

__all__ = ["DeploymentHealth", "Heartbeat", "read_health"]

#: Histories nearly every act of the deployment itself is entered into.
_HISTORIES = ("office", "definitions")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentHealth:
    """Counts and instants; no case and no person."""

    now: datetime
    events: int
    people: int
    #: Timers set aside, and messages that could not be delivered.
    incidents: int
    undelivered: int
    #: Messages that wait to be sent.
    waiting: int
    #: Jobs whose next piece waits because the environment failed: id -> why.
    put_off: Mapping[str, str]
    #: When the next timer is due.
    next_at: datetime | None
    #: The newest entry of the histories of the deployment itself.
    last_entry_at: datetime | None
    last_seal_at: datetime | None
    #: The day of that seal, as it was written.
    last_seal_day: str
    #: Whether people have to prove who they are.
    requires_sign_in: bool
    has_passwords: bool
    has_tokens: bool
    daemons: Sequence[Heartbeat]
    #: The daemons that have shown themselves lately.
    living: Sequence[Heartbeat]
    #: Of the daemons that are alive: the one whose clock is most ahead, the one most behind, and how far apart they are.
    skew: tuple[Heartbeat, Heartbeat, timedelta] | None
    #: The published workflows.
    workflows: Sequence[str]


@query("system.read")
def read_health(context: QueryContext, silent: timedelta) -> DeploymentHealth:
    """Return the health of the deployment; a daemon that was `silent` for longer does not count as alive."""
    transaction, now = context.transaction, context.now
    counts = transaction.outbox.counts()
    known = heartbeats(transaction)
    living = [one for one in known if one.alive(now, silent)]
    last = [event.at for name in _HISTORIES if (event := transaction.events.last(name))]
    sealed = transaction.events.last(STREAM)
    return DeploymentHealth(
        now=now,
        events=transaction.events.count(),
        people=transaction.registers.summary().get("people", (0, None))[0],
        incidents=len(transaction.timers.incidents()),
        undelivered=sum(count for (_, status), count in counts.items() if status == "incident"),
        waiting=sum(count for (_, status), count in counts.items() if status == "waiting"),
        put_off={job.id: why for job in transaction.jobs.all() if (why := job.put_off) is not None},
        next_at=transaction.timers.next_at(),
        last_entry_at=max(last, default=None),
        last_seal_at=sealed.at if sealed else None,
        last_seal_day=str(sealed.body.get("day")) if sealed else "",
        requires_sign_in=sign_in_mode(transaction, {}) == REQUIRED,
        has_passwords=transaction.credentials.exist(),
        has_tokens=bool(transaction.tokens.all()),
        daemons=known,
        living=living,
        skew=clock_skew(living),
        workflows=list(dict.fromkeys(version.workflow for version in transaction.definitions.versions())),
    )
