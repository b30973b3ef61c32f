from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from bureau_factories import ZONE
from visit_bureau import audited_bureau

from engine.app.audit.sealed import sealed_tree_of
from engine.app.audit.seals import (
    HASH_PREFIX,
    HEADS,
    PUBLIC_LOG,
    SEALED,
    STREAM,
    Leaf,
    draft_seal,
    draw_leaf,
    entries,
    hash_prefixes_of,
    leaf_of,
    leaves_of,
    public_log_leaf,
    publication_leaf,
    row_of,
    seal,
    seal_of,
    seal_of_today,
    seals,
    write_seal,
)
from engine.app.audit.verify_seals import verify_seals
from engine.app.ports.records import DrawRow, Publication, Seal
from engine.app.ports.store import ConflictError


def test_everything_that_has_grown_is_sealed_once() -> None:
    bureau = audited_bureau()
    first = seal_of_today(bureau.application)
    assert first is not None
    assert (first.number, first.day) == (1, "2024-09-04")
    assert seal_of_today(bureau.application) is None
    assert seal(bureau.application) is None
    bureau.later(days=1)
    bureau.take("visit-2", "send")
    with bureau.store.write() as transaction:
        draft = draft_seal(transaction)
        assert draft is not None
        second = write_seal(transaction, bureau.clock.now(), ZONE, "carl", draft)
        assert list(seals(transaction)) == [first, second]
        assert [event.kind for event in entries(transaction)] == [HEADS, SEALED, HEADS, SEALED]
        grown = list(leaves_of(transaction.events.of(STREAM)[2]))
        assert [(leaf.name, leaf.seq) for leaf in grown] == [("visit-2", 2)]
        hashes = transaction.events.hashes("visit-2")
        assert (grown[0].hash, grown[0].marks) == (hashes[1], hash_prefixes_of(hashes[1:]))
        assert list(leaves_of(transaction.events.of(STREAM)[3])) == []
        last = transaction.events.last(STREAM)
        assert last is not None
        assert (seal_of(last), last.actor) == (second, "carl")
        now, then = sealed_tree_of(transaction), sealed_tree_of(transaction, first.entry)
        assert (now.tree.root(), then.tree.root()) == (second.root, first.root)
        newest = [leaf for leaf in transaction.events.last_hashes() if leaf[0] != STREAM]
        assert (
            sorted((leaf.name, leaf.seq, leaf.hash) for name in now.places if (leaf := now.of(name)))
            == newest
        )
    site = [item.payload for item in bureau.outbox("site")]
    assert site == [{"sealed": "2024-09-04"}, {"sealed": "2024-09-05"}]


def test_rows_and_marks() -> None:
    for leaf in (Leaf("a", 1, "x"), Leaf("a", 1, "x", "12345678")):
        assert (leaf_of(row_of(leaf)), leaf_of(row_of(leaf)).marks) == (leaf, leaf.marks)
    assert hash_prefixes_of(["0123456789", "abcdefghij"]) == "01234567abcdefgh"
    assert HASH_PREFIX == 8


def test_leaves_of_publications_and_draws() -> None:
    bureau = audited_bureau()
    now = bureau.clock.now()
    plain = Publication(id="p", kind="k", case="visit-1", title="甲", body={"a": 1}, published_at=now)
    gone = Publication(
        id="p",
        kind="k",
        case="visit-1",
        title="甲",
        body={"a": 1},
        published_at=now,
        withdrawn_at=now + timedelta(days=1),
        withdrawn_because="有误",
    )
    assert (publication_leaf(plain).name, publication_leaf(plain).seq) == ("publication:p", 1)
    assert publication_leaf(gone).seq == 2
    assert publication_leaf(gone).hash != publication_leaf(plain).hash
    assert publication_leaf(gone, as_published=True) == publication_leaf(plain)
    row = DrawRow("b", 1, "committed", {"record": {"log": ["1", "2"]}}, now)
    shorter = DrawRow("b", 1, "committed", {"record": {"log": ["1"]}}, now)
    assert (draw_leaf(row).name, draw_leaf(row).seq) == ("draw:b/1", 2)
    assert draw_leaf(row, 1) == draw_leaf(shorter)


def test_a_seal_that_another_one_came_before_is_worked_out_anew() -> None:
    bureau = audited_bureau()
    with bureau.store.read() as transaction:
        draft = draft_seal(transaction)
    assert draft is not None
    first = seal(bureau.application)
    assert first is not None
    with pytest.raises(ConflictError), bureau.store.write() as transaction:
        write_seal(transaction, bureau.clock.now(), ZONE, "carl", draft)
    with bureau.store.read() as transaction:
        assert list(seals(transaction)) == [first]


def test_what_is_committed_while_a_seal_is_worked_out_is_left_to_the_next() -> None:
    bureau = audited_bureau()
    with bureau.store.read() as transaction:
        draft = draft_seal(transaction)
    assert draft is not None
    bureau.take("visit-2", "send")
    with bureau.store.write() as transaction:
        first = write_seal(transaction, bureau.clock.now(), ZONE, "carl", draft)
    assert bureau.findings() == []
    second = seal(bureau.application)
    assert second is not None
    assert (second.number, second.root != first.root) == (2, True)
    with bureau.look() as transaction:
        assert [leaf.name for leaf in leaves_of(transaction.events.of(STREAM)[2])] == ["visit-2"]


def test_the_leaf_of_the_public_log_counts_all_lines_and_hashes_the_new_ones() -> None:
    leaf = public_log_leaf(["甲", "乙"], before=3)
    assert (leaf.name, leaf.seq, leaf.hash) == (PUBLIC_LOG, 5, sha256("甲\n乙".encode()).hexdigest())
    assert public_log_leaf(["甲乙"]).hash != public_log_leaf(["甲", "乙"]).hash


def test_what_is_more_than_one_seal_takes_is_sealed_in_several_whole_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.app.audit.seals.CHUNK", 3)
    bureau = audited_bureau()
    last = seal_of_today(bureau.application)
    assert last is not None
    with bureau.store.read() as transaction:
        made = list(seals(transaction))
        newest = sorted(one for one in transaction.events.last_hashes() if one[0] != STREAM)
        now = sealed_tree_of(transaction)
        assert list(verify_seals(transaction)) == []
    assert len(made) > 1
    assert [one.rest for one in made] == [True] * (len(made) - 1) + [False]
    assert {one.day for one in made} == {"2024-09-04"}
    streams = [
        one for name in now.places if (one := now.of(name)) and not name.startswith(("publication:", "draw:"))
    ]
    assert sorted((one.name, one.seq, one.hash) for one in streams) == newest
    # The site is built once all is sealed.
    assert len(bureau.outbox("site")) == 1
    assert seal_of_today(bureau.application) is None


def test_sealing_that_was_broken_off_is_gone_on_with_the_same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.app.audit.seals.MAX_EVENTS", 2)
    bureau = audited_bureau()
    with bureau.store.read() as transaction:
        draft = draft_seal(transaction)
    assert draft is not None
    assert draft.rest
    with bureau.store.write() as transaction:
        first = write_seal(transaction, bureau.clock.now(), ZONE, "carl", draft)
    assert Seal.from_json(first.as_json()) == first
    assert bureau.outbox("site") == []
    last = seal_of_today(bureau.application)
    assert last is not None
    assert last.number > first.number + 1
    assert seal_of_today(bureau.application) is None
    with bureau.store.read() as transaction:
        assert list(verify_seals(transaction)) == []
