"""A signature holds for the bytes that were signed, and for no others."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from paper_fixtures import NOON, case_of

from engine.app.papers.signing import signature_states, signed_bytes
from engine.app.ports.records import Document
from engine.app.ports.signatures import SignatureRecord, SigningWay
from engine.store.memory.store import MemoryStore


def test_it_is_lost_with_the_first_changed_byte() -> None:
    case = replace(case_of(), forms={"visit": {"a": 1}})
    with MemoryStore().write() as transaction:
        assert signed_bytes(transaction, case, "visit") == b'{"a":1}\n'
        assert signed_bytes(transaction, case, "none") is None
        digest = hashlib.sha256(b'{"a":1}\n').hexdigest()
        one = SignatureRecord(
            id="inspection-1/S1",
            case=case.id,
            record="visit",
            sha256=digest,
            person="p",
            way=SigningWay.SYSTEM,
            device="d",
            at=NOON,
            by="p",
        )
        transaction.signatures.add(one)
        assert [state.holds for state in signature_states(transaction, case)] == [True]
        changed = replace(case, forms={"visit": {"a": 2}})
        assert [state.holds for state in signature_states(transaction, changed)] == [False]


def test_a_document_is_signed_as_its_bytes_are() -> None:
    case = case_of()
    with MemoryStore().write() as transaction:
        transaction.records.put_document(Document(f"{case.id}/1", case.id, "notice", "n", "", b"<p>", NOON))
        assert signed_bytes(transaction, case, f"{case.id}/1") == b"<p>"
