"""A file kept with a case: its bytes once, and an entry in the history of the case."""

from __future__ import annotations

import hashlib

import pytest
from rectification_fixtures import PDF, PERSON, rectification_desk

from engine.app.history.replay import history
from engine.app.papers.facts import PaperRefusedError
from engine.app.papers.file_keeping import NewFile, keep_with_case
from engine.app.session.unit_of_work import UnitOfWork


def test_a_file_is_numbered_and_entered() -> None:
    desk = rectification_desk()
    store = desk.application.files
    assert store is not None
    with desk.application.store.write() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        kept = [
            keep_with_case(uow, case, store, NewFile(PDF, name, "合同"), PERSON)
            for name in ("a.pdf", "b.pdf")
        ]
        with pytest.raises(PaperRefusedError):
            keep_with_case(uow, case, store, NewFile(b"MZ", "a.exe", "程序"), PERSON)
        uow.finish()
    digest = hashlib.sha256(PDF).hexdigest()
    assert [(one.id, one.name, one.title, one.sha256, one.size) for one in kept] == [
        (f"{desk.case}/F1", "a.pdf", "合同", digest, len(PDF)),
        (f"{desk.case}/F2", "b.pdf", "合同", digest, len(PDF)),
    ]
    assert store.get(digest) == PDF
    with desk.application.store.read() as transaction:
        assert transaction.papers.files(desk.case) == kept
        last = list(history(transaction, desk.case))[-1]
    assert (last.actor, last.body["title"], last.body["file"]) == (PERSON, "存入附件", f"{desk.case}/F2")
    assert NewFile(PDF, "a", "b").as_json() == {"content": PDF, "name": "a", "title": "b"}
