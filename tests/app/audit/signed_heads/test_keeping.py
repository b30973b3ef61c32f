"""A head a day: it reads what is new, is signed by the key in force, and is ordered to be sent, stamped and published."""

from __future__ import annotations

from datetime import timedelta

from heads_fixtures import HeadBureau, Keys

from engine.app.audit.heads import head_of
from engine.app.audit.signed_heads.history import FIRST, checkpoint
from engine.app.audit.signed_heads.keeping import (
    draft_head,
    keep_head_of_today,
    why_unsigned,
    write_head,
)
from engine.kernel import ed25519
from engine.kernel.append_only_tree import consistent


def test_one_head_a_day_grows_from_the_one_before() -> None:
    bureau = HeadBureau()
    first = bureau.day("甲")
    assert keep_head_of_today(bureau.services, bureau.keys) is None
    second = bureau.day("乙")
    assert (first.number, second.number) == (1, 2)
    assert second.size > first.size
    proof = [bytes.fromhex(one) for one in second.proof]
    roots = bytes.fromhex(first.root), bytes.fromhex(second.root)
    assert consistent(first.size, second.size, *roots, proof)
    with bureau.store.read() as transaction:
        draft = draft_head(transaction)
        assert head_of(transaction, bureau.services.clock.now())["root"] == draft.tree.root().hex()
        assert draft.tree.size == second.size + 1


def test_it_is_signed_by_the_first_key() -> None:
    bureau = HeadBureau()
    kept = bureau.day("甲")
    (key,) = bureau.history.keys
    assert (key.number, key.key, key.why, key.previous) == (1, bureau.keys.first_key(), FIRST, None)
    assert kept.key == key.key
    assert kept.signature is not None
    text = checkpoint(bureau.name, kept.size, kept.root, kept.at)
    assert ed25519.verify(bytes.fromhex(key.key), text, bytes.fromhex(kept.signature))
    assert bureau.findings() == []


def test_without_the_key_it_is_kept_unsigned_and_said() -> None:
    bureau = HeadBureau()
    bureau.day("甲")
    assert why_unsigned(bureau.history, bureau.keys) is None
    bureau.keys = Keys("another")
    kept = bureau.day("乙")
    assert (kept.key, kept.signature) == (None, None)
    assert bureau.history.keys[0].key[:16] in str(why_unsigned(bureau.history, bureau.keys))
    assert bureau.findings() == []


def test_a_clock_set_back_makes_no_head_before_the_last() -> None:
    bureau = HeadBureau()
    first = bureau.day("甲")
    bureau.services.clock.advance(timedelta(days=-3))  # type: ignore[attr-defined]
    with bureau.store.read() as transaction:
        draft = draft_head(transaction)
    now, zone = bureau.services.clock.now(), bureau.services.definitions.time.zone
    with bureau.store.write() as transaction:
        kept = write_head(transaction, now, zone, "lena", draft, bureau.keys, {})
    assert kept.at == first.at


def test_what_is_ordered_for_a_head() -> None:
    bureau = HeadBureau()
    bureau.services.settings = {
        "heads": {"send": {"mail": "jd@example.gov.cn", "files": ""}, "stamp": {"url": "x"}}
    }
    kept = bureau.day("甲")
    with bureau.store.read() as transaction:
        waiting = {one.id: one for one in transaction.outbox.listed() if one.id.startswith("head:")}
    assert {(one.channel, one.recipient) for one in waiting.values()} == {
        ("site", None),
        ("stamp", None),
        ("mail", "mailto:jd@example.gov.cn"),
        ("files", None),
    }
    sent = waiting["head:1:mail"].payload
    assert sent["head"]["root"] == kept.root
    assert f"\n{kept.size}\n" in sent["text"]


def test_a_key_is_announced_in_the_place_of_another() -> None:
    bureau = HeadBureau(keys=Keys("one", "two"))
    bureau.day("甲")
    second = list(bureau.keys.secrets)[1]
    bureau.announce(second, bureau.keys.first_key())
    assert [one.why for one in bureau.history.keys] == ["first", "changed"]
    assert bureau.day("乙").key == second
