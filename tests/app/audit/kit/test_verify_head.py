"""A stranger with two heads and a proof accepts the honest bureau, and no other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
