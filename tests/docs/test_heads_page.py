"""The page on heads is complete to the field: real files hold nothing it does not name, and a program written from it judges as ours does."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from heads_fixtures import HeadBureau, Keys
from running_documents import ROOT

from engine.app.audit.heads import consistency_of, head_of
from engine.app.audit.kit import verify_head
from engine.app.audit.signed_heads.history import FIRST, KeptHead, checkpoint, key_text, signed_note
from engine.app.audit.signed_heads.public_files import LIST
from engine.kernel import ed25519
from engine.kernel.append_only_tree import consistency_proof, leaf_hashes, root

PAGES = {
    "en": (ROOT / "docs/reference/heads.md").read_text("utf-8"),
    "zh": (ROOT / "docs/reference/heads.zh-CN.md").read_text("utf-8"),
}
#: The tables of the page: heading in English and Chinese.
TABLES = {"list": ("## The list", "## 清单"), "key": ("### A key", "### 密钥"), "head": ("### A head\n", "### 日志头\n"), "proof": ("### A proof", "### 单独的证明")}  # fmt: skip


@pytest.fixture(scope="module")
def bureau() -> HeadBureau:
    """Heads by a first key, by one it announced, one without a key, and by one in the place of a lost one."""
    found = HeadBureau(keys=Keys("one", "two"))
    found.services.settings = {"heads": {"send": {"files": ""}}}
    found.day("甲")
    found.day("乙")
    first, second = found.keys.secrets
    found.announce(second, first)
    found.day("丙")
    found.keys = Keys("three")
    found.day("丁")
    found.announce(found.keys.first_key())
    found.day("戊")
    found.day()
    return found


@pytest.fixture(scope="module")
def listed(bureau: HeadBureau) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(bureau.files()[LIST])
    return body


def table_of(page: str, language: str, name: str) -> set[str]:
    """Return the keys a table of the page names in its first column."""
    heading = TABLES[name][0 if language == "en" else 1]
    section = re.split(r"^#", page.split(heading, 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("language", PAGES)
def test_every_field_of_real_files_is_in_its_table_and_no_other(
    language: str, bureau: HeadBureau, listed: dict[str, Any]
) -> None:
    page = PAGES[language]
    with bureau.store.read() as transaction:
        moment = head_of(transaction, datetime(2026, 11, 30, tzinfo=UTC))
        proof = consistency_of(transaction, 1, listed["heads"][-1]["size"])
        sent = [item.payload["head"] for item in transaction.outbox.listed() if item.kind == "head"]
    assert proof is not None
    assert len(sent) == len(listed["heads"])
    assert table_of(page, language, "list") == set(listed)
    assert {frozenset(one) for one in listed["keys"]} == {frozenset(table_of(page, language, "key"))}
    of_head = table_of(page, language, "head")
    assert {frozenset(one) for one in listed["heads"]} == {frozenset(of_head)}
    assert {frozenset(one) for one in sent} == {frozenset({*of_head, "format"})}
    assert set(moment) == {"format", *(of_head - {"number", "day", "key", "signature", "proof"})}
    assert table_of(page, language, "proof") == set(proof)
    for text in (
        listed["format"],
        moment["format"],
        proof["format"],
        *(one["why"] for one in listed["keys"]),
    ):
        assert f"`{text}`" in page
    assert {one["why"] for one in listed["keys"]} == {FIRST, "changed", "lost"}


@pytest.mark.parametrize("language", PAGES)
def test_every_file_is_named(language: str, bureau: HeadBureau) -> None:
    for name in bureau.files():
        assert f"`{re.sub('[0-9]+', 'N', name)}`" in PAGES[language]
    assert "`N.tsr`" in PAGES[language]


# ---- a program written from the page ----
def shaped(value: Any, table: Mapping[str, Any]) -> None:
    for key, pattern in table.items():
        assert re.fullmatch(pattern, str(value[key])), key


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def leads(m: int, r: bytes, n: int, s: bytes, hashes: list[bytes]) -> bool:
    if m == n:
        return not hashes and r == s
    if not 0 < m < n:
        return False
    steps = [r, *hashes] if m & (m - 1) == 0 else hashes
    if not steps:
        return False
    a, b = m - 1, n - 1
    while a % 2:
        a, b = a // 2, b // 2
    x = y = steps[0]
    for h in steps[1:]:
        if b == 0:
            return False
        if a % 2 or a == b:
            x, y = node(h, x), node(h, y)
            while a % 2 == 0 and a:
                a, b = a // 2, b // 2
        else:
            y = node(y, h)
        a, b = a // 2, b // 2
    return b == 0 and x == r and y == s


def signed_by(key: str, text: str, signature: str) -> bool:
    return ed25519.verify(bytes.fromhex(key), text.encode(), bytes.fromhex(signature))


def findings(files: Mapping[str, bytes], kept: list[dict[str, Any]], given: str | None = None) -> list[str]:
    """Return what is wrong, by the number of the page's list of what to check."""
    body = json.loads(files["heads.json"])
    found = [*of_keys(body), *of_heads(body, files)]
    roots_of = {head["size"]: head["root"] for head in body["heads"]}
    if any(roots_of.get(one["size"]) != one["root"] for one in kept):
        found.append("6")
    if given is not None and given not in [key["key"] for key in body["keys"]]:
        found.append("7")
    return found


