"""A draw of ssj-draw/2 and the public log as the database keeps them: read, and written back in one transaction."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import DrawRow
from engine.draw.v2.acts import Draw
from engine.draw.v2.log import PublicLog
from engine.draw.v2.record import from_row, last_replacement, to_json
from engine.draw.v2.shapes import wrong
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The setting that holds the name of the bureau as its public log has it. It never changes: signatures are over it.
BUREAU = "draw_log/bureau"


def draw_of(row: DrawRow) -> Draw:
    """Return the draw of a row. Raises `DrawRefused` where it cannot be read."""
    return from_row(row.record, row.added)


def read_log(transaction: Transaction, title: str = "") -> PublicLog:
    """Return the public log; `title` names the bureau where no line is in it yet. Raises `DrawRefused` for a broken line."""
    name = str(transaction.settings.get(BUREAU) or title)
    lines = transaction.records.log_lines()
    return PublicLog.read(name, "".join(f"{line}\n" for line in lines).encode())


def write_log(transaction: Transaction, before: PublicLog, after: PublicLog) -> None:
    """Add the lines `after` has more than `before`. Raises ConflictError where somebody else has added some meanwhile."""
    if not before.lines and after.lines:
        transaction.settings.put(BUREAU, after.bureau)
    for seq, line in enumerate(after.texts[len(before.texts) :], len(before.texts) + 1):
        transaction.records.add_log_line(seq, line)


def save(
    transaction: Transaction,
    case_id: str,
    number: int,
    status: str,
    draw: Draw,
    log: PublicLog,
    made_at: datetime,
) -> None:
    """Store a draw. `log` says how far it came."""
    kinds = [line.kind for line in log.of(draw.name)]
    body: dict[str, Any] = {
        "protocol": 2,
        "record": to_json(draw),
        "commitment": draw.name,
        "drawn": len(draw.visits),
        "embargoed": False,
        "revealed": bool(draw.strata),
        "spoiled": kinds.count("typed") > 1,
    }
    transaction.records.put_draw(DrawRow(case_id, number, status, body, made_at))


def add_replacement(transaction: Transaction, row: DrawRow, draw: Draw) -> None:
    """Store the newest replacement of a draw by itself. Raises ConflictError where another has been stored meanwhile."""
    transaction.records.add_draw_line(row.case, row.number, len(row.log) + 1, last_replacement(draw))


def key_of(transaction: Transaction, row: DrawRow) -> bytes:
    """Return the key of a draw. Raises `DrawRefused` where it is gone."""
    found = transaction.records.draw_key(row.case, row.number)
    if not found:
        raise wrong("key", say("本次抽取的密钥已不在，不能再办理"))
    return found


def pseudonym(key: bytes, person: str) -> str:
    """Return what the public log calls a person in one draw: nobody without its key can tell who it is."""
    return "p-" + hmac.digest(key, f"log|{person}".encode(), "sha256")[:6].hex()


def keep_evidence(transaction: Transaction, case_id: str, given: Any, salt: bytes) -> bytes:
    """Return the evidence that was handed in, below a line with its salt, and keep it under the SHA-256 of both.

    The digest is public, and evidence may be a few words: without `salt`, random bytes of its own, they could be guessed.
    `given` is a file of a form (its name and SHA-256: the file itself is looked for among those filed with the case), or a text.
    """
    content = _filed(transaction, case_id, given)
    if content is None:
        content = _described(given)
    if content:
        content = f"{salt.hex()}\n".encode() + content
        transaction.records.put_evidence(hashlib.sha256(content).hexdigest(), content)
    return content


def _filed(transaction: Transaction, case_id: str, given: Any) -> bytes | None:
    digest = str(given.get("sha256", "")) if isinstance(given, dict) else str(given or "")
    for document in transaction.records.documents(case_id):
        if digest and digest in (document.sha256, document.id):
            return document.content
    return None


def _described(given: Any) -> bytes:
    if isinstance(given, dict):
        return "\n".join(f"{name}: {given[name]}" for name in sorted(given)).encode()
    return str(given or "").strip().encode()
