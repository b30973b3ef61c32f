"""Heads: the root over all row statements until now, for somebody outside to keep, and proofs that one continues another.

The leaves are the statements in the order of their positions; a leaf is the hash of what a statement says, computed anew,
as 64 hexadecimal digits. The tree is that of RFC 9162. Whoever keeps a head needs one consistency proof to know that a
later head has the same statements, unchanged and in the same order, at its beginning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from engine.app.audit.statements import statement_pages
from engine.app.ports.audit.statements import statement_hash
from engine.kernel.append_only_tree import consistency_proof, leaf_hashes, root
from engine.kernel.instants import to_text

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

HEAD_FORMAT, PROOF_FORMAT = "shuangsuiji-head/1", "shuangsuiji-consistency/1"
#: The setting that holds the id of the deployment. It is not given away: the hash of it is.
_DEPLOYMENT = "deployment_id"
#: The program that checks heads.
PROGRAM = "verify_head.py"


def statement_leaves(transaction: Transaction) -> list[bytes]:
    """Return the hashes of the leaves: one for each statement before which no other will come any more."""
    settled = transaction.statements.settled()
    return leaf_hashes(
        statement_hash(one.kind, one.events, one.rows).encode()
        for page in statement_pages(transaction)
        for one in page
        if one.position <= settled
    )


def bureau_id(transaction: Transaction) -> str:
    """Return what tells this deployment from others: a hash of its id, so that the id itself is not made known."""
    known = str(transaction.settings.get(_DEPLOYMENT) or "")
    return hashlib.sha256(f"shuangsuiji-bureau\n{known}".encode()).hexdigest()


def head_of(transaction: Transaction, now: datetime) -> Mapping[str, Any]:
    """Return the head over all statements `transaction` sees."""
    leaves = statement_leaves(transaction)
    return {
        "format": HEAD_FORMAT,
        "bureau": bureau_id(transaction),
        "size": len(leaves),
        "root": root(leaves).hex(),
        "time": to_text(now),
    }


def consistency_of(transaction: Transaction, first: int, second: int) -> Mapping[str, Any] | None:
    """Return the proof that the head of size `second` continues that of size `first`; None where there are no such heads."""
    leaves = statement_leaves(transaction)
    if not 1 <= first <= second <= len(leaves):
        return None
    return {
        "format": PROOF_FORMAT,
        "bureau": bureau_id(transaction),
        "first": first,
        "second": second,
        "hashes": [one.hex() for one in consistency_proof(leaves[:second], first)],
    }


def program() -> bytes:
    """Return the program that checks two heads and a proof without this product."""
    return files("engine.app.audit.kit").joinpath(PROGRAM).read_bytes()
