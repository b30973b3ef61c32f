"""The tables. Their columns are in the order in which `engine.store.codec` writes a row.

Texts sort by their bytes (on PostgreSQL the collation "C" says so), instants are texts that sort as instants do.
The conditions of partial indexes are given for SQLite; for PostgreSQL the revisions give them: naming them here as
well would import that dialect with every start.

There are no foreign keys: what belongs together is written in one transaction, and histories outlive cases.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    and_,
    text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()

#: The setting that says of a copy what it is a copy of; it is no part of what is copied.
COPY = "store/copied"

TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")


def _text(name: str) -> Column[str]:
    return Column(name, TEXT, nullable=False)


def _texts(*names: str) -> tuple[Column[str], ...]:
    return tuple(_text(name) for name in names)


def _maybe(name: str) -> Column[str | None]:
    return Column(name, TEXT, nullable=True)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


case = Table(
    "case",
    metadata,
    _text("id"),
    _text("workflow"),
    _number("version"),
    _text("state"),
    _number("rev"),
    _text("head"),
    _maybe("parent"),
    _maybe("section"),
    _maybe("subject_id"),
    *_texts("title", "opened_at", "entered_at"),
    _maybe("closed_at"),
    _maybe("suspended_at"),
    _maybe("assignee"),
    _text("body"),
    PrimaryKeyConstraint("id", name="case_pk"),
)
# Without the state: a case that moves on leaves this index alone.
_child = case.c.parent.is_not(None)
Index("case_parent", case.c.parent, case.c.workflow, sqlite_where=_child)
# "Are all children there?" jumps from state to state among the open ones and never meets the finished ones.
_open_child = and_(case.c.closed_at.is_(None), case.c.parent.is_not(None))
Index("case_open_child", case.c.parent, case.c.workflow, case.c.state, sqlite_where=_open_child)
Index("case_state", case.c.workflow, case.c.state)
_about = case.c.subject_id.is_not(None)
Index("case_subject", case.c.subject_id, sqlite_where=_about)

event = Table(
    "event",
    metadata,
    _text("stream"),
    _number("seq"),
    *_texts("at", "actor", "kind", "body", "previous", "hash"),
    PrimaryKeyConstraint("stream", "seq", name="event_pk"),
)

# Small rows that come and go with every step: on SQLite they are stored in their key alone.
task = Table(
    "task",
    metadata,
    *_texts("case_id", "key", "workflow", "state", "title", "case_title"),
    _maybe("section"),
    _maybe("assignee"),
    _maybe("due_on"),
    _maybe("due_at"),
    _flag("provisional"),
    _text("opened_at"),
    PrimaryKeyConstraint("case_id", "key", name="task_pk"),
    sqlite_with_rowid=False,
)
# In the order of a person's list, and with what its counts ask.
Index("task_key", task.c.key, task.c.due_at, task.c.case_id, task.c.assignee, task.c.due_on)
# In the order of the lists, so that one that is cut reads no more than it shows.
Index("task_due", task.c.due_at, task.c.case_id, task.c.key)
Index("task_section", task.c.section, task.c.due_at, task.c.case_id, task.c.key)

timer = Table(
    "timer",
    metadata,
    *_texts("case_id", "name", "at"),
    _flag("provisional"),
    _maybe("error"),
    PrimaryKeyConstraint("case_id", "name", name="timer_pk"),
    sqlite_with_rowid=False,
)
_asleep = timer.c.error.is_(None)
Index("timer_at", timer.c.at, timer.c.case_id, timer.c.name, sqlite_where=_asleep)
_aside = timer.c.error.is_not(None)
Index("timer_incident", timer.c.case_id, timer.c.name, sqlite_where=_aside)

outbox = Table(
    "outbox",
    metadata,
    *_texts("id", "kind", "channel"),
    _maybe("recipient"),
    _maybe("case_id"),
    *_texts("payload", "created_at", "status"),
    _number("attempts"),
    _maybe("next_at"),
    _maybe("sent_at"),
    _maybe("error"),
    Column("leases", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("id", name="outbox_pk"),
)
_waiting = text("status = 'waiting'")
Index("outbox_waiting", outbox.c.channel, outbox.c.created_at, outbox.c.id, sqlite_where=_waiting)
_incident = text("status = 'incident'")
Index("outbox_incident", outbox.c.created_at, outbox.c.id, sqlite_where=_incident)

inbox = Table(
    "inbox",
    metadata,
    _text("id"),
    _text("recipient"),
    _maybe("case_id"),
    *_texts("about", "title", "text"),
    _flag("urgent"),
    _text("created_at"),
    _maybe("acked_at"),
    PrimaryKeyConstraint("id", name="inbox_pk"),
)
Index("inbox_recipient", inbox.c.recipient, inbox.c.created_at, inbox.c.id)

register_entry = Table(
    "register_entry",
    metadata,
    *_texts("kind", "id", "name"),
    _maybe("section"),
    _text("data"),
    _text("changed_at"),
    PrimaryKeyConstraint("kind", "id", name="register_entry_pk"),
)
#: Entries that name roles: few among ten thousand inspectors.
NAMES_ROLES = text("replace(data, '\"roles\"', '') <> data")
Index(
    "register_entry_roles",
    register_entry.c.kind,
    register_entry.c.id,
    sqlite_where=NAMES_ROLES,
)
Index("register_entry_changed", register_entry.c.kind, register_entry.c.changed_at)

register_snapshot = Table(
    "register_snapshot",
    metadata,
    *_texts("id", "kind", "taken_at"),
    Column("row_count", BigInteger, nullable=False),
    _text("sha256"),
    _text("sm3"),
    Column("content", LargeBinary, nullable=False),
    _text("taken_by"),
    PrimaryKeyConstraint("id", name="register_snapshot_pk"),
)

draw = Table(
    "draw",
    metadata,
    _text("case_id"),
    _number("number"),
    *_texts("status", "record", "made_at"),
    PrimaryKeyConstraint("case_id", "number", name="draw_pk"),
)

#: Lines the log of a draw has grown by since its record was stored.
draw_line = Table(
    "draw_line",
    metadata,
    _text("case_id"),
    _number("number"),
    _number("seq"),
    _text("line"),
    PrimaryKeyConstraint("case_id", "number", "seq", name="draw_line_pk"),
)

#: The public log of the bureau over all its draws of ssj-draw/2, one line a row.
draw_log = Table(
    "draw_log", metadata, _number("seq"), _text("line"), PrimaryKeyConstraint("seq", name="draw_log_pk")
)

#: The key of a draw of ssj-draw/2, which lots and salts are made of. It is shown to nobody.
draw_key = Table(
    "draw_key",
    metadata,
    _text("case_id"),
    _number("number"),
    Column("key", LargeBinary, nullable=False),
    PrimaryKeyConstraint("case_id", "number", name="draw_key_pk"),
)

#: What was handed in to void a draw, remove an object or replace a person; the log names it by its SHA-256.
evidence = Table(
    "evidence",
    metadata,
    _text("sha256"),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("sha256", name="evidence_pk"),
)

publication = Table(
    "publication",
    metadata,
    *_texts("id", "kind", "case_id", "title", "body", "published_at"),
    _maybe("due_on"),
    _flag("late"),
    _maybe("withdrawn_at"),
    _maybe("withdrawn_because"),
    PrimaryKeyConstraint("id", name="publication_pk"),
)
Index("publication_case", publication.c.case_id)
Index("publication_kind", publication.c.kind, publication.c.published_at)

document = Table(
    "document",
    metadata,
    *_texts("id", "case_id", "kind", "name", "sha256"),
    Column("content", LargeBinary, nullable=False),
    _text("made_at"),
    PrimaryKeyConstraint("id", name="document_pk"),
)
Index("document_case", document.c.case_id)

# Papers, with what happened to each and when.
paper = Table(
    "paper",
    metadata,
    *_texts("id", "case_id", "made_at", "kind", "document", "state"),
    _maybe("number"),
    _maybe("replaces"),
    _text("facts"),
    PrimaryKeyConstraint("id", name="paper_pk"),
)
Index("paper_case", paper.c.case_id, paper.c.made_at, paper.c.id)

# Every number of a series that was given, skipped or made void.
paper_number = Table(
    "paper_number",
    metadata,
    _text("series"),
    _number("year"),
    _number("number"),
    _text("text"),
    _text("status"),
    _maybe("paper"),
    _maybe("dated_on"),
    _maybe("given_by"),
    _flag("out_of_order"),
    _maybe("reason"),
    PrimaryKeyConstraint("series", "year", "number", name="paper_number_pk"),
)
Index(
    "paper_number_open",
    paper_number.c.series,
    paper_number.c.year,
    paper_number.c.number,
    sqlite_where=text("status = 'open'"),
)
Index("paper_number_paper", paper_number.c.paper)

# What is known of the files of cases; their bytes are in the store of files of the deployment.
kept_file = Table(
    "kept_file",
    metadata,
    *_texts("id", "case_id", "title", "name", "sha256"),
    Column("size", BigInteger, nullable=False),
    *_texts("type", "kept_at", "kept_by"),
    PrimaryKeyConstraint("id", name="kept_file_pk"),
)
Index("kept_file_case", kept_file.c.case_id, kept_file.c.kept_at, kept_file.c.id)

definition_source = Table(
    "definition_source",
    metadata,
    _text("digest"),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("digest", name="definition_source_pk"),
)

workflow_version = Table(
    "workflow_version",
    metadata,
    _text("workflow"),
    _number("number"),
    *_texts("digest", "parts", "published_at", "published_by"),
    _maybe("note"),
    PrimaryKeyConstraint("workflow", "number", name="workflow_version_pk"),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    *_texts("id", "digest", "answer", "at"),
    PrimaryKeyConstraint("id", name="idempotency_key_pk"),
)

setting = Table(
    "setting",
    metadata,
    _text("name"),
    _text("body"),
    PrimaryKeyConstraint("name", name="setting_pk"),
)

delegation = Table(
    "delegation",
    metadata,
    _text("id"),
    # They are listed in the order in which they were made.
    _number("number"),
    *_texts("principal", "delegate", "first", "last", "begins", "ends", "reason", "made_by"),
    _flag("ended"),
    PrimaryKeyConstraint("id", name="delegation_pk"),
)

credential = Table(
    "credential",
    metadata,
    *_texts("person", "password_hash", "set_at"),
    PrimaryKeyConstraint("person", name="credential_pk"),
)

token = Table(
    "token",
    metadata,
    *_texts("id", "person", "label", "created_at", "expires_at"),
    _maybe("revoked_at"),
    _text("sha256"),
    # What it is good for, words of `scopes` in the access table with spaces between them.
    Column("scopes", TEXT, nullable=False, server_default="all"),
    PrimaryKeyConstraint("id", name="token_pk"),
)

# Who was shown personal values of what, once a day each.
personal_reading = Table(
    "personal_reading",
    metadata,
    *_texts("day", "person", "use_case", "about", "at", "credential", "columns"),
    Column("rows", Integer, nullable=False),
    PrimaryKeyConstraint("day", "person", "use_case", "about", name="personal_reading_pk"),
    Index("personal_reading_at", "at"),
)

# Private values a line of a register's history is about; the history has the id.
personal_value = Table(
    "personal_value",
    metadata,
    *_texts("id", "subject", "at", "key", "content"),
    PrimaryKeyConstraint("id", name="personal_value_pk"),
    Index("personal_value_at", "at", "id"),
    Index("personal_value_subject", "subject", "at", "id"),
)

# Sessions of the workbench, and one-time links that open one.
web_session = Table(
    "web_session",
    metadata,
    *_texts("id", "kind", "person", "credential", "made_at", "expires_at"),
    _maybe("ended_at"),
    _text("sha256"),
    PrimaryKeyConstraint("id", name="web_session_pk"),
)

# Acts that two have to agree to: proposed by one, confirmed by another, then done by the first.
draft = Table(
    "draft",
    metadata,
    *_texts("person", "case_id", "step", "form"),
    _number("version"),
    *_texts("state", "entered_at", "answers", "saved_at"),
    PrimaryKeyConstraint("person", "case_id", "step", name="draft_pk"),
)

signature = Table(
    "signature",
    metadata,
    *_texts("id", "case_id", "record", "sha256", "person", "way", "device", "signed_at", "noted_by"),
    _maybe("picture"),
    _maybe("seal"),
    PrimaryKeyConstraint("id", name="signature_pk"),
    Index("signature_case", "case_id", "signed_at", "id"),
)

retention = Table(
    "retention",
    metadata,
    *_texts("case_id", "state", "changed_at", "changed_by", "reason"),
    _maybe("keep_until"),
    _text("destroyed"),
    PrimaryKeyConstraint("case_id", name="retention_pk"),
)

# How far a job has come changes with every piece; the rest of the row does not.
job = Table(
    "job",
    metadata,
    _text("id"),
    _number("number"),
    *_texts("kind", "words", "pieces", "made_by", "made_at", "state"),
    _number("done"),
    _text("failed"),
    _maybe("worker"),
    _maybe("claimed_until"),
    _maybe("ended_at"),
    PrimaryKeyConstraint("id", name="job_pk"),
)

proposal = Table(
    "proposal",
    metadata,
    _text("id"),
    _number("number"),
    *_texts("use_case", "about", "digest", "summary", "made_by", "made_at", "status"),
    _maybe("decided_by"),
    _maybe("decided_at"),
    _maybe("reason"),
    PrimaryKeyConstraint("id", name="proposal_pk"),
)

# A row for each failure: two that are stored at once are two rows.
sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    _text("key"),
    _number("number"),
    _text("at"),
    _maybe("locked_until"),
    PrimaryKeyConstraint("key", "number", name="sign_in_attempt_pk"),
)

daemon = Table(
    "daemon",
    metadata,
    *_texts("name", "at", "version"),
    _flag("leads"),
    # How far its clock was ahead of the database's.
    Column("ahead_ms", Integer, nullable=True),
    _flag("ended"),
    PrimaryKeyConstraint("name", name="daemon_pk"),
)

sequence_counter = Table(
    "sequence_counter",
    metadata,
    _text("name"),
    Column("last", BigInteger, nullable=False),
    PrimaryKeyConstraint("name", name="sequence_counter_pk"),
)

# What each transaction has written, in the order in which transactions have. SQLite numbers rows by itself.
row_statement = Table(
    "row_statement",
    metadata,
    Column("position", BigInteger().with_variant(Integer(), "sqlite"), Identity(), nullable=False),
    *_texts("kind", "events", "rows", "hash"),
    PrimaryKeyConstraint("position", name="row_statement_pk"),
)
