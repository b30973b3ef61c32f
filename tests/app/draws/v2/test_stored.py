"""A draw and the public log as the database keeps them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from v2_factories import whole

from engine.app.draws.v2 import stored
from engine.app.ports.records import Document, DrawRow
from engine.app.ports.store import ConflictError
from engine.draw.refused import DrawRefused
from engine.draw.v2.log import PublicLog
from engine.store.memory import MemoryStore

NOW = datetime(2026, 3, 20, 1, tzinfo=UTC)
MADE = whole()


def kept() -> tuple[MemoryStore, DrawRow]:
    store = MemoryStore()
    with store.write() as transaction:
        stored.write_log(transaction, PublicLog(MADE.log.bureau), MADE.log)
        stored.save(transaction, "batch-1", 1, "complete", MADE.draw, MADE.log, NOW)
        transaction.records.put_draw_key("batch-1", 1, b"k" * 32)
    with store.read() as transaction:
        row = transaction.records.draw("batch-1")
    assert row is not None
    return store, row


def test_a_draw_and_its_log_come_back_as_they_were() -> None:
    store, row = kept()
    assert stored.draw_of(row) == MADE.draw
    assert (row.record["commitment"], row.record["drawn"], row.record["spoiled"]) == (
        MADE.draw.name,
        len(MADE.draw.visits),
        False,
    )
    with store.read() as transaction:
        # The name of the bureau is that of the first line, whatever it is called now.
        assert stored.read_log(transaction, "另一个名称") == MADE.log
        assert stored.key_of(transaction, row) == b"k" * 32
        with pytest.raises(DrawRefused, match="密钥已不在"):
            stored.key_of(transaction, DrawRow("batch-1", 2, "committed", {}, NOW))


def test_a_replacement_is_kept_by_itself_until_the_draw_is_written_again() -> None:
    store, row = kept()
    before = replace(MADE.draw, replacements=MADE.draw.replacements[:-1], whys=MADE.draw.whys[:-1])
    with store.write() as transaction:
        stored.save(transaction, "batch-1", 1, "complete", before, MADE.log, NOW)
        stored.add_replacement(transaction, row, MADE.draw)
    for left in (1, 0):
        with store.read() as transaction:
            found = transaction.records.draw("batch-1")
            assert found is not None
            assert len(found.added) == left
            assert stored.draw_of(found) == MADE.draw
        with store.write() as transaction:
            if left:
                with pytest.raises(ConflictError):
                    stored.add_replacement(transaction, row, MADE.draw)
            stored.save(transaction, "batch-1", 1, "complete", stored.draw_of(found), MADE.log, NOW)


def test_two_who_write_the_same_line_collide() -> None:
    store, _ = kept()
    shorter = PublicLog.read(MADE.log.bureau, "".join(f"{line}\n" for line in MADE.log.texts[:-1]).encode())
    with store.write() as transaction, pytest.raises(ConflictError):
        stored.write_log(transaction, shorter, MADE.log)


def test_a_pseudonym_needs_the_key_and_says_nothing_without_it() -> None:
    one = stored.pseudonym(b"a" * 32, "insp-01")
    assert one == stored.pseudonym(b"a" * 32, "insp-01") != stored.pseudonym(b"b" * 32, "insp-01")
    assert one != stored.pseudonym(b"a" * 32, "insp-02")
    assert "insp" not in one


def test_evidence_is_the_file_that_was_filed_or_the_words_that_were_written() -> None:
    store = MemoryStore()
    digest = hashlib.sha256(b"photo").hexdigest()
    with store.write() as transaction:
        transaction.records.put_document(
            Document("batch-1/1", "batch-1", "photo", "a.jpg", digest, b"photo", NOW)
        )
        given = ({"name": "a.jpg", "sha256": digest}, " 已注销 ", {"name": "b", "sha256": "0"}, None)
        kept = [stored.keep_evidence(transaction, "batch-1", one, b"s" * 16) for one in given]
        salt = ("73" * 16).encode() + b"\n"
        assert kept == [salt + b"photo", salt + "已注销".encode(), salt + b"name: b\nsha256: 0", b""]
        for content in kept[:-1]:
            assert transaction.records.evidence(hashlib.sha256(content).hexdigest()) == content
        assert transaction.records.evidence(hashlib.sha256("已注销".encode()).hexdigest()) is None
