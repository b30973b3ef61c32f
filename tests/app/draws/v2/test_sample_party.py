"""The made-up party signs where nobody else is listed, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.draws.v2.sample_party import KEY, sign_as_sample
from engine.draw.v2.anchors import signature_holds
from engine.draw.v2.log import PublicLog
from engine.lifecycle.model.draw_policy import DrawPolicy, SigningParty

SAMPLE = SigningParty("示例见证处", KEY, True)
NOTARY = SigningParty("公证处", "ab" * 32)
LOG = PublicLog("示例局").append(
    "note",
    {"commitment": "0" * 64, "subject": "x", "sha256": "1" * 64},
    datetime(2026, 3, 2, tzinfo=UTC),
    "p",
)


def test_it_signs_alone() -> None:
    signed = sign_as_sample(LOG, DrawPolicy(parties=(SAMPLE,)))
    assert signature_holds(signed, signed.lines[-1])
    assert signed.lines[-1].body["party"] == SAMPLE.title


def test_beside_another_party_or_under_another_key_it_signs_nothing() -> None:
    for parties in ((), (NOTARY,), (SAMPLE, NOTARY), (SigningParty("示例", "ab" * 32, True),)):
        assert sign_as_sample(LOG, DrawPolicy(parties=parties)) == LOG
