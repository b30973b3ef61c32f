"""Commitments: what is in them, and what cannot be committed to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from v2_factories import PLACES, RULES, band, committed, object_rows, object_rules, people_rules, place, rule

from engine.draw.refused import DrawRefused
from engine.draw.v2 import commitment as module
from engine.draw.v2.rosters import render_objects
from engine.draw.v2.shapes import canonical_bytes, read_shaped
from engine.language import say


def test_a_commitment_is_read_back_and_shows_no_row() -> None:
    draw, _ = committed()
    data = canonical_bytes(draw.commitment)
    assert read_shaped(data.decode(), module.COMMITMENT, say("承诺书")) == draw.commitment
    assert module.sha256_of(draw.commitment) == draw.name
    text = data.decode()
    assert "E0001" not in text
    assert "P01" not in text
    rows = [replace(row, eligible=False, exclude_reason="已注销") for row in object_rows()]
    with pytest.raises(DrawRefused, match="没有可抽的对象"):
        committed(objects=render_objects(rows, b"k" * 32))
    # Nobody learns how many of a stratum take part, or why others do not.
    assert set(draw.commitment["objects"]) == {"rows", "root", "sm3"}
    assert draw.commitment["strata"] == {name: {"listed": 10} for name in "ABCD"}
    assert draw.commitment["log"]["size"] == 0


def test_other_texts_are_not_read() -> None:
    draw, _ = committed()
    body = json.loads(canonical_bytes(draw.commitment))
    for changed in (body | {"more": 1}, body | {"spec": "ssj-draw/1"}, body | {"draw_no": -1}):
        with pytest.raises(DrawRefused):
            read_shaped(canonical_bytes(changed).decode(), module.COMMITMENT, say("承诺书"))
    with pytest.raises(DrawRefused):
        read_shaped("\ufffd", module.COMMITMENT, say("承诺书"))


@pytest.mark.parametrize(
    "more",
    [
        {"draw_no": 0},
        {"batch_id": "a b"},
        {"object_rules": RULES | {"strata": RULES["strata"][:2]}},
        {"object_rules": RULES | {"stratum_from": ["name"]}},
        {"object_rules": RULES | {"stratum_from": ["district"]}},
        {"people_rules": None},
        {"people_rules": people_rules()},
        {"people_rules": people_rules(place(certificate=True), valid_on="")},
        {"people_rules": PLACES | {"team_per": "class"}},
        {"object_rules": object_rules(*(rule(name, band(count=0)) for name in "ABCD"))},
        {"draw_by": "2026-03-16"},
    ],
)
def test_what_cannot_be_committed_to(more: dict[str, Any]) -> None:
    with pytest.raises(DrawRefused):
        committed(**more)


def test_trials_are_marked() -> None:
    draw, _ = committed(batch_id="TEST-1")
    assert module.is_trial(draw.commitment)
    assert module.watermark(draw.commitment) == "试抽，不作为抽查依据"
    assert module.watermark(committed()[0].commitment) == ""
