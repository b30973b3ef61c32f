"""``ssj draw run --ceremony``: two type the same, or nothing is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import Said, called
from draws_fixtures import BATCH, DICE, Desk

from engine.cli.draws.ceremony import MAX_TRIES, minutes, run
from engine.draw.verification import verify

DIGITS = DICE.removeprefix("dice:")
WHO = ("--ceremony", "--as", "drawer", "--witness", "witness")


def held(desk: Desk, *typed: str, words: tuple[object, ...] = WHO) -> Said:
    return called(run, BATCH, *words, home=desk.home, typed="".join(f"{one}\n" for one in typed).encode())


def test_two_who_type_the_same_draw(committed: Desk, tmp_path: Path) -> None:
    out = tmp_path / "minutes"
    said = held(committed, DIGITS, DIGITS, "", "当众掷骰", "y", words=(*WHO, "--out", out))
    assert said.code == 0, said.err
    record = committed.record()
    assert verify(record).ok
    assert f"  {DICE}/batch:{BATCH}\n" in said.out
    digest = record.parsed.digests().sha256
    assert " ".join(digest[place : place + 8] for place in range(0, 32, 8)) in said.out
    assert sorted(one.suffix for one in out.iterdir()) == [".html", ".txt"]
    again = called(minutes, BATCH, "--as", "drawer", "--out", tmp_path / "again", home=committed.home)
    assert (again.code, BATCH in again.out) == (0, True)
    assert called(minutes, BATCH, "--as", "insp-01", home=committed.home).code == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ((DIGITS, DIGITS[::-1]) * MAX_TRIES, "仪式中止，没有抽取"),
        ((DIGITS, DIGITS, "", "掷骰", "n"), "未确认，没有抽取"),
        ((DIGITS, DIGITS, "yesterday"), "取得时刻读不出：“yesterday”"),
        ((DIGITS,), "输入到此为止"),
    ],
)
def test_a_ceremony_broken_off_draws_nothing(typed: tuple[str, ...], told: str, committed: Desk) -> None:
    said = held(committed, *typed)
    assert (said.code, told in said.err) == (1, True), said.err
    assert committed.record().selection is None
    assert committed.row().status == "committed"


def test_an_instant_before_the_commitment_is_refused(committed: Desk) -> None:
    said = held(committed, DIGITS, DIGITS, "2020-01-01 09:00", "掷骰", "y")
    assert said.code == 1
    assert committed.record().selection is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--as", "drawer", "--witness", "witness"), 2),
        (("--as", "drawer", "--out", "x"), 2),
        (("--ceremony", "--as", "drawer"), 2),
        ((*WHO, "--dry-run"), 2),
        ((*WHO, "--reason", "x"), 2),
        (("--ceremony", "--as", "drawer", "--witness", "drawer"), 1),
        (("--ceremony", "--as", "drawer", "--witness", "nobody"), 1),
        (("--as", "drawer"), 1),
    ],
)
def test_what_is_refused_before_anything_is_typed(words: tuple[str, ...], code: int, committed: Desk) -> None:
    assert held(committed, words=words).code == code
    assert committed.record().selection is None
