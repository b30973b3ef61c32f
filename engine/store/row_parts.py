"""Which columns of which table row statements cover, and which they leave out: the one place where a table says so.

A new table is a line of `TABLES`; a test fails on a table or a column that stands neither there nor in `CHAINED` nor in
`LEFT_OUT`. A revision of the database that changes the columns of a table named here says so (`restated` in
`engine.store.migrations`), and what is there is then stated anew.

Columns that are changed without the rest of their row stand in a part of their own: the digest of
the part can then be made without reading the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from engine.app.ports.audit.statements import RowPart
from engine.language import Message, say
from engine.value import value


@value
class StatedTable:
    """A table: all its columns in their order, those of the key, those that change apart, those left out."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    #: Name of a part -> its columns.
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    #: The column with the case a row belongs to.
    case: str | None = None
    #: Columns of bytes, which are stated by their SHA-256, and of flags.
    binary: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    #: The column that holds the SHA-256 of the first of `binary`.
    sha256: str | None = None
    #: The bytes may be destroyed; the digest stays.
    emptied: bool = False

    def consistent(self, row: Sequence[Any]) -> bool:
        """Tell whether the digest a row holds of its bytes is right; True for rows that hold none."""
        if self.sha256 is None:
            return True
        content = row[self.columns.index(self.binary[0])]
        if self.emptied and not content:
            return True
        return bool(hashlib.sha256(content).hexdigest() == row[self.columns.index(self.sha256)])


def _table(
    columns: str,
    key: str,
    *,
    apart: Mapping[str, tuple[str, ...]] | None = None,
    left_out: str = "",
    case: str | None = None,
    binary: str = "",
    flags: str = "",
    sha256: str | None = None,
    emptied: bool = False,
) -> StatedTable:
    return StatedTable(
        tuple(columns.split()),
        tuple(key.split()),
        apart or {},
        tuple(left_out.split()),
        case,
        tuple(binary.split()),
        tuple(flags.split()),
        sha256,
        emptied,
    )


TABLES: Mapping[str, StatedTable] = {
    "case": _table(
        "id workflow version state rev head parent section subject_id title opened_at entered_at closed_at"
        " suspended_at assignee body",
        "id",
        apart={"carried": ("rev", "head", "suspended_at", "assignee", "body")},
        case="id",
    ),
    "task": _table(
        "case_id key workflow state title case_title section assignee due_on due_at provisional opened_at",
        "case_id key",
        case="case_id",
        flags="provisional",
    ),
    "timer": _table(
        "case_id name at provisional error",
        "case_id name",
        apart={"error": ("error",)},
        case="case_id",
        flags="provisional",
    ),
    "outbox": _table(
        "id kind channel recipient case_id payload created_at status attempts next_at sent_at error leases",
        "id",
        apart={"status": ("status", "sent_at")},
        left_out="attempts next_at error leases",
        case="case_id",
    ),
    "inbox": _table(
        "id recipient case_id about title text urgent created_at acked_at",
        "id",
        apart={"acked": ("acked_at",)},
        case="case_id",
        flags="urgent",
    ),
    "register_entry": _table("kind id name section data changed_at", "kind id"),
    "register_snapshot": _table(
        "id kind taken_at row_count sha256 sm3 content taken_by", "id", binary="content", sha256="sha256"
    ),
    "draw": _table("case_id number status record made_at", "case_id number", case="case_id"),
    "draw_line": _table("case_id number seq line", "case_id number seq", case="case_id"),
    "draw_log": _table("seq line", "seq"),
    "draw_key": _table("case_id number key", "case_id number", case="case_id", binary="key"),
    "evidence": _table("sha256 content", "sha256", binary="content", sha256="sha256", emptied=True),
    "publication": _table(
        "id kind case_id title body published_at due_on late withdrawn_at withdrawn_because",
        "id",
        case="case_id",
        flags="late",
    ),
    "document": _table(
        "id case_id kind name sha256 content made_at", "id", case="case_id", binary="content", sha256="sha256"
    ),
    "paper": _table("id case_id made_at kind document state number replaces facts", "id", case="case_id"),
    "paper_number": _table(
        "series year number text status paper dated_on given_by out_of_order reason",
        "series year number",
        flags="out_of_order",
    ),
    "kept_file": _table("id case_id title name sha256 size type kept_at kept_by", "id", case="case_id"),
    "signature": _table(
        "id case_id record sha256 person way device signed_at noted_by picture seal", "id", case="case_id"
    ),
    "retention": _table(
        "case_id state changed_at changed_by reason keep_until destroyed", "case_id", case="case_id"
    ),
    "job": _table(
        "id number kind words pieces made_by made_at state done failed worker claimed_until ended_at",
        "id",
        apart={"progress": ("state", "done", "failed", "worker", "claimed_until", "ended_at")},
    ),
    "definition_source": _table("digest content", "digest", binary="content", sha256="digest"),
    "workflow_version": _table(
        "workflow number digest parts published_at published_by note", "workflow number"
    ),
    "idempotency_key": _table("id digest answer at", "id"),
    "setting": _table("name body", "name"),
    "delegation": _table(
        "id number principal delegate first last begins ends reason made_by ended",
        "id",
        apart={"ended": ("ended",)},
        flags="ended",
    ),
    "credential": _table("person password_hash set_at", "person"),
    "token": _table(
        "id person label created_at expires_at revoked_at sha256 scopes",
        "id",
        apart={"revoked": ("revoked_at",)},
    ),
    "web_session": _table(
        "id kind person credential made_at expires_at ended_at sha256",
        "id",
        apart={"ended": ("ended_at",)},
    ),
    "proposal": _table(
        "id number use_case about digest summary made_by made_at status decided_by decided_at reason",
        "id",
        apart={"decided": ("status", "decided_by", "decided_at", "reason")},
    ),
    "draft": _table(
        "person case_id step form version state entered_at answers saved_at", "person case_id step"
    ),
    "personal_reading": _table(
        "day person use_case about at credential columns rows", "day person use_case about"
    ),
    "personal_value": _table("id subject at key content", "id"),
    "sign_in_attempt": _table("key number at locked_until", "key number"),
    "daemon": _table(
        "name at version leads ahead_ms ended",
        "name",
        left_out="at leads ahead_ms ended",
        flags="leads ended",
    ),
    "sequence_counter": _table("name last", "name"),
}


