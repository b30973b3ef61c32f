"""A small bureau in which every command has something to do, and what stands in its store, without what is made at random."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.commands.application import Application, CommandResult
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions
from engine.app.history.journal import add_entry
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import CaseFilter, InboxEntry, OutboxItem, RegisterEntry, Timer
from engine.app.ports.store import Store, Transaction
from engine.app.registers.import_entries import plan_entries, write_entries
from engine.app.session.new_case import NewCase
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

NOW = datetime(2024, 9, 2, 2, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
CASE = "matter-1"
DELEGATION_DAYS = (date(2024, 9, 10), date(2024, 9, 12))

BUREAU = """\
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股, south: 南片股}
roles:
  leading_office: {title: 牵头股室, scope: bureau}
  roster_admin: {title: 名录管理员, scope: bureau}
  clerk: {title: 经办人, scope: section}
  chief: {title: 股长, scope: section}
papers:
  agency: 示
  series: {letter: {title: 函, pattern: "{agency}函〔{year}〕{n}号", papers: [letter]}}
"""
MATTER = """\
workflow: matter
title: 办件
about: none
initial: drafting
start: {by: clerk}
parties: {team: 办理组}
states:
  drafting:
    title: 草拟
    for: clerk
    deadline: 5 working days
    verbs:
      - claim
      - reassign: {by: [clerk, chief], among: [clerk, chief]}
      - extend: {by: chief, max: 3 working days}
      - suspend: {by: [clerk, chief]}
      - urge: {by: chief, times: 3, receipt: true}
      - ask: {by: clerk, among: [clerk, chief]}
      - circulate: {by: [clerk, chief]}
      - correct: {by: [clerk, chief]}
      - entrust: {by: clerk, among: [clerk, chief]}
      - void: {by: clerk, to: void, approve: chief}
  signing:
    title: 会签
    for: chief
    verbs:
      - return: {by: [chief, clerk], to: [drafting]}
      - withdraw
      - add_signer: {by: chief, among: [clerk, chief]}
      - drop_signer: {by: chief}
  closed: {title: 办结, final: true}
  void: {title: 作废, final: true}
transitions:
  - {do: note, title: 补记, from: drafting}
  - {do: describe, title: 说明, from: drafting, form: slip}
  - {do: submit, title: 送签, from: drafting, to: signing, then: [{assign: {team: "= ['carl', 'cleo']"}}]}
  - {do: sign, title: 签署, from: signing, to: closed, sign: {mode: all, by: team}}
"""
SLIP = """\
form: slip
title: 说明
fields:
  - subject: {title: 事由}
