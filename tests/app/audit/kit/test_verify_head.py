"""A stranger with two heads and a proof accepts the honest bureau, and no other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heads_fixtures import HeadBureau, Keys

from engine.app.audit import heads
from engine.app.audit.kit import verify_head
from engine.kernel.append_only_tree import consistency_proof, leaf_hashes, root

Files = dict[str, Any]
BUREAU = "b" * 64


def head(leaves: list[bytes], day: int, bureau: str = BUREAU) -> Files:
    return {
        "format": heads.HEAD_FORMAT,
        "bureau": bureau,
        "size": len(leaves),
        "root": root(leaf_hashes(leaves)).hex(),
        "time": f"2026-03-{day:02}T09:00:00+08:00",
    }


def proof(leaves: list[bytes], first: int) -> Files:
    found = consistency_proof(leaf_hashes(leaves), first)
    return {
        "format": heads.PROOF_FORMAT,
        "bureau": BUREAU,
        "first": first,
        "second": len(leaves),
        "hashes": [one.hex() for one in found],
    }


LEAVES = [str(number).encode() for number in range(13)]


def answer(
    folder: Path, capsys: pytest.CaptureFixture[str], *contents: Files | bytes
) -> tuple[int, str, str]:
    """Return the exit code and what the program prints for files with these contents."""
    paths = []
    for number, content in enumerate(contents):
        path = folder / f"{number}.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        paths.append(str(path))
    code = verify_head.main(paths)
    printed = capsys.readouterr()
    assert (printed.out + printed.err).count("\n") == 1
    return code, printed.out, printed.err


@pytest.mark.parametrize("first", [1, 2, 3, 7, 8, 12, 13])
def test_the_honest_one(first: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = head(LEAVES[:first], 1), head(LEAVES, 2)
    code, out, _ = answer(tmp_path, capsys, old, new, proof(LEAVES, first))
    assert code == 0
    assert out.startswith("核对通过")


REWRITTEN = [*LEAVES[:3], b"x", *LEAVES[4:]]
FORK = [*LEAVES[:6], *(b"f%d" % number for number in range(9))]


@pytest.mark.parametrize(
    ("old", "new", "between", "sentence"),
    [
        (head(LEAVES[:7], 1), head(REWRITTEN, 2), proof(REWRITTEN, 7), "证明不成立"),
        (head(LEAVES[:7], 1), head(FORK, 2), proof(FORK, 7), "证明不成立"),
        (head(LEAVES[:7], 1), head(LEAVES[:5], 2), proof(LEAVES[:7], 5), "末尾被删"),
        (head(LEAVES[:7], 1), head(LEAVES, 2), proof(LEAVES, 6), "不是这两个日志头的"),
        (head(LEAVES[:7], 1), head(LEAVES, 2) | {"size": 12}, proof(LEAVES, 7), "不是这两个日志头的"),
        (head(LEAVES[:7], 1), head(LEAVES, 2, "c" * 64), proof(LEAVES, 7), "同一个单位"),
        (head(LEAVES[:7], 3), head(LEAVES, 2), proof(LEAVES, 7), "时间"),
        (head([], 1), head(LEAVES, 2), proof(LEAVES, 7), "空的"),
        (head(LEAVES, 1), head(REWRITTEN, 2), proof(LEAVES, 13), "证明不成立"),
        (head(LEAVES[:7], 1), head(LEAVES, 2), proof(LEAVES, 7) | {"hashes": []}, "证明不成立"),
        (head(LEAVES[:8], 1), head(LEAVES, 2), proof(LEAVES, 8) | {"hashes": ["0" * 64] * 9}, "证明不成立"),
    ],
)
def test_what_does_not_fit(
    old: Files,
    new: Files,
    between: Files,
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = answer(tmp_path, capsys, old, new, between)
    assert code == 1
    assert sentence in err


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 50_000,
        b" " * 100_001,
        b"null",
        head(LEAVES, 2) | {"format": "x"},
        head(LEAVES, 2) | {"size": True},
        head(LEAVES, 2) | {"size": -1},
        head(LEAVES, 2) | {"size": 1.5},
        head(LEAVES, 2) | {"root": "é" * 64},
        head(LEAVES, 2) | {"bureau": None},
        head(LEAVES, 2) | {"time": 5},
        head(LEAVES, 2) | {"time": "2026-03-02T09:00:00"},
    ],
)
def test_no_head_at_all(broken: Files | bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = answer(tmp_path, capsys, head(LEAVES[:7], 1), broken, proof(LEAVES, 7))
    assert code == 2
    assert "“" in err


@pytest.mark.parametrize("hashes", [None, "x", [1], ["0"], {}])
def test_no_proof_at_all(hashes: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    between = proof(LEAVES, 7) | {"hashes": hashes}
    assert answer(tmp_path, capsys, head(LEAVES[:7], 1), head(LEAVES, 2), between)[0] == 2


def test_files_there_are_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_head.main([str(tmp_path / "absent")] * 3) == 2
    assert "读不了" in capsys.readouterr().err
    assert answer(tmp_path, capsys)[0] == 2


def test_it_needs_nothing_but_python(tmp_path: Path) -> None:
    path = tmp_path / heads.PROGRAM
    path.write_bytes(heads.program())
    run: Callable[..., Any] = subprocess.run
    done = run([sys.executable, "-I", "-S", str(path)], capture_output=True, cwd=tmp_path)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.fixture(scope="module")
def listed() -> HeadBureau:
    """Three heads, the key changed before the third."""
    found = HeadBureau(keys=Keys("one", "two"))
    found.day("甲")
    found.day("乙")
    first, second = found.keys.secrets
    found.announce(second, first)
    found.day("丙")
    return found


def judged(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, bytes],
    *words: str,
    change: Callable[[dict[str, Any]], object] | None = None,
) -> tuple[int, str]:
    """Return the exit code and what is printed of a list, changed before it is written."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if change is not None:
        body = json.loads(files["heads.json"])
        change(body)
        (folder / "heads.json").write_text(json.dumps(body), "utf-8")
    code = verify_head.main([str(folder / "heads.json"), *words])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_list_is_followed_from_head_to_head_and_key_to_key(
    listed: HeadBureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = listed.keys.first_key()
    code, said = judged(tmp_path, capsys, listed.files(), "--key", first)
    assert code == 0
    assert said.startswith("核对通过：3 个日志头逐个续写而成")
    assert "没有用 --key" not in said
    assert "没有用 --key" in judged(tmp_path, capsys, listed.files())[1]
    code, said = judged(tmp_path, capsys, listed.files(), "--key", "ab" * 32)
    assert (code, "给出的公钥不在 heads.json 里" in said) == (1, True)
    held = tmp_path / "held.json"
    held.write_text(
        json.dumps(
            json.loads(listed.files()["heads.json"])["heads"][1]
            | {
                "format": heads.HEAD_FORMAT,
                "bureau": listed.name,
            }
        ),
        "utf-8",
    )
    code, said = judged(tmp_path, capsys, listed.files(), str(held))
    assert (code, "在其中，没有改动" in said) == (0, True)


def _cut(body: dict[str, Any]) -> None:
    del body["heads"][1]


def _lost(body: dict[str, Any]) -> None:
    body["keys"][1] |= {"why": "lost", "signature": None}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_cut, "日志头 3 前有缺失"),
        (lambda body: body["heads"][0].update(root="0" * 64), "日志头 1：2"),
        (lambda body: body["heads"][2].update(proof=[]), "不是由前一个续写而成"),
        (lambda body: body["heads"][2].update(key=body["keys"][0]["key"]), "签名不对"),
        (lambda body: body["heads"][0].update(key=body["keys"][1]["key"]), "签名不对"),
        (lambda body: body["keys"][1].update(signature="0" * 128), "第 2 把密钥没有前一把的签名"),
        (lambda body: body["keys"][1].update(previous="0" * 64), "第 2 把密钥接不上前一把"),
        (lambda body: body.update(heads=[]), "里没有日志头"),
        (lambda body: body.update(format="x"), "用法："),
        (lambda body: body["keys"][0].update(key=5), "密钥写法不对"),
    ],
)
def test_a_list_that_was_bent(
    change: Callable[[dict[str, Any]], object],
    sentence: str,
    listed: HeadBureau,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, said = judged(tmp_path, capsys, listed.files(), change=change)
    assert code in (1, 2)
    assert sentence in said, said


def test_a_key_that_was_lost_and_a_head_somebody_kept_are_named(
    listed: HeadBureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = judged(tmp_path, capsys, listed.files(), change=_lost)
    assert (code, "第 2 把密钥是前一把遗失后由本单位两人启用的" in said) == (0, True)
    other = HeadBureau()
    other.day("别的")
    held = tmp_path / "held.json"
    held.write_bytes(other.files()["heads.json"])
    code, said = judged(tmp_path, capsys, listed.files(), str(held))
    assert (code, "与现在公布的根不同" in said) == (1, True), said
    (tmp_path / "1.tsr").write_bytes(b"0\x03\x02\x01\x00")
    code, said = judged(tmp_path, capsys, listed.files())
    assert (code, "不是时间戳" in said) == (1, True)


#: The first and the third vector of RFC 8032, 7.1.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_signatures_are_those_of_the_standard(key: str, message: str, signature: str) -> None:
    given = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify_head.ed25519_holds(*given)
    assert not verify_head.ed25519_holds(given[0], given[1] + b"x", given[2])
    assert not verify_head.ed25519_holds(given[0], given[1], given[2][:-1] + bytes([given[2][-1] ^ 1]))
    assert verify_head.point_of(b"\xff" * 32) is None
    assert verify_head.add(verify_head.times(2, verify_head.BASE), verify_head.BASE)[0] % verify_head.P != 0
