"""Anchors: what is filed, where it is noted, and what is refused."""

from __future__ import annotations

import pytest
from draws_fixtures import BATCH, Desk

from engine.app.draws.anchors import (
    MAX_BYTES,
    Anchor,
    add_anchor,
    anchor_files,
    anchor_text,
    anchors_of,
)
from engine.app.draws.records import record_of
from engine.draw.log import head
from engine.draw.refused import DrawRefused
from engine.draw.verification import verify
from engine.kernel.refusal import NextAction


def filed(desk: Desk, data: bytes, name: str = "letter.txt") -> Anchor:
    with desk.unit() as uow:
        found = add_anchor(uow, desk.row(), data, name=name, by="公证处", actor="drawer")
        uow.flush()
    return found


def test_a_letter_that_names_a_head_is_filed_and_noted(desk: Desk) -> None:
    record = desk.committed().record()
    text = anchor_text(record)
    assert f"head: {head(record.log)}\n" in text
    anchor = filed(desk, text.encode())
    assert (anchor.lines, anchor.head, anchor.form, anchor.checked) == (1, head(record.log), "text", False)
    assert Anchor.from_json(anchor.as_json()) == anchor
    with desk.look() as transaction:
        row = transaction.records.draw(BATCH)
        assert row is not None
        after = record_of(row)
        assert anchors_of(transaction, after, BATCH) == [anchor]
        assert anchor_files(transaction, after, BATCH) == {
            "anchor-1.proof.txt": text.encode(),
            "anchor-1.text": text.encode(),
        }
    assert verify(after).ok


def test_an_import_is_entered_in_the_history_of_the_case(desk: Desk) -> None:
    desk.committed()
    before = desk.case()
    anchor = filed(desk, anchor_text(desk.record()).encode())
    last = desk.events()[-1]
    assert (last.kind, last.actor, last.body["anchor"]["sha256"]) == ("recorded", "drawer", anchor.sha256)
    after = desk.case()
    assert (after.state, after.rev, after.head) == (before.state, before.rev + 1, last.hash)
    # What is filed beside the steps does not stop one from being taken.
    desk.typed()
    assert desk.case().state == "entropy_typed"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no head in here", "没有本次抽取日志的任何一个日志头"),
        (b"\xff\xfe", "也不是 UTF-8 文字"),
        (b"x" * (MAX_BYTES + 1), "太大了"),
    ],
)
def test_what_proves_nothing_is_refused(desk: Desk, data: bytes, sentence: str) -> None:
    desk.committed()
    with pytest.raises(DrawRefused, match=sentence):
        filed(desk, data)
    with desk.look() as transaction:
        assert transaction.records.documents(BATCH) == []


def test_a_refusal_says_as_a_value_what_comes_next(desk: Desk) -> None:
    desk.committed()
    with pytest.raises(DrawRefused) as refused:
        filed(desk, b"no head in here")
    assert refused.value.reasons[0].next == NextAction("export_anchor")
    assert "--" not in str(refused.value)


def test_one_proof_is_filed_once(desk: Desk) -> None:
    data = anchor_text(desk.committed().record()).encode()
    filed(desk, data)
    with pytest.raises(DrawRefused, match="已经导入过"):
        filed(desk, data, "other.txt")