def of_keys(body: dict[str, Any]) -> Iterator[str]:
    before: dict[str, Any] | None = None
    for key in body["keys"]:
        shaped(key, {"key": "[0-9a-f]{64}", "why": "first|changed|lost", "signature": "None|[0-9a-f]{128}"})
        if (key["why"] == "first") != (before is None) or key["previous"] != (before and before["key"]):
            yield "2"
        elif key["why"] == "changed" and before:
            text = f"shuangsuiji-head-key/1\n{body['bureau']}\n{before['key']}\n{key['key']}\n"
            if key["signature"] is None or not signed_by(before["key"], text, key["signature"]):
                yield "2"
        before = key


def of_heads(body: dict[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    keys, place, old = [key["key"] for key in body["keys"]], 0, None
    for number, head in enumerate(body["heads"], 1):
        shaped(head, {"root": "[0-9a-f]{64}", "size": "[0-9]+", "key": "None|[0-9a-f]{64}"})
        if head["number"] != number or head["bureau"] != body["bureau"]:
            yield "3"
        text, line = written(head)
        if head["signature"] is not None:
            if head["key"] not in keys[place:] or not signed_by(head["key"], text, head["signature"]):
                yield "4"
            place = keys.index(head["key"]) if head["key"] in keys else place
        if files.get(f"{number}.checkpoint") != (text + line).encode():
            yield "9"
        yield from () if old is None else steps_wrong(old, head)
        old = head


def written(head: dict[str, Any]) -> tuple[str, str]:
    """Return the text that is signed, and what follows it in the file."""
    base = base64.b64encode(bytes.fromhex(head["root"])).decode()
    name = f"shuangsuiji/{head['bureau']}"
    text = f"{name}\n{head['size']}\n{base}\n{head['time']}\n"
    if head["signature"] is None:
        return text, ""
    first = hashlib.sha256(f"{name}\n".encode() + b"\x01" + bytes.fromhex(head["key"])).digest()[:4]
    value = base64.b64encode(first + bytes.fromhex(head["signature"])).decode()
    return text, f"\n\u2014 {name} {value}\n"


def steps_wrong(old: dict[str, Any], head: dict[str, Any]) -> Iterator[str]:
    if head["size"] < old["size"] or head["time"] < old["time"]:
        yield "3"
    proof = [bytes.fromhex(one) for one in head["proof"]]
    if not leads(old["size"], bytes.fromhex(old["root"]), head["size"], bytes.fromhex(head["root"]), proof):
        yield "5"


def test_a_program_from_the_page_accepts_the_honest_bureau(
    bureau: HeadBureau, listed: dict[str, Any], tmp_path: Path
) -> None:
    files = bureau.files()
    assert findings(files, listed["heads"], listed["keys"][0]["key"]) == []
    (tmp_path / LIST).write_bytes(files[LIST])
    assert verify_head.main([str(tmp_path / LIST)]) == 0


def altered(*place: Any, value: Any) -> Any:
    def act(body: Any) -> None:
        for step in place[:-1]:
            body = body[step]
        body[place[-1]] = value

    return act


@pytest.mark.parametrize(
    ("act", "number"),
    [
        (altered("keys", 1, "signature", value="00" * 64), "2"),
        (altered("keys", 1, "previous", value="ab" * 32), "2"),
        (altered("keys", 2, "why", value="first"), "2"),
        (altered("heads", 1, "number", value=7), "3"),
        (altered("heads", 1, "time", value="2020-01-01T00:00:00.000000Z"), "3"),
        (altered("heads", 1, "root", value="00" * 32), "4"),
        (altered("heads", 2, "proof", value=[]), "5"),
        (lambda body: body["heads"].pop(), "6"),
    ],
)
def test_it_finds_what_ours_finds(
    act: Any, number: str, bureau: HeadBureau, listed: dict[str, Any], tmp_path: Path
) -> None:
    files = bureau.files()
    body = json.loads(files[LIST])
    act(body)
    files[LIST] = json.dumps(body).encode()
    assert number in findings(files, listed["heads"])
    (tmp_path / LIST).write_bytes(files[LIST])
    (tmp_path / "kept.json").write_text(json.dumps(listed), "utf-8")
    assert verify_head.main([str(tmp_path / LIST), str(tmp_path / "kept.json")]) == 1


def test_another_past_by_the_same_key_is_found(bureau: HeadBureau, listed: dict[str, Any]) -> None:
    other = HeadBureau(keys=Keys("one", "two"))
    for title in "子丑寅":
        other.day(title)
    assert findings(other.files(), []) == []
    assert findings(other.files(), listed["heads"]) == ["6"]
    assert bureau.name
    assert findings(other.files(), [], "ab" * 32) == ["7"]


@pytest.mark.parametrize("language", PAGES)
def test_the_vectors_are_what_the_program_computes(language: str) -> None:
    page = PAGES[language]
    leaves = leaf_hashes([letter.encode() for letter in "abcde"])
    bureau, time = "0123456789abcdef" * 4, "2026-11-30T01:00:00.000000Z"
    secret, other = bytes(range(32)), bytes(range(1, 33))
    key, new = ed25519.public_key(secret).hex(), ed25519.public_key(other).hex()
    top, proof = root(leaves).hex(), [one.hex() for one in consistency_proof(leaves, 3)]
    signature = ed25519.sign(secret, checkpoint(bureau, 5, top, time)).hex()
    head = KeptHead(2, "2026-11-30", 5, top, time, 5, (), tuple(proof), key, signature, 0)
    change = ed25519.sign(secret, key_text(bureau, key, new)).hex()
    due = {
        "root 3": root(leaves[:3]).hex(), "root 5": top, "bureau": bureau, "time": time, "key 1": key, "key 2": new,
        "proof 4 5": consistency_proof(leaves, 4)[0].hex(), "signature": signature, "change": change,
        "proof 3 5": f"\n{' ' * 12}".join(proof),
    }  # fmt: skip
    for name, value in due.items():
        assert f"\n{name:<12}{value}\n" in page, name
    assert signed_note(bureau, head).decode() in page
    assert leads(3, root(leaves[:3]), 5, root(leaves), consistency_proof(leaves, 3))
    assert not leads(0, root(leaves[:0]), 5, root(leaves), [])


def test_a_size_of_nothing_is_no_beginning() -> None:
    """A list by a dishonest bureau must not keep the program busy for ever."""
    assert not verify_head.consistent(0, 5, b"", b"", [b""])
    assert not verify_head.consistent(0, 5, b"", b"", [])
    assert verify_head.consistent(0, 0, b"x", b"x", [])
