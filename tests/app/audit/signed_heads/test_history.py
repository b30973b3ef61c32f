"""The history of signed heads as it is read: keys, heads, stamps, and what cannot be read."""

from __future__ import annotations

import base64
import hashlib

import pytest
from heads_fixtures import HeadBureau

from engine.app.audit.signed_heads.history import KEY, STAMP, STREAM, key_text, origin, signed_note
from engine.app.history.journal import add_entry
from engine.kernel.append_only_tree import consistent


def test_the_signed_note_is_that_of_c2sp() -> None:
    """Text, a blank line, and one line with the name, and the key's id before the signature."""
    bureau = HeadBureau()
    kept = bureau.day("甲")
    name = origin("b" * 64)
    text, _, line = signed_note("b" * 64, kept).decode().partition("\n\n")
    assert text.split("\n")[:2] == [name, str(kept.size)]
    assert base64.b64decode(text.split("\n")[2]).hex() == kept.root
    mark, signer, signed = line.rstrip("\n").split(" ")
    assert (mark, signer) == ("—", name)
    assert kept.key is not None
    assert kept.signature is not None
    known = hashlib.sha256(f"{name}\n".encode() + b"\x01" + bytes.fromhex(kept.key)).digest()[:4]
    assert base64.b64decode(signed) == known + bytes.fromhex(kept.signature)
    assert key_text("b", "1", "2") == b"shuangsuiji-head-key/1\nb\n1\n2\n"


def test_nothing_yet() -> None:
    history = HeadBureau().history
    assert (history.key, history.last, history.head(1)) == (None, None, None)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (KEY, {"number": 1, "key": "x", "why": "first", "previous": None, "signature": None}),
        (KEY, {}),
        ("head", {"number": 1, "day": "2024-09-03", "size": 1, "root": "A" * 64}),
        (STAMP, {"number": 1, "token": "?"}),
    ],
)
def test_an_entry_that_is_none_is_found(kind: str, body: dict[str, object]) -> None:
    bureau = HeadBureau()
    with bureau.store.write() as transaction:
        add_entry(transaction, bureau.services.clock.now(), kind, "lena", body, STREAM)
    assert bureau.history.unreadable == (1,)
    assert [one.stream for one in bureau.findings()] == [STREAM]
    bureau.day("甲")
    assert bureau.history.key_of(bureau.history.heads[0]) == bureau.history.keys[0]


def test_keys_and_heads_as_outsiders_are_given_them() -> None:
    bureau = HeadBureau()
    first, second = bureau.day("甲"), bureau.day("乙")
    history = bureau.history
    key = history.key
    assert key is not None
    assert key.key == bureau.keys.first_key()
    last, before = history.last, history.head(1)
    assert last is not None
    assert before is not None
    assert ((last.number, last.root), before.root) == ((2, second.root), first.root)
    assert key.as_json() == {
        "number": 1,
        "key": key.key,
        "why": "first",
        "previous": None,
        "signature": None,
        "time": key.at,
        "confirmed": False,
        "single_handed": False,
    }
    given = second.as_json("b" * 64)
    assert (given["number"], given["size"], given["root"], given["bureau"]) == (
        2,
        second.size,
        second.root,
        "b" * 64,
    )
    assert given["proof"] == list(second.proof) != []
    old, new = bytes.fromhex(first.root), bytes.fromhex(second.root)
    assert consistent(first.size, second.size, old, new, [bytes.fromhex(one) for one in second.proof])
    assert second.tree().root().hex() == second.root
