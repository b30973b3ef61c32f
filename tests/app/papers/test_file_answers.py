"""Answers that name a kept file."""

from __future__ import annotations

from paper_fixtures import NOON

from engine.app.papers.file_answers import with_kept_files
from engine.app.ports.papers import KeptFile
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.store.memory.store import MemoryStore

FORM = Form(
    id="notice",
    title="送达",
    fields=(
        Field(name="proof", title="回证", type=FieldType.FILE),
        Field(name="photos", title="照片", type=FieldType.FILES),
        Field(name="note", title="备注", type=FieldType.TEXT),
    ),
)
KEPT = KeptFile(
    id="c-1/F1", case="c-1", title="回证", name="a.pdf", sha256="ab" * 32, size=5, type="pdf", at=NOON, by="a"
)
FOUND = {"name": "a.pdf", "sha256": "ab" * 32}


def test_a_name_of_a_kept_file_becomes_the_file() -> None:
    with MemoryStore().write() as transaction:
        transaction.papers.add_file(KEPT)

        def resolved(**answers: object) -> object:
            return with_kept_files(transaction, "c-1", [FORM], answers)

        for name in ("c-1/F1", "F1", "ab" * 32):
            assert resolved(proof=name, note="F1") == {"proof": FOUND, "note": "F1"}
        assert resolved(photos=["F1", "F2"]) == {"photos": [FOUND, "F2"]}
        assert resolved(proof=FOUND) == {"proof": FOUND}
        assert resolved(proof="c-2/F1") == {"proof": "c-2/F1"}
        assert with_kept_files(transaction, "c-1", [FORM], None) is None
