"""What whoever looks after the deployment has to know each day: what failed, what expires, what nobody holds, what is stuck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.audit.seals import STREAM as SEALS
from engine.app.daemons.heartbeats import heartbeats
from engine.app.people.directory import Directory
from engine.app.registers.inspector_messages import ending_certificates
from engine.language import Message, say
from engine.yamltext.resource import read_resource

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

__all__ = ["DigestLine", "daily_digest"]

_LIMITS = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One line: what it is about, what is to be said, and whether somebody has to do something."""

    about: str
    text: Message
    needs_somebody: bool


@query("system.read")
def daily_digest(context: QueryContext) -> list[DigestLine]:
    """Return the lines of today, those that need somebody first."""
    limits: Mapping[str, int] = read_resource(_LIMITS)
    found = [
        *_failed(context.transaction),
        *_backup(context, limits),
        *_seal(context, limits),
        *_daemons(context, limits),
        *_expiring(context, limits),
        *_calendar(context, limits),
        *_unheld(context),
        *_jobs(context),
    ]
    return sorted(found, key=lambda line: not line.needs_somebody)


def _failed(transaction: Transaction) -> Iterator[DigestLine]:
    counts = transaction.outbox.counts()
    messages = sum(count for (_, status), count in counts.items() if status == "incident")
    timers = len(transaction.timers.incidents())
    yield DigestLine("deliveries", say("没有送出去的消息：{count} 条", count=messages), messages > 0)
    yield DigestLine("incidents", say("搁置的定时：{count} 个", count=timers), timers > 0)


def _backup(context: QueryContext, limits: Mapping[str, int]) -> Iterator[DigestLine]:
    events = context.transaction.events
    last = events.last("office")
    made: datetime | None = None
    if last is not None:
        entries = limits["backup_entries"]
        for event in events.of("office", after=max(0, last.seq - entries), limit=entries):
            if event.kind == "done" and event.body.get("verb") == "system.backup":
                made = event.at
    if made is None:
        yield DigestLine("backups", say("近期没有备份"), True)
        return
    days = (context.now - made).days
    yield DigestLine("backups", say("上一次备份在 {days} 天前", days=days), days > limits["backup_days"])


def _seal(context: QueryContext, limits: Mapping[str, int]) -> Iterator[DigestLine]:
    last = context.transaction.events.last(SEALS)
    old = last is None or context.now - last.at > timedelta(days=limits["seal_days"])
    text = say("历史还没有封存") if last is None else say("上一次封存：{day}", day=str(last.body.get("day")))
    yield DigestLine("seal", text, old)


def _daemons(context: QueryContext, limits: Mapping[str, int]) -> Iterator[DigestLine]:
    silent = timedelta(minutes=limits["silent_minutes"])
    living = [one for one in heartbeats(context.transaction) if one.alive(context.now, silent)]
    text = say("守护进程在运行") if living else say("没有守护进程在运行：时限不走，消息不发")
    yield DigestLine("daemons", text, not living)


def _expiring(context: QueryContext, limits: Mapping[str, int]) -> Iterator[DigestLine]:
    transaction, now = context.transaction, context.now
    ahead = limits["ending_days"]
    until = now + timedelta(days=ahead)
    tokens = [
        one.id for one in transaction.tokens.all() if one.revoked_at is None and now < one.expires_at <= until
    ]
    if tokens:
        yield DigestLine("tokens", say("{days} 天内到期的令牌：{ids}", days=ahead, ids=tokens[:10]), True)
    ending = [entry.name for entry, _ in ending_certificates(transaction, now.date(), ahead)]
    if ending:
        text = say(
            "{days} 天内到期的执法证件：{names} 等 {count} 人",
            days=ahead,
            names=ending[:5],
            count=len(ending),
        )
        yield DigestLine("certificates", text, True)


def _calendar(context: QueryContext, limits: Mapping[str, int]) -> Iterator[DigestLine]:
    time = context.source.definitions.time
    today = context.now.astimezone(time.zone).date()
    wanted = today.year + 1 if today.month >= limits["notice_month"] else today.year
    missing = wanted not in time.calendar.published
    text = (
        say("{year} 年的放假安排还没有录入，时限暂按周末计", year=wanted)
        if missing
        else say("{year} 年的放假安排已录入", year=wanted)
    )
    yield DigestLine("calendar", text, missing)


def _unheld(context: QueryContext) -> Iterator[DigestLine]:
    """Name the roles of the bureau nobody holds: what is for them reaches nobody."""
    bureau = context.bureau
    if bureau is None:
        return
    people = Directory(context.transaction)
    empty = [role.title for role in bureau.roles.values() if not people.holders(role.id, None)]
    if empty:
        yield DigestLine("roles", say("没有人担任的角色：{titles}", titles=empty[:10]), True)


def _jobs(context: QueryContext) -> Iterator[DigestLine]:
    stuck = [
        one.id
        for one in context.transaction.jobs.all()
        if one.put_off or (not one.over and one.claimed_until is not None and one.claimed_until < context.now)
    ]
    failed = [one.id for one in context.transaction.jobs.all() if one.state.value == "failed"]
    if stuck or failed:
        yield DigestLine("jobs", say("停住或失败的作业：{ids}", ids=[*stuck, *failed][:10]), True)
