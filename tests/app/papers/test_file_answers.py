"""Answers that name a kept file."""

from __future__ import annotations

from typing import Any

import pytest
from paper_fixtures import NOON

from engine.app.papers.file_answers import with_kept_files
from engine.app.ports.papers import KeptFile
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.store.memory.store import MemoryStore

ROWS = Field(
    name="rows",
    title="问题",
    type=FieldType.LIST,
    columns=(
        Field(name="what", title="事项", type=FieldType.TEXT),
        Field(name="photo", title="照片", type=FieldType.PHOTO, alias="picture"),
    ),
)
FORM = Form(
    id="notice",
    title="送达",
    fields=(
        Field(name="proof", title="回证", type=FieldType.FILE),
        Field(name="photos", title="照片", type=FieldType.PHOTOS),
        Field(name="pad", title="签名", type=FieldType.SIGNATURE),
        Field(name="note", title="备注", type=FieldType.TEXT),
        ROWS,
    ),
)
ITEM = Form(id="item", title="事项", fields=FORM.fields)
KEPT = KeptFile(
    id="c-1/F1", case="c-1", title="回证", name="a.pdf", sha256="ab" * 32, size=5, type="pdf", at=NOON, by="a"
)
FOUND = {"name": "a.pdf", "sha256": "ab" * 32}
GONE = {"name": "b.pdf", "sha256": "cd" * 32}


def resolved(answers: Any, *, coming: frozenset[str] | None = frozenset()) -> Any:
    with MemoryStore().write() as transaction:
        transaction.papers.add_file(KEPT)
        return with_kept_files(transaction, "c-1", [FORM], answers, [ITEM], coming)


@pytest.mark.parametrize("name", ["c-1/F1", "F1", "ab" * 32])
def test_a_name_of_a_kept_file_becomes_the_file(name: str) -> None:
    assert resolved({"proof": name, "note": "F1"}) == {"proof": FOUND, "note": "F1"}
    assert resolved({"photos": [name, "F2"], "pad": name}) == {"photos": [FOUND, "F2"], "pad": FOUND}
    inner = {"rows": [{"what": "F1", "photo": name}, {"picture": name}, 1]}
    kept = {"rows": [{"what": "F1", "photo": FOUND}, {"picture": FOUND}, 1]}
    assert resolved({**inner, "items": {"item": inner, "other": inner}}) == {
        **kept,
        "items": {"item": kept, "other": inner},
    }


def test_of_a_file_whose_bytes_are_not_kept_the_name_is_left_to_be_refused() -> None:
    assert resolved({"proof": GONE, "photos": [FOUND, GONE]}) == {
        "proof": "b.pdf",
        "photos": [FOUND, "b.pdf"],
    }
    assert resolved({"rows": [{"photo": GONE}], "items": {"item": {"pad": GONE}}}) == {
        "rows": [{"photo": "b.pdf"}],
        "items": {"item": {"pad": "b.pdf"}},
    }
    assert resolved({"proof": {"name": "c.pdf"}}) == {"proof": "c.pdf"}
    # Of a dry run, and where there is no place for files, it is an answer.
    assert resolved({"proof": GONE}, coming=frozenset(["cd" * 32])) == {"proof": GONE}
    assert resolved({"proof": GONE}, coming=None) == {"proof": GONE}


def test_what_names_nothing_else_is_left_as_it_is() -> None:
    answers = {"proof": FOUND, "rows": [{"photo": FOUND}], "items": {"item": {"pad": FOUND}}}
    assert resolved(answers) is answers
    assert resolved({"proof": "c-2/F1"}) == {"proof": "c-2/F1"}
    assert resolved(None) is None
