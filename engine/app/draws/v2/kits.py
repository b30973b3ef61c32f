"""The kits of a stored draw of ssj-draw/2, and when who went where may be shown in the public one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.app.draws.v2 import stored
from engine.app.ports.records import CaseFilter
from engine.draw.v2 import kit
from engine.draw.v2.rosters import parse_people
from engine.draw.v2.visits import visits_of

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction

#: More children than any draw has.
MAX_CHILDREN = 1_000_000


def public_files(transaction: Transaction, row: DrawRow) -> dict[str, bytes]:
    """Return the kit for everybody, name -> bytes. Raises `DrawRefused` before anything is drawn."""
    draw, log = stored.draw_of(row), stored.read_log(transaction)
    return kit.public_kit(draw, log, visits_done=visits_done(transaction, row))


def auditor_files(transaction: Transaction, row: DrawRow) -> dict[str, bytes]:
    """Return the kit for an auditor, with every row and the evidence the log names. Raises `DrawRefused`."""
    draw, log = stored.draw_of(row), stored.read_log(transaction)
    if draw.people is not None:
        # Refused where the rows are destroyed.
        parse_people(draw.people)
    files = kit.auditor_kit(draw, log)
    named = {str(line.body["evidence"]) for line in log.of(draw.name, "remove", "void")}
    named |= {str(why["evidence"]) for why in draw.whys}
    evidence = {digest: transaction.records.evidence(digest) for digest in sorted(named)}
    return {
        **files,
        **{f"evidence-{digest}": found for digest, found in evidence.items() if found},
    }


def slip_of(row: DrawRow, object_id: str) -> dict[str, Any]:
    """Return the slip of one firm. Raises `DrawRefused` where the roster does not have it."""
    return kit.slip(stored.draw_of(row), object_id)


def visits_done(transaction: Transaction, row: DrawRow) -> bool:
    """Whether every case that was started for a drawn object is closed, and there is one for each."""
    wanted = {visit.row.object_id for visit in visits_of(stored.draw_of(row))}
    children = transaction.cases.find(CaseFilter(parent=row.case), limit=MAX_CHILDREN)
    about = {
        str(child.subject.get("id")): child.open for child in children if child.subject.get("id") in wanted
    }
    return bool(wanted) and wanted == set(about) and not any(about.values())
