"""The drawn objects of a roster on disk, computed by DuckDB in bounded memory; byte for byte those of `engine.draw`.

A ticket is HMAC-SHA256, which is two SHA-256 of the padded key and the message (RFC 2104): with the two pads made once
here, a database that has SHA-256 computes tickets for every row in parallel. Nearly all winners are under a bound
known beforehand (`engine.draw.tickets`), so that only the candidates are sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.draw.allocation import Quota
from engine.draw.commitment import WHOLE, Commitment
from engine.draw.refused import refuse_if
from engine.draw.roster import OBJECT_COLUMNS, parse_objects
from engine.draw.selection import Drawn, Selection, StratumResult, machine, select_objects
from engine.draw.tickets import TicketMachine, bound_of
from engine.files.reading import file_digest
from engine.kernel.refusal import RefusalReason
from engine.language import say

_ABOVE_ALL = b"\xff" * 33
#: What the database may hold in memory; what does not fit goes to its temporary files.
MEMORY = "384MB"


class DuckDBMissingError(Exception):
    """The optional package is not installed."""

    def __init__(self) -> None:
        super().__init__(str(say('没有安装 DuckDB；请运行 pip install "shuangsuiji[duckdb]"')))


def select_from_file(
    commitment: Commitment,
    roster: Path,
    entropy: str,
    codes: Sequence[str] = (),
    *,
    threads: int | None = None,
) -> Selection:
    """Return what `engine.draw.selection.select_objects` returns for the rows of `roster`.

    `codes` are the custodians' codes in hex. Raises `DrawRefused` where the file is not the one that was committed to, or
    as `machine` does; `DuckDBMissingError` without the optional package.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise DuckDBMissingError from None
    tickets = machine(commitment, entropy, codes)
    _same_roster(commitment, roster)
    with duckdb.connect() as database:
        database.execute("SET memory_limit = ?", [MEMORY])
        # It would be written among the results.
        database.execute("SET enable_progress_bar = false")
        if threads is not None:
            database.execute("SET threads = ?", [threads])
        _read(database, commitment, roster, tickets, bounded=True)
        strata = [_stratum(database, quota) for quota in commitment.quotas]
        if any(found is None for found in strata):
            # A bound was too low, once in a thousand million draws: everything is ordered, as `engine.draw` does.
            _read(database, commitment, roster, tickets, bounded=False)
            strata = [_stratum(database, quota) for quota in commitment.quotas]
    return Selection(commitment.batch_id, commitment.draw_no, tuple(found for found in strata if found))


def select_in_memory(
    commitment: Commitment, roster: Path, entropy: str, codes: Sequence[str] = ()
) -> Selection:
    """Return the same without the optional package: the whole roster is read into memory."""
    _same_roster(commitment, roster)
    return select_objects(commitment, parse_objects(roster.read_bytes()), entropy, codes)


def _same_roster(commitment: Commitment, roster: Path) -> None:
    right, seen = commitment.objects.sha256, file_digest(roster)
    if seen != right:
        message = say(
            "{file} 不是承诺的检查对象名册：SHA-256 应为 {right}，实为 {seen}",
            file=roster.name,
            right=right,
            seen=seen,
        )
        refuse_if([RefusalReason("roster", message, hint=say("请用承诺时冻结的原件，一个字节也不能改"))])


def _read(
    database: Any, commitment: Commitment, roster: Path, tickets: TicketMachine, *, bounded: bool
) -> None:
    """Store the candidates: objects whose ticket is under the bound of their stratum."""
    strata = commitment.rules.strata
    named = {"district": "district", "whole": f"'{WHOLE}'"}.get(strata, "credit_class")
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in OBJECT_COLUMNS)
    inner, outer = tickets.pads
    database.execute("CREATE OR REPLACE TABLE bound (stratum VARCHAR, ticket VARCHAR)")
    bounds = {q.stratum: bound_of(q.quota, q.eligible) if bounded else None for q in commitment.quotas}
    database.executemany(
        "INSERT INTO bound VALUES (?, ?)",
        [(stratum, (bound or _ABOVE_ALL).hex()) for stratum, bound in bounds.items()],
    )
    # The roster is a plain table: no quoting, no escapes, no tabs or line ends in a value.
    rows = (
        f"read_csv(?, delim = '\t', header = true, quote = '', escape = '', auto_detect = false, "
        f"new_line = '\\n', nullstr = '\x01', columns = {{{columns}}})"
    )
    database.execute(
        f"CREATE OR REPLACE TABLE candidate AS SELECT * FROM ("  # noqa: S608 - made of constants
        f" SELECT {named} AS stratum, object_id,"
        f" sha256(?::BLOB || unhex(sha256(?::BLOB || encode(object_id) || '\\x01'::BLOB))) AS ticket"
        f" FROM {rows} WHERE eligible = '1') AS made"
        f" WHERE ticket < (SELECT bound.ticket FROM bound WHERE bound.stratum = made.stratum)",
        [outer, inner, str(roster)],
    )


def _stratum(database: Any, quota: Quota) -> StratumResult | None:
    """Return the drawn objects of a stratum; None where there are fewer candidates than it gives."""
    found = database.execute(
        "SELECT object_id, ticket FROM candidate WHERE stratum = ? ORDER BY ticket, object_id LIMIT ?",
        [quota.stratum, quota.quota],
    ).fetchall()
    if len(found) < quota.quota:
        return None
    drawn = tuple(
        Drawn(object_id, quota.stratum, position, ticket)
        for position, (object_id, ticket) in enumerate(found, 1)
    )
    return StratumResult(
        quota.stratum, quota.listed, quota.eligible, quota.quota, drawn[-1].ticket if drawn else "", drawn
    )
