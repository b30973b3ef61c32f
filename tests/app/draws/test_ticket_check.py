"""The ticket of one object, as it can be computed by hand."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from draws_fixtures import Desk

from engine.app.draws.ticket_check import hand_check_of
from engine.draw.refused import DrawRefused


def test_key_and_ticket_are_two_hmacs(desk: Desk) -> None:
    desk.drawn()
    record = desk.record()
    drawn = record.visits[0]
    found = hand_check_of(desk.row(), drawn.object_id)
    key = hmac.digest(bytes.fromhex(found.codes), found.entropy.encode(), hashlib.sha256)
    assert found.key == key.hex()
    ticket = hmac.digest(key, drawn.object_id.encode() + b"\x01", hashlib.sha256).hex()
    assert found.ticket == drawn.ticket == ticket
    assert (found.drawn, found.stratum, found.number) == (True, drawn.stratum, 1)


def test_it_is_refused_before_the_draw_and_for_unknown_objects(desk: Desk) -> None:
    known = desk.committed().record().objects.decode().splitlines()[1].split("\t")[0]
    with pytest.raises(DrawRefused, match="还没有抽取"):
        hand_check_of(desk.row(), known)
    with pytest.raises(DrawRefused, match="名册里没有“X”"):
        hand_check_of(desk.row(), "X")


def test_it_is_refused_under_embargo(kept: Desk) -> None:
    drawn = kept.drawn_under_embargo().record().visits[0].object_id
    with pytest.raises(DrawRefused, match="代码尚未公开"):
        hand_check_of(kept.row(), drawn)