"""
#: id -> section, roles. Everybody is made up.
PEOPLE: dict[str, tuple[str | None, list[str]]] = {
    "lena": (None, ["leading_office"]),
    "rosa": (None, ["roster_admin"]),
    "anna": ("north", ["clerk"]),
    "anton": ("north", ["clerk"]),
    "carl": ("north", ["chief"]),
    "cleo": ("north", ["chief"]),
}


class Files:
    """Keeps nothing but says under which digest it would."""

    def put(self, content: bytes) -> str:
        """Return the digest."""
        return hashlib.sha256(content).hexdigest()

    def get(self, sha256: str) -> bytes | None:
        """Return nothing: it is never asked here."""
        return None

    def remove(self, sha256: str) -> None:
        """Do nothing: nothing is kept."""


@cache
def definitions(title: str = "办件") -> Loaded:
    """Return the checked definitions."""
    matter = MATTER.replace("title: 办件", f"title: {title}")
    texts = {"bureau.yaml": BUREAU, "matter.yaml": matter, "slip.yaml": SLIP}
    loaded = load_files(texts)
    assert loaded.sound, [str(problem) for problem in loaded.problems]
    return loaded


@cache
def timekeeping() -> DeadlineCalculator:
    """Return the time of the bureau."""
    return DeadlineCalculator(load_calendar([]), ZONE, time(9))


def application_over(store: Store, known: DefinitionCache | None = None, seconds: int = 0) -> Application:
    """Return an application, as another process would open it, so many seconds later."""
    clock = VirtualClock(NOW + timedelta(seconds=seconds))
    known = known or DefinitionCache(timekeeping())
    return Application(store, clock, known, channels=("log",), files=Files())


def furnish(store: Store) -> None:
    """Fill an empty store: people, registers, a case that runs, messages, incidents."""
    people = [
        RegisterEntry("people", name, name.title(), section, {"roles": roles})
        for name, (section, roles) in PEOPLE.items()
    ]
    objects = [RegisterEntry("objects", f"E{number}", f"示例{number}", None, {}) for number in range(1, 5)]
    with store.write() as transaction:
        add_versions(transaction, definitions(), NOW, SYSTEM)
        for kind, entries in (("people", people), ("objects", objects)):
            write_entries(transaction, NOW, plan_entries(kind, {}, entries, source="set up"), SYSTEM)
        transaction.inbox.put(
            [
                InboxEntry(
                    id=f"m{number}", recipient="anna", case=CASE, about="reminded", title="示例",
                    text="提醒", urgent=False, created_at=NOW,
                )
                for number in (1, 2)
            ]
        )  # fmt: skip
        transaction.outbox.put(
            [
                OutboxItem(
                    id=f"lost{number}", kind="message", channel="log", recipient="anna", case=None,
                    payload={}, created_at=NOW,
                )
                for number in (1, 2)
            ]
        )  # fmt: skip
        for number in (1, 2):
            transaction.outbox.failed(f"lost{number}", "坏了", None)
        # What is put by hand is stated with an entry of a history that no scenario looks at.
        add_entry(transaction, NOW, "furnished", "lena", {}, "furnished")
        for number in (1, 2, 3):
            fact = PaperFact(PaperState.DRAFTED, NOW.date(), NOW, "anna")
            states = [fact, replace(fact, state=PaperState.APPROVED)][:number]
            transaction.papers.put(
                PaperRecord(
                    id=f"{CASE}/letter/{number}", case=CASE, kind="letter", document="", facts=tuple(states)
                )
            )
    application = application_over(store)
    done(application.start("matter", "anna", NewCase(title="示例", section="north")))
    done(application.start("matter", "anna", NewCase(title="又一件", section="north")))
    with store.write() as transaction:
        for number in (1, 2):
            broken = Timer("matter-2", f"after:broken{number}", NOW - timedelta(hours=1))
            transaction.timers.put([broken])
            transaction.timers.set_aside(broken, "坏了")


class RefusedError(AssertionError):
    """A command of a case that should have been done was refused."""


def done(outcome: object) -> CommandResult:
    """Return what a command of a case answered. Raises RefusedError."""
    if not isinstance(outcome, CommandResult):
        raise RefusedError(str(outcome))
    return outcome


#: Values of events that are made at random, or count the entries before them. A server counts positions on for what it
#: took back, too.
_AT_RANDOM = ("token", "hash", "sha256", "root", "entry", "request", "position", "session", "proposal")
#: Lists of ids that are made at random: how many there are is the same in two stores.
_COUNTED = ("ended_tokens", "ended_sessions", "sessions")


def contents(transaction: Transaction) -> dict[str, Any]:
    """Return what stands in a store, so that two stores in which the same was done are equal.

    Refused attempts are compared as a set: each is kept in a transaction of its own, after whatever came meanwhile.
    """
    cases = transaction.cases.find(CaseFilter())
    histories: dict[str, list[str]] = {}
    refused: list[str] = []
    for stream in transaction.events.streams():
        for event in transaction.events.of(stream):
            if event.kind == "refused":
                refused.append(_text([stream, event.actor, event.body.get("verb")]))
            else:
                histories.setdefault(stream, []).append(
                    _text([event.kind, event.actor, _scrubbed(event.body)])
                )
    # Sealed is what was there at the moment; which of two entries came first is not the same in two stores.
    histories.pop("seal", None)
    # The number of a proposal counts those before it.
    histories["proposals"] = [
        _text([kind, who, {key: value for key, value in body.items() if key != "id"}])
        for kind, who, body in map(json.loads, histories.get("proposals", ()))
    ]
    for name in ("office", "sign-in", "proposals"):
        histories[name] = sorted(histories.get(name, ()))
    return {
        "cases": [_text([c.id, c.state, c.assignee, c.open, dict(c.fields), _plain(c.parties), _plain(c.signing), _plain(c.asked), _plain(c.copies), _plain(c.entrusted), _plain(c.clocks)]) for c in cases],
        "tasks": sorted(_text([t.case, t.key, t.state, t.assignee]) for t in transaction.tasks.all()),
        "timers": sorted(_text([t.case, t.name, str(t.at)]) for c in cases for t in transaction.timers.of_case(c.id)),
        "incidents": sorted(_text([t.case, t.name]) for t, _ in transaction.timers.incidents()),
        "outbox": sorted(_text([o.kind, o.recipient, o.case, o.status, o.attempts]) for o in transaction.outbox.listed()),
        "inbox": sorted(_text([i.recipient, i.about, i.text, i.acked_at is not None]) for person in PEOPLE for i in transaction.inbox.of(person)),
        "registers": [_text([e.id, e.name, e.section, _plain(e.data)]) for kind in ("objects", "people", "inspectors") for e in transaction.registers.all(kind)],
        "snapshots": sorted(s.sha256 for s in transaction.registers.snapshots()),
        "draws": [_text([d.case, d.number, d.status, len(d.log)]) for d in transaction.records.draws()],
        "documents": sorted(_text([d.kind, d.name]) for c in cases for d in transaction.records.documents(c.id)),
        "versions": [_text([v.workflow, v.number, v.digest]) for v in transaction.definitions.versions()],
        "settings": {name: _text(transaction.settings.get(name)) for name in transaction.settings.names("")},
        "delegations": [_text([d.id, d.principal, d.delegate, d.ended]) for d in transaction.delegations.all()],
        "tokens": sorted(_text([t.person, t.label, t.revoked_at is not None]) for t in transaction.tokens.all()),
        "passwords": [person for person in PEOPLE if transaction.credentials.get(person)],
        "failures": [len(transaction.sign_in_attempts.of(f"person:{person}")) for person in PEOPLE],
        "drafts": sorted(_text([d.person, d.case, d.step, dict(d.answers)]) for person in PEOPLE for d in transaction.drafts.of(person)),
        "jobs": [_text([j.id, j.kind, dict(j.words), list(j.pieces), j.state, j.done, dict(j.failed)]) for j in transaction.jobs.all()],
        "dispositions": [_text([r.case, r.state, r.by, r.reason]) for r in transaction.retention.all()],
        "proposals": sorted(_text([p.use_case, p.about, p.by, p.status, p.decided_by, p.reason]) for p in transaction.proposals.all()),
        "sessions": sorted(_text([s.kind, s.person, s.credential, s.ended_at is not None]) for s in transaction.web_sessions.all()),
        "signatures": sorted(_text([s.record, s.person, s.way]) for c in cases for s in transaction.signatures.of_case(c.id)),
        "sealed": sum(event.kind == "sealed" for event in transaction.events.of("seal")),
        "histories": histories,
        "refused": sorted(refused),
    }  # fmt: skip


def answer_of(outcome: object) -> str:
    """Return what a command answered, without what is made at random."""
    if isinstance(outcome, Refusal):
        return _text(["refused", sorted(reason.code for reason in outcome.reasons)])
    made = outcome.as_json() if hasattr(outcome, "as_json") else outcome
    if isinstance(made, dict):
        made = {key: value for key, value in made.items() if key not in (*_AT_RANDOM, "id", "rev")}
    return _text(["done", type(outcome).__name__, made])


def _scrubbed(body: Any) -> Any:
    return {
        key: len(value) if key in _COUNTED else _plain(value)
        for key, value in body.items()
        if key not in _AT_RANDOM
    }


def _plain(value: Any) -> Any:
    return json.loads(_text(value))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_default)


def _default(value: Any) -> Any:
    if hasattr(value, "as_json"):
        return value.as_json()
    if hasattr(value, "items"):
        return dict(value)
    return str(value)
