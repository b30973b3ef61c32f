"""The record of one draw as values, as JSON and as the published result."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from draw_factories import at, whole_draw

from engine.draw.drawing import void
from engine.draw.record import DrawRecord, digest_of, read_result, result_text
from engine.draw.refused import DrawRefused
from engine.kernel.canonical_json import canonical_json

RECORD = whole_draw()
TRIAL = whole_draw("TEST-1")
START = replace(
    RECORD, entropy="", selection=None, removals=(), visits=(), assignments=(), replacements=(), experts=None
)


@pytest.mark.parametrize("record", [RECORD, TRIAL, START])
def test_a_record_comes_back_from_json_and_from_its_result(record: DrawRecord) -> None:
    assert DrawRecord.from_json(json.loads(json.dumps(record.to_json()))) == record
    found = read_result(result_text(record))
    assert found == {
        "selection": record.selection,
        "removals": record.removals,
        "visits": record.visits,
        "assignments": record.assignments,
        "replacements": record.replacements,
    }


def test_the_result_says_what_it_is() -> None:
    body = json.loads(result_text(RECORD))
    assert (body["spec"], body["watermark"]) == ("ssj-draw/1", "")
    assert body["visits"][0]["object_id"] == RECORD.visits[0].object_id
    assert json.loads(result_text(TRIAL))["watermark"] == "试抽，不作为抽查依据"
    assert canonical_json(body) == result_text(RECORD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"visits": 3},
        {"visits": [{"object_id": "E1"}]},
        {"entropy": 5},
        {"objects": 5},
        {"log": [1]},
        {"selection": []},
        {"assignments": [{"object_id": "E1", "members": [], "experts": [{"slot": 0}]}]},
    ],
)
def test_a_row_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DrawRefused, match="抽取记录读不出") as caught:
        DrawRecord.from_json(RECORD.to_json() | wrong)
    (reason,) = caught.value.reasons
    assert (reason.code, str(reason.hint)) == ("record", "记录缺项或被改动，请从备份恢复")


def test_a_missing_part_is_refused() -> None:
    body = RECORD.to_json()
    del body["codes"]
    with pytest.raises(DrawRefused, match="KeyError 'codes'"):
        DrawRecord.from_json(body)


@pytest.mark.parametrize(
    "change",
    [{"removals": [{}]}, {"visits": [{"object_id": 1, "stratum": "A", "position": 1, "ticket": ""}]}],
)
def test_a_result_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DrawRefused, match="抽取结果读不出"):
        read_result(json.dumps(json.loads(result_text(RECORD)) | change))


@pytest.mark.parametrize("text", ["", "{}", "[]", "[" * 100_000])
def test_a_text_that_is_no_result_is_refused(text: str) -> None:
    with pytest.raises(DrawRefused) as caught:
        read_result(text)
    assert caught.value.reasons[0].code == "result"


def test_teams_are_told_after_replacements_in_the_order_of_places() -> None:
    first, other = RECORD.visits[0].object_id, RECORD.visits[1].object_id
    team, advisers = RECORD.replacements
    drawn = next(item for item in RECORD.assignments if item.object_id == first)
    assert RECORD.team(first) == (drawn.members[0].inspector_id, team.joining)
    assert RECORD.team(first, "experts") == (advisers.joining,)
    assert replace(RECORD, replacements=()).team(first)[1] == team.leaving
    assert len(RECORD.team(other)) == 2
    assert RECORD.team("E9999") == ()


def test_a_void_entry_counts_for_its_own_draw_only() -> None:
    assert RECORD.void is False
    voided = void(RECORD, "名册有误", at=at(60), actor="x")
    assert voided.void is True
    second = replace(RECORD.parsed, draw_no=2).to_json()
    assert replace(voided, commitment=second).void is False


def test_the_commitment_is_read_from_its_text() -> None:
    assert RECORD.parsed.batch_id == "B2026-01"
    assert RECORD.parsed.to_json() == RECORD.commitment
    with pytest.raises(DrawRefused):
        _ = replace(RECORD, commitment="{}").parsed


def test_a_digest_is_of_the_canonical_text() -> None:
    assert digest_of({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()
