"""The log of draws: a chain of hashes, and the order of acts it must tell."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import pytest
from draw_factories import at
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.commitment import NO_HEAD
from engine.draw.log import KINDS, anchored_until, append_entry, head, read_log, story_problems
from engine.kernel.canonical_json import canonical_json

KEY = {"batch_id": "B1", "draw_no": 1}
AGAIN = {"batch_id": "B1", "draw_no": 2}


def log_of(*acts: tuple[str, dict[str, Any]]) -> tuple[str, ...]:
    lines: tuple[str, ...] = ()
    for hours, (kind, body) in enumerate(acts):
        lines = append_entry(lines, kind, body, at(hours), "leader")
    return lines


def problems_of(*acts: tuple[str, dict[str, Any]]) -> list[str]:
    entries, broken = read_log(log_of(*acts))
    assert broken == []
    return [str(problem) for problem in story_problems(entries)]


WHOLE = (
    ("commit", KEY),
    ("entropy", {**KEY, "entropy": "e"}),
    ("draw", {**KEY, "stage": "objects"}),
    ("remove", KEY),
    ("draw", {**KEY, "stage": "people"}),
    ("replace", KEY),
    ("reveal", KEY),
    ("publish", KEY),
)


def test_a_line_is_canonical_and_hashes_itself() -> None:
    (line,) = append_entry((), "commit", KEY, at(1), "leader", after="a" * 64)
    value = json.loads(line)
    own = value.pop("hash")
    assert value == {
        "seq": 1,
        "at": "2026-03-02T02:00:00.000000Z",
        "actor": "leader",
        "kind": "commit",
        "body": KEY,
        "previous": "a" * 64,
    }
    assert own == hashlib.sha256(canonical_json(value).encode()).hexdigest() == head([line])


def test_an_empty_log_has_the_zero_head() -> None:
    assert head(()) == NO_HEAD == "0" * 64
    assert read_log(()) == ((), [])


def test_other_kinds_and_instants_without_a_zone_are_mistakes_of_the_program() -> None:
    with pytest.raises(ValueError, match="unknown kind of log entry: preview"):
        append_entry((), "preview", KEY, at(0), "x")
    with pytest.raises(ValueError, match="naive"):
        append_entry((), "commit", KEY, datetime(2026, 1, 1), "x")  # noqa: DTZ001  (what is tested)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS), st.dictionaries(st.text(max_size=3), st.integers(0, 9), max_size=3)
        ),
        max_size=4,
    )
)
@settings(max_examples=25)
def test_what_is_appended_is_read_whole(acts: list[tuple[str, dict[str, Any]]]) -> None:
    lines = log_of(*acts)
    entries, broken = read_log(lines)
    assert broken == []
    assert [(entry.kind, entry.body) for entry in entries] == acts
    assert [entry.seq for entry in entries] == list(range(1, len(acts) + 1))
    assert head(lines) == (entries[-1].hash if entries else NO_HEAD)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"actor": "other"}, "日志第 2 行：内容与哈希不符：该行写入后被改动"),
        ({"seq": 5}, "日志第 2 行：序号为 5：中间有缺失或次序被改"),
        ({"previous": "1" * 64}, "日志第 2 行：所记前一行的哈希不符：前一行被改、被删或被插入"),
        ({"kind": "party"}, "日志第 2 行：不认识的日志类别“party”"),
        ({"at": "2020-01-01T00:00:00.000000Z"}, "日志第 2 行：时间 2020-01-01T00:00:00.000000Z 早于前一行"),
        ({"more": 1}, "日志第 2 行：不是规范的日志行"),
        ({"body": []}, "日志第 2 行：不是规范的日志行"),
        ({"seq": "2"}, "日志第 2 行：不是规范的日志行"),
    ],
)
def test_each_change_of_a_line_is_named(change: dict[str, Any], says: str) -> None:
    lines = log_of(*WHOLE[:2])
    changed = canonical_json(json.loads(lines[1]) | change)
    said = [str(problem) for problem in read_log((lines[0], changed))[1]]
    assert says in said
    assert read_log((lines[0], json.dumps(json.loads(lines[1]))))[1] != []


def test_a_whole_draw_and_a_second_one_after_voiding_follow_the_protocol() -> None:
    assert problems_of(*WHOLE) == []
    voided = (*WHOLE, ("void", {**KEY, "reason": "名册有误"}), ("refused", KEY))
    assert problems_of(*voided, ("commit", AGAIN), ("entropy", {**AGAIN, "entropy": "f"})) == []


@pytest.mark.parametrize(
    ("acts", "says"),
    [
        ([("publish", {"batch_id": "B1"})], "日志第 1 行：没有写明批次号和次号"),
        ([WHOLE[0], WHOLE[0]], "日志第 2 行：同一次抽取承诺了两次"),
        ([WHOLE[0], ("commit", AGAIN)], "日志第 2 行：第 2 次抽取之前，上一次抽取没有作废"),
        ([WHOLE[1]], "日志第 1 行：承诺之前就有“entropy”"),
        ([WHOLE[2]], "日志第 1 行：承诺之前就有“draw objects”"),
        ([WHOLE[0], WHOLE[2], WHOLE[2]], "日志第 3 行：“draw objects”做了两次：一次承诺只能抽一次"),
        (
            [WHOLE[0], ("void", {**KEY, "reason": "r"}), WHOLE[3]],
            "日志第 3 行：作废之后又有“remove”",
        ),
        ([WHOLE[0], ("void", KEY)], "日志第 2 行：作废没有写明理由"),
        (
            [
                *WHOLE[:2],
                ("void", {**KEY, "reason": "r"}),
                ("commit", AGAIN),
                ("entropy", {**AGAIN, "entropy": "e"}),
            ],
            "日志第 5 行：重抽用了与上一次相同的随机串",
        ),
    ],
)
def test_each_act_against_the_protocol_is_named(acts: list[tuple[str, dict[str, Any]]], says: str) -> None:
    assert problems_of(*acts) == [says]


@given(st.sets(st.integers(0, len(WHOLE) - 1)))
@settings(max_examples=25)
def test_the_last_anchored_line_counts(held: set[int]) -> None:
    entries, _ = read_log(log_of(*WHOLE))
    anchors = [entries[place].hash for place in held]
    assert anchored_until(entries, [*anchors, "f" * 64]) == max(held, default=-1) + 1
