"""Anchors: which signature holds a commitment, and which does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from v2_factories import NONE, NOTARY, SECRET, SIGNED, START, anchored, committed

from engine.draw.refused import DrawRefused
from engine.draw.v2 import anchors
from engine.kernel import ed25519
from engine.kernel.instants import to_text


def test_a_signature_before_the_first_draw_day_holds() -> None:
    draw, log = committed()
    (commit,) = log.of(draw.name, "commit")
    assert anchors.anchor_of(log, draw.commitment, commit) is None
    with pytest.raises(DrawRefused, match="还没有外部凭据"):
        anchors.require_anchor(log, draw.commitment, commit)
    log = anchored(log)
    found = anchors.anchor_of(log, draw.commitment, commit)
    assert found is not None
    assert (found.party, found.line, found.sample) == (NOTARY["name"], 2, True)
    assert anchors.anchor_of(log, draw.commitment, commit, before=2) is None
    anchors.require_anchor(log, draw.commitment, commit)


@pytest.mark.parametrize("signed", [datetime(2026, 3, 16, 1, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)])
def test_a_signature_on_the_draw_day_or_later_does_not(signed: datetime) -> None:
    draw, log = committed()
    (commit,) = log.of(draw.name, "commit")
    assert anchors.anchor_of(anchored(log, signed), draw.commitment, commit) is None


def test_a_signature_over_fewer_lines_or_of_another_party_does_not() -> None:
    first, log = committed()
    log = anchored(log)
    second, log = committed(log=log, batch_id="B2")
    (commit,) = log.of(second.name, "commit")
    assert anchors.anchor_of(log, second.commitment, commit) is None
    other = anchored(log, secret=b"o" * 32)
    assert anchors.anchor_of(other, second.commitment, commit) is None
    assert first.name != second.name


def test_a_wrong_signature_is_not_entered() -> None:
    _, log = committed()
    right = ed25519.sign(SECRET, log.head_text(NOTARY["name"], 1, to_text(START)).encode()).hex()
    for size, signature in ((1, "0" * 128), (0, right), (2, right)):
        with pytest.raises(DrawRefused):
            anchors.add_anchor(
                log, size, NOTARY["name"], NOTARY["key"], START, signature, now=START, by="office"
            )
    added = anchors.add_anchor(log, 1, NOTARY["name"], NOTARY["key"], START, right, now=START, by="office")
    assert anchors.signature_holds(added, added.lines[-1])


@pytest.mark.parametrize(
    "anchor",
    [
        SIGNED | {"parties": []},
        SIGNED | {"reason": "x"},
        NONE | {"reason": " "},
        NONE | {"parties": [NOTARY]},
        SIGNED | {"parties": [NOTARY, NOTARY]},
    ],
)
def test_what_a_commitment_says_of_its_anchor(anchor: dict[str, object]) -> None:
    assert list(anchors.anchor_problems(anchor))
    assert not list(anchors.anchor_problems(SIGNED))
    assert not list(anchors.anchor_problems(NONE))
