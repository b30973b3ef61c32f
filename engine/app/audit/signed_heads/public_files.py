"""What is given to outsiders: the list of keys and heads, each head as a signed note, the time stamps, the program that checks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.app.audit.heads import PROGRAM, bureau_id, program
from engine.app.audit.signed_heads.history import HeadHistory, read_history, signed_note
from engine.kernel.canonical_json import canonical_json

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

LIST_FORMAT = "shuangsuiji-heads/1"
#: The file with the keys and the heads.
LIST = "heads.json"


def list_of(bureau: str, history: HeadHistory) -> Mapping[str, Any]:
    """Return the keys and heads in their order, with the proofs that lead from each head to the next."""
    return {
        "format": LIST_FORMAT,
        "bureau": bureau,
        "keys": [key.as_json() for key in history.keys],
        "heads": [head.as_json(bureau) for head in history.heads],
    }


def public_files(transaction: Transaction) -> dict[str, bytes]:
    """Return the files by name; none where no head was kept yet."""
    history = read_history(transaction)
    if not history.heads:
        return {}
    bureau = bureau_id(transaction)
    files = {LIST: f"{canonical_json(list_of(bureau, history))}\n".encode(), PROGRAM: program()}
    for head in history.heads:
        files[f"{head.number}.checkpoint"] = signed_note(bureau, head)
        if (token := history.stamps.get(head.number)) is not None:
            files[f"{head.number}.tsr"] = token
    return files
