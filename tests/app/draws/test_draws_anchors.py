"""Proofs from outside: what is handed out, what comes back, and what they cover."""

from __future__ import annotations

import builtins
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import BATCH, DICE, Desk
from time_stamp_authority import openssl, stamped

from engine.draw.verification import verify


def exported(desk: Desk, name: str = "head.txt") -> Path:
    file = desk.home.parent / name
    desk.done("draw", "anchor", BATCH, "--export", file)
    return file


def imported(desk: Desk, file: Path, *words: object) -> Any:
    return desk.ssj("draw", "anchor", BATCH, "--import", file, "--by", "公证处", "--as", "drawer", *words)


def test_what_is_handed_out_names_the_head_and_how_to_stamp_it(desk: Desk) -> None:
    desk.committed()
    said = desk.ssj("draw", "anchor", BATCH, "--export", desk.home.parent / "head.txt")
    assert "openssl ts -query -data" in said.err
    text = (desk.home.parent / "head.txt").read_text("utf-8")
    digests = desk.record().parsed.digests()
    assert f"commitment-sha256: {digests.sha256}\ncommitment-sm3: {digests.sm3}\n" in text
    assert text.startswith(f"ssj-draw-anchor/1\nbatch: {BATCH}\ndraw: 1\nlines: 1\n")


def test_a_time_stamp_of_the_commitment_covers_it_and_no_more(desk: Desk, authority: Path) -> None:
    desk.committed()
    reply = stamped(authority, exported(desk))
    desk.typed()
    desk.takes("draw_objects", "witness", {"entropy": DICE, "seen_original": True})
    said = imported(desk, reply, "--ca", authority / "ca.pem")
    assert said.code == 0, said.err
    assert said.out.startswith("1\t")
    record = desk.record()
    assert verify(record).ok
    shown = desk.done("draw", "verify", BATCH)
    assert "外部凭据：公证处，rfc3161" in shown
    assert "日志共 4 行，其中前 1 行有外部凭据；其余 3 行" in shown
    listed = desk.ssj("draw", "anchor", BATCH, "--json").json()
    assert (listed[0]["lines"], listed[0]["checked"]) == (1, True)


def test_the_kit_brings_the_proofs_and_verify_py_tells_them_apart(desk: Desk, authority: Path) -> None:
    desk.drawn()
    imported(desk, stamped(authority, exported(desk)), "--ca", authority / "ca.pem")
    kit = desk.home.parent / "kit"
    desk.done("draw", "kit", BATCH, kit)
    openssl(
        *("ts", "-verify", "-data", kit / "anchor-1.text", "-in", kit / "anchor-1.proof.tsr"),
        *("-CAfile", authority / "ca.pem"),
    )
    head = desk.ssj("draw", "anchor", BATCH, "--json").json()[0]["head"]
    run = [sys.executable, str(kit / "verify.py"), str(kit)]
    without = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "有外部凭据的 0 行" in without
    within = subprocess.run(
        [*run, "--anchor", head], capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
    assert "日志 4 行，有外部凭据的 3 行" in within


def test_a_letter_that_names_the_head_is_a_proof_too(desk: Desk) -> None:
    desk.committed()
    letter = desk.home.parent / "letter.txt"
    letter.write_text("兹证明收到如下日志头：\n" + exported(desk).read_text("utf-8"), "utf-8")
    said = imported(desk, letter)
    assert said.code == 0
    assert "签名、印章由持有人自行核对" in said.err
    assert "已经导入过" in imported(desk, letter).err
    filed = desk.done("document", "list", BATCH)
    assert "letter.txt" in filed
    assert hashlib.sha256(letter.read_bytes()).hexdigest()[:16] in filed


def test_wrong_proofs_are_refused_and_nothing_is_kept(desk: Desk, authority: Path) -> None:
    desk.committed()
    file = exported(desk)
    other = file.with_name("other.txt")
    other.write_text(file.read_text("utf-8").replace("lines: 1", "lines: 2"), "utf-8")
    broken = file.with_name("broken.tsr")
    broken.write_bytes(b"\x30\x03abc")
    foreign = file.with_name("foreign.txt")
    foreign.write_text("ab" * 32, "utf-8")
    image = file.with_name("image.png")
    image.write_bytes(b"\x89PNG\xff\xfe")
    for proof, sentence in (
        (stamped(authority, other), "时间戳不是本次抽取的"),
        (broken, "时间戳读不出"),
        (foreign, "没有本次抽取日志的任何一个日志头"),
        (image, "既不是 RFC 3161 时间戳，也不是 UTF-8 文字"),
    ):
        said = imported(desk, proof)
        assert said.code == 1
        assert sentence in said.err
    right = stamped(authority, file)
    assert "时间戳的签名核验不过" in imported(desk, right, "--ca", authority / "other.pem").err
    assert "时间戳的签名核验不过" in imported(desk, right, "--ca", authority / "serial").err
    assert desk.ssj("draw", "anchor", BATCH, "--json").json() == []
    assert len(desk.record().log) == 1
    assert "没有核验签名" in imported(desk, right).err


def test_without_the_extra_a_time_stamp_is_told_to_need_it(
    desk: Desk, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.committed()
    reply = stamped(authority, exported(desk))
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("rfc3161_client"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    said = imported(desk, reply)
    assert said.code == 1
    assert "pip install 'shuangsuiji[timestamps]'" in said.err


def test_anchors_are_asked_for_rightly(desk: Desk) -> None:
    assert "没有抽取记录" in desk.ssj("draw", "anchor", BATCH).err
    desk.committed()
    assert "还没有外部凭据" in desk.ssj("draw", "anchor", BATCH).err
    file = exported(desk)
    assert desk.ssj("draw", "anchor", BATCH, "--import", file).code == 2
    assert desk.ssj("draw", "anchor", BATCH, "--import", file, "--export", file).code == 2
    said = desk.ssj("draw", "anchor", BATCH, "--import", file, "--by", "公证处", "--as", "nobody")
    assert "名录中没有“nobody”" in said.err
