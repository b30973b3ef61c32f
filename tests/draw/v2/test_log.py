"""The public log: its lines, its head, and time that does not run backwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from v2_factories import BUREAU, START

from engine.draw.refused import DrawRefused
from engine.draw.v2.log import PublicLog
from engine.draw.v2.sealing import root_of

NOTE = {"commitment": "0" * 64, "subject": "记录", "sha256": "0" * 64}


@given(st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=8))
def test_order_is_that_of_the_lines_and_time_is_never_before_the_last(steps: list[int]) -> None:
    log, now = PublicLog(BUREAU), START
    for step in steps:
        now += timedelta(seconds=step)
        log = log.append("note", NOTE, now, "office")
    times = [line.at for line in log.lines]
    assert times == sorted(times)
    assert [line.seq for line in log.lines] == list(range(1, len(steps) + 1))
    assert PublicLog.read(BUREAU, log.as_bytes()) == log
    assert log.lines[0].behind == 0


def test_how_far_the_clock_was_behind_is_noted() -> None:
    log = PublicLog(BUREAU).append("note", NOTE, START, "office")
    log = log.append("note", NOTE, START - timedelta(days=1, microseconds=1), "office")
    assert (log.lines[1].at, log.lines[1].behind) == (log.lines[0].at, 86401)


def test_a_head_is_the_root_over_the_first_lines() -> None:
    log = PublicLog(BUREAU)
    for _ in range(5):
        log = log.append("note", NOTE, START, "office")
    assert log.root(3) == root_of(log.texts[:3])
    assert log.root() == root_of(log.texts)
    assert log.head_text("某处", 3, "t") == f"ssj-draw-head/2\n{BUREAU}\n某处\n3\n{log.root(3)}\nt\n"
    assert log.continues(3, log.root(3))
    assert not log.continues(4, log.root(3))
    assert not log.continues(6, log.root())


def test_a_line_is_of_its_kind() -> None:
    log = PublicLog(BUREAU)
    for body in ({}, NOTE | {"more": 1}, NOTE | {"sha256": "x"}, NOTE | {"subject": " "}):
        with pytest.raises(DrawRefused):
            log.append("note", body, START, "office")
    with pytest.raises(DrawRefused):
        log.append("note", NOTE, START, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"seq":1', b'"seq":2'),
        (b'"behind":0', b'"behind":"0"'),
        (b'"kind":"note"', b'"kind":"void"'),
        (b'{"at"', b'{ "at"'),
    ],
)
def test_other_lines_are_not_read(old: bytes, new: bytes) -> None:
    data = PublicLog(BUREAU).append("note", NOTE, START, "office").as_bytes()
    with pytest.raises(DrawRefused):
        PublicLog.read(BUREAU, data.replace(old, new))


def test_lines_of_one_commitment() -> None:
    log = PublicLog(BUREAU).append("note", NOTE, START, "office")
    log = log.append("note", NOTE | {"commitment": "1" * 64}, START, "office")
    assert [line.seq for line in log.of("1" * 64)] == [2]
    assert log.of("1" * 64, "void") == []
