"""What is wrong with what is stored, on tables of this program and of a later one."""

from __future__ import annotations

from engine.app.audit.finding import AuditFinding, SchemaFinding
from engine.app.audit.verify_deployment import verify
from engine.app.ports.store import Transaction


def wrong_rows(transaction: Transaction) -> list[AuditFinding]:
    """Return what is wrong; that the tables are of a later program is no fault of the rows."""
    found = list(verify(transaction))
    return [one for one in found if not (isinstance(one, SchemaFinding) and one.kind == "version")]
