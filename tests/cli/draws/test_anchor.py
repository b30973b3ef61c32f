"""``ssj draw anchor``: the head of the log goes out, and what others say of it comes in."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called
from draws_fixtures import BATCH, Desk

from engine.cli.draws.anchor import anchor

AS = ("--as", "drawer")


def test_there_and_back(drawn: Desk, tmp_path: Path) -> None:
    assert called(anchor, BATCH, home=drawn.home).err.startswith("还没有外部凭据")
    head = tmp_path / "head.txt"
    sent = called(anchor, BATCH, "--export", head, home=drawn.home)
    assert (sent.out, "openssl ts -query" in sent.err) == (f"{head}\n", True)
    letter = tmp_path / "letter.txt"
    letter.write_bytes(head.read_bytes())
    words = (BATCH, "--import", letter, "--by", "示例公证处", *AS)
    taken = called(anchor, *words, "--request-id", "r", home=drawn.home)
    assert (taken.code, "由持有人自行核对" in taken.err) == (0, True), taken.err
    (row,) = called(anchor, BATCH, "--json", home=drawn.home).json()
    assert (row["by"], row["form"]) == ("示例公证处", "text")
    assert called(anchor, BATCH, home=drawn.home).out == taken.out


def test_what_is_refused(drawn: Desk, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("something else", encoding="utf-8")
    both = called(anchor, BATCH, "--import", letter, "--export", tmp_path / "x", home=drawn.home)
    assert both.code == 2
    assert called(anchor, BATCH, "--import", letter, *AS, home=drawn.home).code == 2
    assert called(anchor, BATCH, "--import", letter, "--by", "x", home=drawn.home).code == 2
    said = called(anchor, BATCH, "--import", letter, "--by", "x", *AS, home=drawn.home)
    assert (said.code, said.out) == (1, "")
    assert called(anchor, "batch-9", home=drawn.home).code == 1
