from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.draw.entropy import hash_times
from engine.draw.refused import DrawRefused
from engine.draw.tickets import TicketMachine, extract, read_labels
from engine.kernel.sm3 import sm3_hex, sm3_pure

# The worked example of draft-thomson-elegy-vrs, "Example Usage": secret, randomness, first tickets (cut to 27 digits).
SECRET = b"totally not a bikeshed"
RANDOMNESS = "1.2.3.4.5.6./1.2.3.4.5.6./1.2.3.4.5.6./"
COLOURS = ["aqua", "bisque", "blue", "cornflowerblue", "darkgoldenrod", "darkgray", "lavenderblush", "lightpink",
           "mediumvioletred"]  # fmt: skip
FIRST = {
    "lavenderblush": "002ed527ae0a44a86c205d1cdba",
    "blue": "03f710be2b61a6f9c3f89aa5ab5",
    "darkgoldenrod": "08bab81380d7f0769cecf9969a8",
    "mediumvioletred": "0c26494fa81f3aed8a9f66e77b7",
    "bisque": "0e1af5d1ccfd44de075cc0bb6d5",
    "lightpink": "13a07cc9abf3b737e49a62b0634",
}
SECOND = {
    "aqua": "00d1c59a9f1b581060a9e732e91",
    "darkgray": "02b514b0b1807bfe086db524f40",
    "cornflowerblue": "0337add95eac62a356b020a273a",
}


def test_the_published_example() -> None:
    assert hash_times(SECRET, 10).hex() == "950ea08d8d5fd3ae415b9967aba7a48aba39ca62a4d98f2e7fe25cb1b8f8c488"
    assert hash_times(SECRET, 9).hex() == "5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456"
    for times, expected in ((9, FIRST), (8, SECOND)):
        order = TicketMachine(extract(hash_times(SECRET, times), RANDOMNESS)).order(COLOURS)
        ours = [(ticket.hex()[:27], label) for ticket, label in order if label in expected]
        assert ours == [(ticket, label) for label, ticket in expected.items()]
        assert order[0][1] == next(iter(expected))


@pytest.mark.parametrize("key", [b"", b"k", bytes(32), b"x" * 64, b"y" * 65, bytes(range(256))])
def test_the_machine_is_hmac_for_keys_of_any_length(key: bytes) -> None:
    for label in ("", "a", "名称", "x" * 300):
        assert TicketMachine(key).ticket(label) == hmac.digest(key, label.encode() + b"\1", "sha256")


@given(st.integers(0, 400), st.integers(0, 450), st.binary(min_size=1, max_size=8))
def test_lowest_is_the_head_of_the_whole_order(size: int, count: int, key: bytes) -> None:
    labels = [f"id-{i}" for i in range(size)]
    machine = TicketMachine(key)
    assert machine.lowest(labels, count) == machine.order(labels)[:count]
    assert [*machine.lowest(labels, count), *machine.reserve(labels, count)][:size] == machine.order(labels)


def test_lowest_never_depends_on_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    machine, labels = TicketMachine(b"k"), [f"{i}" for i in range(2000)]
    right = machine.order(labels)[:50]
    assert machine.lowest(labels, 50) == right
    monkeypatch.setattr("engine.draw.tickets.bound_of", lambda count, among: bytes(32))
    assert machine.lowest(labels, 50) == right


def test_equal_tickets_are_ordered_by_the_bytes_of_the_label() -> None:
    class Flat(TicketMachine):
        def ticket(self, label: str) -> bytes:
            return bytes(32)

    # UTF-16 would put U+20BB7 before U+FF21; bytes of UTF-8 do not.
    assert [label for _, label in Flat(b"").order(["𠮷", "Ａ", "b", "a"])] == ["a", "b", "Ａ", "𠮷"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_labels_are_the_same_whatever_editor_saved_them(ending: str, mark: bytes) -> None:
    data = mark + ending.join([" 甲 ", "", "乙", "  ", "𠮷"]).encode() + ending.encode()
    assert read_labels(data) == ["甲", "乙", "𠮷"]


def test_labels_refused() -> None:
    with pytest.raises(DrawRefused) as caught:
        read_labels("甲\n乙\r\n\n 甲\n乙".encode())
    assert [str(reason) for reason in caught.value.reasons] == [
        "标签 甲 在第 1 行和第 4 行重复 每个对象只能有一个号，请删去重复的一行",
        "标签 乙 在第 2 行和第 5 行重复 每个对象只能有一个号，请删去重复的一行",
    ]
    with pytest.raises(DrawRefused, match="UTF-16"):
        read_labels("甲".encode("utf-16"))
    with pytest.raises(DrawRefused, match="第 2 行"):
        read_labels(b"a\n\xb0\xa1\n")


def test_sm3_vectors_of_the_standard() -> None:
    assert sm3_pure(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3_pure(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.skipif(
    "sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3 to compare with"
)
@given(st.binary(max_size=300))
def test_sm3_is_openssls(data: bytes) -> None:
    assert sm3_pure(data).hex() == hashlib.new("sm3", data).hexdigest() == sm3_hex(data)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("甲\x1b[31m", "第 2 行的标签第 2 个字是不能使用的控制字符（U+001B），请删去"),
        ("甲\t乙", "第 2 行的标签第 2 个字是不能使用的控制字符（U+0009），请删去"),
        ("甲\u202e乙", "第 2 行的标签第 2 个字是不能使用的控制字符（U+202E），请删去"),
        ("甲" * 1_001, "第 2 行的标签最多 1000 字，实为 1001 字"),
    ],
)
def test_a_label_is_a_line_somebody_can_read(label: str, said: str) -> None:
    with pytest.raises(DrawRefused) as refused:
        read_labels(f"乙\n{label}\n".encode())
    assert said in str(refused.value)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_tickets_of_pairs_are_those_of_their_labels(key: bytes, unit: str, names: list[str]) -> None:
    machine = TicketMachine(key)
    assert list(machine.pairs(unit, names)) == [machine.ticket(f"{unit}|{name}") for name in names]
