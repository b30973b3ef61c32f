"""The acts in their order: what each leaves in the draw and in the log."""

from __future__ import annotations

import hashlib
import hmac
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from v2_factories import (
    BUREAU,
    EVIDENCE,
    SIGNED,
    START,
    anchored,
    as_before,
    committed,
    drawn,
    random_draw,
    whole,
)

from engine.draw.refused import DrawRefused
from engine.draw.v2 import acts
from engine.draw.v2.commitment import sha256_of
from engine.draw.v2.log import PublicLog
from engine.draw.v2.randomness.custodians import commit_to, split
from engine.draw.v2.rosters import parse_people
from engine.draw.v2.shapes import canonical_bytes
from engine.draw.v2.story import progress_of

AFTER = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


def test_a_whole_draw() -> None:
    made = whole()
    assert [line.kind for line in made.log.lines] == [
        "commit", "anchor", "typed", "entropy", "objects", "remove", "people", "replace",
    ]  # fmt: skip
    kinds = {line.kind: line.body for line in made.log.lines}
    assert kinds["objects"]["sha256"] == hashlib.sha256(canonical_bytes(list(made.draw.strata))).hexdigest()
    key = hashlib.sha256(b"".join(bytes.fromhex(row.salt) for row in parse_people(made.draw.people or b"")))
    units = canonical_bytes(list(made.draw.units))
    assert kinds["people"]["hmac_sha256"] == hmac.digest(key.digest(), units, "sha256").hex()
    assert acts.teams_key(made.draw) == key.digest()
    assert (acts.is_keyed(made.draw, made.log), acts.is_keyed(made.draw, as_before(made).log)) == (
        True,
        False,
    )
    assert kinds["remove"]["evidence"] == hashlib.sha256(EVIDENCE).hexdigest()
    assert made.draw.replacements[0]["why"] not in (kinds["replace"]["sha256"], EVIDENCE.hex())
    assert made.draw.result()["values"] == list(made.values)


@pytest.mark.parametrize("seed", range(3))
def test_random_draws_follow_the_protocol(seed: int) -> None:
    made = random_draw(seed)
    assert progress_of(made.log)[1] == []


def test_draws_once_and_in_order() -> None:
    draw, log = committed()
    for act in (acts.teams_of, acts.Draw.tickets_of):
        with pytest.raises(DrawRefused):
            act(draw)
    with pytest.raises(DrawRefused):
        acts.type_second(draw, log, ("01.05.09.17.22.30+07", "01.02.03.04.05+01.02"), now=AFTER, by="witness")
    made = drawn(draw, anchored(log), random.Random(1))  # noqa: S311
    with pytest.raises(DrawRefused):
        acts.type_second(made.draw, made.log, made.values, now=AFTER, by="witness")
    with pytest.raises(DrawRefused):
        acts.commit(made.draw, made.log, now=AFTER, by="office")
    whole_draw, lines = acts.assign(made.draw, made.log, now=AFTER, by="drawer")
    with pytest.raises(DrawRefused):
        acts.assign(whole_draw, lines, now=AFTER, by="drawer")


def test_a_draw_of_objects_alone_has_no_teams() -> None:
    made = whole(people=None)
    assert made.draw.units == ()
    with pytest.raises(DrawRefused, match="不抽人员"):
        acts.teams_of(made.draw)


def test_a_commitment_of_another_log_is_refused() -> None:
    draw, log = committed(log=committed(batch_id="B0")[1])
    assert draw.commitment["log"]["size"] == 1
    with pytest.raises(DrawRefused, match="日志头"):
        acts.commit(draw, PublicLog(BUREAU), now=START, by="office")
    assert len(log.lines) == 2


def test_custodians_hand_in_their_shares_with_the_second_typing() -> None:
    key = bytes(range(32))
    shares = split(key, 2, 2, bytes(32))
    given = tuple(
        {"name": n, "index": i, "share": s.hex()}
        for i, (n, s) in enumerate(zip("甲乙", shares, strict=True), 1)
    )
    draw, log = committed(custodians=commit_to(key, ["甲", "乙"], shares, 2))
    log = anchored(log)
    with pytest.raises(DrawRefused, match="须有 2 位"):
        drawn(draw, log, random.Random(1))  # noqa: S311
    made = drawn(draw, log, random.Random(1), given)  # noqa: S311
    assert [line.kind for line in made.log.lines][-3:] == ["shares", "entropy", "objects"]
    assert made.draw.result()["shares"] == list(given)


def test_notes_are_lines_of_their_own() -> None:
    made = whole()
    noted = acts.note(made.draw, made.log, "抽取记录", "0" * 64, now=AFTER, by="office")
    assert noted.lines[-1].body["subject"] == "抽取记录"
    assert SIGNED["parties"]


def test_the_name_is_that_of_the_commitment_a_draw_has() -> None:
    draw = whole().draw
    other = replace(draw, commitment={**draw.commitment, "purpose": "another"})
    assert (draw.name, draw.name) == (sha256_of(draw.commitment),) * 2
    assert other.name == sha256_of(other.commitment) != draw.name
