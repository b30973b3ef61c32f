"""Every way of writing a row: an act for each method of a repository that writes, so that none goes unstated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from sample_rows import (
    HARD,
    NOW,
    after,
    make_case,
    make_chain,
    make_delegation,
    make_entry,
    make_heartbeat,
    make_inbox,
    make_outgoing,
    make_personal_value,
    make_reading,
    make_session,
    make_task,
    make_timer,
    make_token,
)

from engine.app.history.journal import add_entry
from engine.app.ports import repositories, sign_in, task_query
from engine.app.ports.audit.personal_values import PersonalValues
from engine.app.ports.audit.readings import Pruning, Readings
from engine.app.ports.drafts import Drafts
from engine.app.ports.jobs import JobRecord, Jobs, JobState
from engine.app.ports.papers import (
    KeptFile,
    NumberStatus,
    PaperFact,
    PaperNumber,
    PaperRecord,
    Papers,
    PaperState,
)
from engine.app.ports.proposals import Proposals
from engine.app.ports.records import (
    Credential,
    Document,
    Draft,
    DrawRow,
    FailedAttempt,
    IdempotencyRecord,
    Proposal,
    Publication,
    Snapshot,
    Version,
)
from engine.app.ports.retention import Retention, RetentionRecord, RetentionState
from engine.app.ports.signatures import SignatureRecord, SignatureRecords, SigningWay
from engine.app.ports.store import Store, Transaction


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def texts(*contents: bytes) -> Mapping[str, bytes]:
    return {digest(content): content for content in contents}


Act = Callable[[Transaction], object]

#: Repository of a transaction -> its protocol.
PROTOCOLS: Mapping[str, type] = {
    "cases": repositories.Cases,
    "events": repositories.Events,
    "tasks": task_query.Tasks,
    "timers": repositories.Timers,
    "outbox": repositories.Outbox,
    "inbox": repositories.Inbox,
    "registers": repositories.Registers,
    "records": repositories.Records,
    "definitions": repositories.Definitions,
    "settings": repositories.Settings,
    "delegations": repositories.Delegations,
    "credentials": sign_in.Credentials,
    "tokens": sign_in.Tokens,
    "web_sessions": sign_in.WebSessions,
    "readings": Readings,
    "personal_values": PersonalValues,
    "pruning": Pruning,
    "sign_in_attempts": sign_in.SignInAttempts,
    "daemons": repositories.Daemons,
    "papers": Papers,
    "proposals": Proposals,
    "drafts": Drafts,
    "signatures": SignatureRecords,
    "retention": Retention,
    "jobs": Jobs,
}

#: What only reads.
READS = frozenset([
    "cases.get", "cases.many", "cases.lock_available", "cases.find", "cases.count",
    "cases.has_open_children_outside", "cases.count_children", "cases.last_number", "events.of", "events.last", "events.newest",
    "events.streams", "events.hashes", "events.hashes_at", "events.last_hashes", "events.stored", "events.count", "tasks.of_keys", "tasks.of_case",
    "tasks.all", "tasks.page", "tasks.count_cases", "timers.due", "timers.due_before", "timers.next_at", "timers.incidents", "timers.of_case",
    "timers.provisional", "timers.count", "outbox.take", "outbox.listed", "outbox.counts", "inbox.of",
    "registers.get", "registers.all", "registers.some", "registers.mentioning", "registers.summary",
    "registers.snapshots", "registers.changed_at", "registers.unchanged_since", "personal_values.some", "personal_values.past",
    "personal_values.of_subject", "records.draw", "records.draws", "records.publications", "records.documents", "records.count_documents", "records.made_documents", "records.log_lines", "records.draw_key", "records.evidence", "records.draws_before",
    "registers.get", "registers.all", "registers.some", "registers.mentioning", "registers.with_role", "registers.summary",
    "registers.snapshots", "records.draw", "records.draws", "records.publications", "records.documents", "records.count_documents", "records.log_lines", "records.draw_key", "records.evidence",
    "papers.get", "papers.of_case", "papers.next_number", "papers.number", "papers.numbers", "papers.number_of",
    "papers.files",
    "proposals.all", "proposals.get", "drafts.get", "drafts.of",
    "signatures.of_case", "retention.get", "retention.all", "jobs.get", "jobs.waiting", "jobs.all", "jobs.last_number",
    "timers.incident", "outbox.incident",
    "definitions.text", "definitions.version", "definitions.versions", "settings.get", "settings.names",
    "delegations.all", "credentials.get", "credentials.exist", "tokens.get", "tokens.all", "web_sessions.get", "web_sessions.all",
    "readings.known", "readings.newest",
    "sign_in_attempts.of", "daemons.get", "daemons.all", "daemons.last_at",
])  # fmt: skip
#: What writes only columns that are left out, each for a reason (`engine.store.row_parts`).
UNSTATED = frozenset(["outbox.lease", "outbox.extend_lease", "outbox.return_lease"])

_CASES = {name: make_case(name) for name in ("w-1", "w-2", "w-3", "w-4")}
_PAPER = PaperRecord(
    id="w-1/notice/1",
    case="w-1",
    kind="notice",
    document="w-1/1",
    facts=(PaperFact(PaperState.DRAFTED, NOW.date(), NOW, "p-1", HARD),),
)
_NUMBER = PaperNumber(series="notice", year=2027, number=1, text="〔2027〕1号", status=NumberStatus.OPEN)
_FILE = KeptFile(
    id="w-1/F1",
    case="w-1",
    title=HARD,
    name="a.pdf",
    sha256=digest(b"a"),
    size=1,
    type="pdf",
    at=NOW,
    by="p-1",
)
_PROPOSAL = Proposal("p-1", "person.change", "anna", "0" * 64, {"a": 1}, "p-1", NOW)
_SIGNED = SignatureRecord(
    id="w-1/S1",
    case="w-1",
    record="visit",
    sha256="ab" * 32,
    person="anna",
    way=SigningWay.SYSTEM,
    device=HARD,
    at=NOW,
    by="anna",
)
_BINNED = RetentionRecord(
    case="w-1", state=RetentionState.BIN, at=NOW, by="anna", reason=HARD, until=None, destroyed={}
)
_JOB = JobRecord(
    id="job-1",
    number=1,
    kind="archive",
    words={"a": HARD},
    pieces=("w-1",),
    state=JobState.QUEUED,
    made_by="anna",
    made_at=NOW,
)
_DRAFT = Draft("anna", "w-1", "check", "visit", 1, "open", NOW, {"a": 1}, NOW)
_DRAW = DrawRow("w-1", 1, "committed", {"log": ["a", "b"]}, NOW)
_ITEMS = [make_outgoing(f"o-{n}") for n in range(7)]


def _moved(name: str, state: str) -> tuple[object, int]:
    return replace(_CASES[name], rev=2, head="b" * 64, state=state), 1


#: Name of the method -> acts, done in this order, each in a transaction of its own.
ACTS: Mapping[str, tuple[Act, ...]] = {
    "cases.add": (lambda t: t.cases.add(list(_CASES.values())),),
    "cases.save": (lambda t: t.cases.save(*_moved("w-1", "inspected")),),  # type: ignore[arg-type]  # a case
    "cases.save_many": (lambda t: t.cases.save_many([_moved("w-2", "inspected")]),),  # type: ignore[list-item]  # a case
    "cases.save_moved": (lambda t: t.cases.save_moved([_moved("w-4", "inspected")]),),  # type: ignore[list-item]  # a case
    "cases.save_in_place": (lambda t: t.cases.save_in_place([_moved("w-3", "assigned")]),),  # type: ignore[list-item]  # a case
    "cases.number": (lambda t: t.cases.number("other", 3), lambda t: t.cases.number("other")),
    "events.append": (lambda t: t.events.append([*make_chain("s-1", 2), *make_chain("s-2", 1)]),),
    "tasks.put": (
        lambda t: t.tasks.put([make_task("w-1"), make_task("w-1", "r:x"), make_task("w-2")]),
        lambda t: t.tasks.put([make_task("w-2", assignee="p-9")]),
    ),
    "tasks.replace": (lambda t: t.tasks.replace(["w-2", "w-3"], [make_task("w-3"), make_task("w-2", "r:x")]),),
    "tasks.drop": (lambda t: t.tasks.drop(["w-1"]),),
    "timers.put": (
        lambda t: t.timers.put([make_timer("w-1"), make_timer("w-2"), make_timer("w-2", "b"), make_timer("w-3")]),
    ),
    "timers.replace": (
        lambda t: t.timers.replace([("w-3", "state")], [make_timer("w-3", "other")]),
        lambda t: t.timers.replace([("w-3", "other")], [make_timer("w-3")]),
        lambda t: t.timers.replace([("w-2", "b"), ("w-3", "state")], [make_timer("w-3"), make_timer("w-2", "b")]),
    ),
    "timers.drop": (lambda t: t.timers.drop([("w-1", "state")]),),
    "timers.set_aside": (
        lambda t: t.timers.set_aside(make_timer("w-2"), "failed"),
        lambda t: t.timers.set_aside(make_timer("w-3"), "failed"),
        lambda t: t.timers.put([make_timer("w-3", at=after(days=2))]),
    ),
    "outbox.put": (lambda t: t.outbox.put(_ITEMS), lambda t: t.outbox.put([make_outgoing("o-0", kind="site"), make_outgoing("o-9")])),
    "outbox.lease": (lambda t: t.outbox.lease(["o-0"], after(hours=1), "leased"),),
    "outbox.extend_lease": (lambda t: t.outbox.extend_lease(["o-0"], after(hours=2)),),
    "outbox.return_lease": (lambda t: t.outbox.return_lease([_ITEMS[0]]),),
    "outbox.sent": (lambda t: t.outbox.sent(["o-1", "o-2", "unknown"], after(hours=1)),),
    "outbox.failed": (
        lambda t: t.outbox.failed("o-3", "no answer", after(hours=1)),
        lambda t: t.outbox.failed("o-4", "no answer", None),
        lambda t: t.outbox.failed("o-5", "no answer", None),
        lambda t: t.outbox.failed("o-6", "no answer", None),
    ),
    "outbox.retry": (lambda t: t.outbox.retry("o-5"),),
    "outbox.dismiss": (lambda t: t.outbox.dismiss("o-6"),),
    "inbox.put": (
        lambda t: t.inbox.put([make_inbox("i-1"), make_inbox("i-2")]),
        lambda t: t.inbox.put([make_inbox("i-1", text="another"), make_inbox("i-3")]),
    ),
    "inbox.ack": (lambda t: t.inbox.ack("p-1", ["i-2", "unknown"], after(hours=1)),),
    "registers.put": (
        lambda t: t.registers.put([make_entry("a"), make_entry("b"), make_entry("c")], NOW),
        lambda t: t.registers.put([make_entry("b", data={"credit": "C"})], after(days=1)),
    ),
    "registers.remove": (lambda t: t.registers.remove("objects", ["c", "unknown"]),),
    "registers.put_snapshot": (
        lambda t: t.registers.put_snapshot(Snapshot("f-1", "objects", NOW, 2, digest(HARD.encode()), "1" * 64, HARD.encode(), "p-1")),
    ),
    "records.put_draw": (
        lambda t: t.records.put_draw(_DRAW),
        lambda t: t.records.put_draw(replace(_DRAW, case="w-2")),
    ),
    "records.add_draw_line": (
        lambda t: t.records.add_draw_line("w-1", 1, 3, "c"),
        lambda t: t.records.add_draw_line("w-2", 1, 3, "c"),
        lambda t: t.records.put_draw(replace(_DRAW, case="w-2", record={"log": ["a", "b", "c"]})),
    ),
    "records.add_log_line": (lambda t: t.records.add_log_line(1, "a"), lambda t: t.records.add_log_line(2, "b")),
    "records.put_draw_key": (lambda t: t.records.put_draw_key("w-1", 1, b"key"),),
    "records.put_evidence": (lambda t: t.records.put_evidence(digest(b"paper"), b"paper"),),
    "records.forget_draw_key": (
        lambda t: t.records.put_draw_key("w-2", 1, b"key"),
        lambda t: t.records.forget_draw_key("w-2", 1),
    ),
    "records.forget_evidence": (
        lambda t: t.records.put_evidence(digest(b"note"), b"note"),
        lambda t: t.records.forget_evidence(digest(b"note")),
    ),
    "papers.put": (
        lambda t: t.papers.put(_PAPER),
        lambda t: t.papers.put(replace(_PAPER, number="〔2027〕1号")),
    ),
    "papers.add_number": (lambda t: t.papers.add_number(_NUMBER),),
    "papers.set_number": (
        lambda t: t.papers.set_number(replace(_NUMBER, status=NumberStatus.GIVEN, paper="w-1/notice/1", on=NOW.date()), NumberStatus.OPEN),
    ),
    "papers.add_file": (lambda t: t.papers.add_file(_FILE),),
    "papers.call_file": (lambda t: t.papers.call_file(_FILE.id, "另称", "b.pdf"),),
    "proposals.add": (
        lambda t: t.proposals.add(_PROPOSAL),
        lambda t: t.proposals.add(replace(_PROPOSAL, id="p-2")),
    ),
    "proposals.decide": (lambda t: t.proposals.decide(_PROPOSAL, "rejected", "p-9", after(hours=1), HARD),),
    "drafts.put": (
        lambda t: t.drafts.put(_DRAFT),
        lambda t: t.drafts.put(replace(_DRAFT, step="again", answers={"a": HARD})),
    ),
    "drafts.drop": (lambda t: t.drafts.drop("anna", "w-1", "check"),),
    "signatures.add": (lambda t: t.signatures.add(_SIGNED),),
    "retention.put": (
        lambda t: t.retention.put(_BINNED),
        lambda t: t.retention.put(replace(_BINNED, state=RetentionState.KEPT)),
    ),
    "jobs.add": (lambda t: t.jobs.add(_JOB),),
    "jobs.set": (lambda t: t.jobs.set(replace(_JOB, done=1, failed={"w-1": HARD}), _JOB),),
    "records.put_publication": (
        lambda t: t.records.put_publication(
            Publication(id="u-1", kind="result", case="w-1", title=HARD, body={"a": 1}, published_at=NOW)
        ),
    ),
    "records.put_document": (
        lambda t: t.records.put_document(Document("d-1", "w-1", "notice", "a.html", digest(b"<p>"), b"<p>", NOW)),
    ),
    "definitions.put_texts": (
        lambda t: t.definitions.put_texts(texts(b"title: a", b"title: b")),
        lambda t: t.definitions.put_texts({**texts(b"title: c"), digest(b"title: a"): b"changed"}),
    ),
    "definitions.add_version": (
        lambda t: t.definitions.add_version(Version("other", 1, "x", {"a.yaml": "x"}, NOW, "p-1")),
    ),
    "settings.put": (lambda t: t.settings.put("a", [1]), lambda t: t.settings.put("b", {"c": HARD})),
    "settings.drop": (lambda t: t.settings.drop("a"),),
    "delegations.add": (
        lambda t: t.delegations.add(make_delegation("e-1")),
        lambda t: t.delegations.add(make_delegation("e-2")),
    ),
    "delegations.end": (lambda t: t.delegations.end("e-2"),),
    "credentials.put": (lambda t: t.credentials.put(Credential("p-1", "argon2", NOW)),),
    "tokens.add": (lambda t: t.tokens.add(make_token("t-1")), lambda t: t.tokens.add(make_token("t-2"))),
    "web_sessions.add": (lambda t: t.web_sessions.add(make_session("s-1")), lambda t: t.web_sessions.add(make_session("s-2"))),
    "web_sessions.end": (lambda t: t.web_sessions.end("s-2", NOW),),
    "readings.add": (lambda t: t.readings.add([make_reading("p-1"), make_reading("p-2")]),),
    "personal_values.add": (lambda t: t.personal_values.add([make_personal_value("v-1"), make_personal_value("v-2")]),),
    "personal_values.destroy": (lambda t: t.personal_values.destroy(["v-2", "unknown"]),),
    "pruning.prune": (lambda t: t.pruning.prune("readings", after(days=1), 1),),
    "tokens.revoke": (lambda t: t.tokens.revoke("t-2", NOW),),
    "sign_in_attempts.add": tuple(
        lambda t, key=key, n=n: t.sign_in_attempts.add(FailedAttempt(key, n, NOW))  # type: ignore[misc]  # mypy cannot infer a default
        for key in ("person:a", "person:b")
        for n in (1, 2, 3)
    ),
    "sign_in_attempts.drop": (
        lambda t: t.sign_in_attempts.drop("person:a"),
        lambda t: t.sign_in_attempts.drop("person:b", up_to=2),
    ),
    "daemons.put": (
        lambda t: t.daemons.put(make_heartbeat("h-1")),
        lambda t: t.daemons.put(make_heartbeat("h-2", at=after(days=-9))),
        lambda t: t.daemons.put(make_heartbeat("h-1", version="0.2.0")),
    ),
    "daemons.drop_before": (lambda t: t.daemons.drop_before(after(days=-1)),),
    "record_request": (lambda t: t.record_request(IdempotencyRecord("q-1", "0" * 64, {"a": 1}, NOW)),),
}  # fmt: skip


#: Repository -> the history its rows are entered into by those who write them.
ENTERED = {
    "credentials": "sign-in",
    "tokens": "sign-in",
    "delegations": "delegations",
    "definitions": "definitions",
    "registers": "register:objects",
    "papers": "office",
    "records": "office",
    "signatures": "office",
    "retention": _BINNED.case,
}


def written_by_all(store: Store, *, but: str = "-") -> list[str]:
    """Do every act whose name does not begin with `but`; return those after which there was no statement more."""
    silent = []
    for name, acts in ACTS.items():
        if name.startswith(but):
            continue
        for act in acts:
            with store.read() as transaction:
                before = transaction.statements.last()
            with store.write() as transaction:
                act(transaction)
                history = ENTERED.get(name.partition(".")[0])
                if history is not None and name not in READS:
                    add_entry(transaction, NOW, "done", "p-1", {}, history)
            with store.read() as transaction:
                if transaction.statements.last() == before:
                    silent.append(name)
    return silent