def _parts(name: str, table: StatedTable) -> tuple[RowPart, ...]:
    case = table.key.index(table.case) if table.case in table.key else None
    apart = {column for columns in table.apart.values() for column in columns}
    rest = [c for c in table.columns if c not in apart and c not in table.left_out and c not in table.key]

    def part(called: str, columns: Sequence[str]) -> RowPart:
        every = (*table.key, *columns)
        return RowPart(called, name, every, len(table.key), tuple(map(table.columns.index, every)), case)

    return (part(name, rest), *(part(f"{name}.{what}", columns) for what, columns in table.apart.items()))


#: Table -> its parts; the first is that of the whole row.
PARTS: Mapping[str, tuple[RowPart, ...]] = {name: _parts(name, table) for name, table in TABLES.items()}
#: Name of a part -> the part.
PART: Mapping[str, RowPart] = {part.name: part for parts in PARTS.values() for part in parts}


def chained() -> Mapping[str, Message]:
    """Return the tables whose rows prove each other, and how."""
    return {
        "event": say("每条含前一条的哈希；行声明记下每次写入后的末条"),
        "row_statement": say(
            "每条含自身内容的哈希；按位置衔接各条历史。不写历史而其行后来又写过的声明被删去或抄放一份，"
            "只有此后留存的日志头看得出：首个日志头以前、最近一个日志头以后的看不出"
        ),
    }


def compared(own: Sequence[str] = ()) -> Mapping[str, Message]:
    """Return the tables that hold nothing of the office, and how they are compared; `own` are those the database keeps for itself."""
    of_database = say("数据库软件自己的登记，不含业务内容，可以删去；结构与此无关")
    version = say("只有一行：结构版本；与全部表、列、索引、视图、触发器一起同本程序的结构逐项比对")
    return {"alembic_version": version, **dict.fromkeys(own, of_database)}


def reasons() -> Mapping[tuple[str, str], Message]:
    """Return the columns left out, each with the reason."""
    sending = say("发送过程的状态，只与运行的机器有关；内容和是否送达已在声明内")
    running = say("守护进程最近一次心跳，只与运行的机器有关，每隔数秒改写")
    why = {"outbox": sending, "daemon": running}
    found = {(name, column): why[name] for name, table in TABLES.items() for column in table.left_out}
    order = say("只定先后，不含内容；同一行、同一历史的先后被改动即被发现")
    return {**found, ("row_statement", "position"): order}
