"""A signature is kept as it was, and says in words how somebody signed."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.ports.signatures import ENTERED, SignatureRecord, SigningWay

SIGNED = SignatureRecord(
    id="s-1",
    case="visit-1",
    record="note",
    sha256="ab" * 32,
    person="anna",
    way=SigningWay.PAD,
    device="平板一号",
    at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    by="anton",
    picture="visit-1/F1",
)


def test_a_signature_is_read_as_it_was_written() -> None:
    body = SIGNED.as_json()
    assert (body["way"], body["at"], body["seal"]) == ("pad", "2026-03-02T08:00:00.000000Z", None)
    assert SignatureRecord.from_json(body) == SIGNED


def test_each_way_has_words_of_its_own() -> None:
    words = ["办理时签署", "系统内确认", "签字板图片", "签字页扫描件", "电子印章"]
    assert [str(way.words) for way in SigningWay] == words
    # What is given with a step is not entered by itself.
    assert SigningWay.STEP not in ENTERED
