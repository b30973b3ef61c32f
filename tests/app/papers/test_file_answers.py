"""Answers that name a kept file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from paper_fixtures import NOON

from engine.app.papers.file_answers import KeptBytes, content_of, unlike, with_kept_files
from engine.app.ports.papers import KeptFile
from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.lifecycle.chain import GENESIS, follow
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


BYTES = b"%PDF"
RIGHT = replace(KEPT, sha256=hashlib.sha256(BYTES).hexdigest())


class Files:
    """A store of files that has what is put under a digest, fitting or not."""

    def __init__(self, **kept: bytes) -> None:
        self.kept = kept

    def put(self, content: bytes) -> str:
        """Keep bytes; return their SHA-256."""
        raise NotImplementedError

    def get(self, sha256: str) -> bytes | None:
        """Return what is kept under a digest; raise as a disk does that cannot be read."""
        if self.kept.get(sha256) == b"unreadable":
            raise OSError
        return self.kept.get(sha256)

    def remove(self, sha256: str) -> None:
        """Remove what is kept under a digest."""
        raise NotImplementedError


def kept_in(files: Files | None, *rows: KeptFile, destroyed: bool = False) -> KeptBytes:
    body = {"file": RIGHT.id, "sha256": RIGHT.sha256}
    events = [follow("c-1", 1, NOON, "a", "recorded", body, GENESIS)]
    record = RetentionRecord(
        case="c-1", state=RetentionState.DESTROYED, at=NOON, by="a", reason="x", until=None, destroyed={}
    )
    transaction: Any = SimpleNamespace(
        papers=SimpleNamespace(files=lambda case: list(rows)),
        retention=SimpleNamespace(get=lambda case: record if destroyed else None),
    )
    holder: Any = SimpleNamespace(files=files)
    return KeptBytes(transaction, "c-1", events, holder)


def test_the_bytes_of_a_kept_file_are_those_that_were_kept_or_it_is_said_what_they_are() -> None:
    right, name = RIGHT.sha256, RIGHT.id
    for content, said in (
        (BYTES, None),
        (b"other", f"附件“{name}”的内容与存入时不同"),
        (b"unreadable", f"附件“{name}”不在了，或读不出来"),
    ):
        store = Files(**{right: content})
        found = unlike(store, RIGHT)
        assert (found and str(found)) == said
        assert (content_of(store, RIGHT) == BYTES) == (said is None)
        files = kept_in(store, RIGHT)
        assert [str(one) for one in files.all_wrong()] == ([] if said is None else [said])
    assert str(unlike(Files(), RIGHT)) == f"附件“{name}”不在了，或读不出来"


def test_a_file_is_found_in_answers_at_any_depth_and_held_against_its_entry() -> None:
    store = Files(**{RIGHT.sha256: BYTES})
    named = {"rows": [{"shot": {"name": "a.pdf", "sha256": RIGHT.sha256}}], "note": "F1"}
    files = kept_in(store, RIGHT)
    assert files.named_in(named) == [RIGHT.id]
    assert files.named_in({"note": RIGHT.sha256}) == []
    assert files.wrong(RIGHT.id) is None
    assert str(kept_in(store).wrong(RIGHT.id)) == "附件“c-1/F1”的登记被删除"
    assert kept_in(store).named_in(named) == [RIGHT.id]
    other = replace(RIGHT, sha256="cd" * 32)
    assert str(kept_in(store, other).wrong(RIGHT.id)) == "附件“c-1/F1”的登记与历史不符"
    assert kept_in(None).named_in(named) == []


def test_what_was_destroyed_in_its_time_is_not_wrong() -> None:
    files = kept_in(Files(), RIGHT, destroyed=True)
    assert files.wrong(RIGHT.id) is None
    assert files.destroyed(RIGHT.id)
    assert files.all_wrong() == []
    assert not kept_in(Files(**{RIGHT.sha256: BYTES}), RIGHT).destroyed(RIGHT.id)
