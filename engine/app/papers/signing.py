"""Signatures on what a case holds: the bytes that are signed, and whether a signature still holds for them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from engine.app.ports.signatures import SignatureState
from engine.lifecycle.chain import canonical

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case


def signed_bytes(transaction: Transaction, case: Case, record: str) -> bytes | None:
    """Return the bytes of a record as they are now: the answers of a form, or a document; None where there is none."""
    if record in case.forms:
        return (canonical(dict(case.forms[record])) + "\n").encode("utf-8", "backslashreplace")
    return next((one.content for one in transaction.records.documents(case.id) if one.id == record), None)


def signature_states(transaction: Transaction, case: Case) -> list[SignatureState]:
    """Return the signatures of a case in their order, each held against what it was given for."""
    found = []
    digests: dict[str, str | None] = {}
    for one in transaction.signatures.of_case(case.id):
        if one.record not in digests:
            content = signed_bytes(transaction, case, one.record)
            digests[one.record] = None if content is None else hashlib.sha256(content).hexdigest()
        found.append(SignatureState(one, digests[one.record] == one.sha256))
    return found
