"""A draw goes into a row and comes back the same; anything else is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from v2_factories import committed, random_draw, whole

from engine.draw.refused import DrawRefused
from engine.draw.v2.record import from_json, last_replacement, to_json


@pytest.mark.parametrize("seed", range(4))
def test_a_draw_comes_back_the_same(seed: int) -> None:
    draw = random_draw(seed).draw
    assert from_json(json.loads(json.dumps(to_json(draw)))) == draw


def test_a_draw_that_has_only_begun_comes_back_too() -> None:
    for draw in (committed()[0], committed(people=None)[0]):
        assert from_json(to_json(draw)) == draw


@pytest.mark.parametrize(
    "change", [{"more": 1}, {"objects": None}, {"values": [1]}, {"visits": [{}]}, {"commitment": {}}]
)
def test_other_rows_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(DrawRefused):
        from_json(to_json(whole().draw) | change)


def test_a_replacement_beside_the_record_is_one_in_it() -> None:
    draw = whole().draw
    before = replace(draw, replacements=draw.replacements[:-1], whys=draw.whys[:-1])
    line = last_replacement(draw)
    assert from_json(to_json(before), [line]) == draw
    for wrong in ("{}", "[", line.replace('"second"', '"third"')):
        with pytest.raises(DrawRefused):
            from_json(to_json(before), [wrong])
