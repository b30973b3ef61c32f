"""The ticket of one object, as it can be computed by hand."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest
from draws_fixtures import Desk
from v2_factories import START, Made, committed, object_rows, whole

from engine.app.draws.ticket_check import hand_check_of
from engine.app.draws.v2 import stored
from engine.app.ports.records import DrawRow
from engine.draw.refused import DrawRefused
from engine.draw.v2.log import PublicLog
from engine.draw.v2.rosters import render_objects
from engine.draw.v2.visits import lots_of, visits_of
from engine.store.memory import MemoryStore


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


def public_row(made: Made) -> DrawRow:
    store = MemoryStore()
    with store.write() as transaction:
        stored.write_log(transaction, PublicLog(made.log.bureau), made.log)
        stored.save(transaction, "batch-1", 1, "complete", made.draw, made.log, START)
    with store.read() as transaction:
        row = transaction.records.draw("batch-1")
    assert row is not None
    return row


def test_a_public_draw_is_checked_with_the_lot_in_place_of_the_id() -> None:
    made = whole()
    row = public_row(made)
    left = {one["lot"] for stratum in made.draw.strata for one in stratum["drawn"]}
    for visit in [one for one in visits_of(made.draw) if one.row.lot in left][:3]:
        found = hand_check_of(row, visit.row.object_id)
        assert (found.case, found.number, found.drawn) == ("batch-1", 1, True)
        assert (found.ticket, found.stratum) == (visit.ticket, visit.row.stratum)
        key = hmac.digest(bytes.fromhex(found.codes), found.entropy.encode(), hashlib.sha256)
        assert found.key == key.hex()
    other = next(name for name, lot in lots_of(made.draw).items() if lot not in left)
    assert not hand_check_of(row, other).drawn
    rows = [replace(one, stratum="") if one.exclude_reason else one for one in object_rows()]
    beyond = hand_check_of(public_row(whole(objects=render_objects(rows, b"k" * 32))), "E0000")
    assert (beyond.stratum, beyond.cutoff, beyond.eligible) == ("", "", False)
    with pytest.raises(DrawRefused, match="名册里没有“X”"):
        hand_check_of(row, "X")
    draw, log = committed()
    with pytest.raises(DrawRefused, match="还没有抽取"):
        hand_check_of(public_row(Made(draw, log, ())), other)
