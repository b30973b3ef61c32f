"""A head on its way to a party and back: what must not be signed is not signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.draw.refused import DrawRefused
from engine.draw.v2.anchors import add_anchor
from engine.draw.v2.heads import head_file, sign_head, signed_head
from engine.draw.v2.log import PublicLog
from engine.kernel.instants import from_text

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECRET = bytes(range(32))
BODY = {"commitment": "0" * 64, "subject": "x", "sha256": "1" * 64}
LOG = PublicLog("示例局").append("note", BODY, NOW, "p")


def test_a_signature_over_a_head_goes_into_the_log_and_the_next_goes_on_from_it() -> None:
    first = sign_head(head_file(LOG).encode(), "公证处", SECRET, NOW)
    written = json.dumps(first.as_json()).encode()
    assert signed_head(written) == first
    log = add_anchor(
        LOG, first.size, first.party, first.key, from_text(first.at), first.signature, now=NOW, by="公证处"
    )
    log = log.append("note", BODY, NOW + timedelta(days=1), "p")
    assert sign_head(head_file(log).encode(), "公证处", SECRET, NOW, written).size == 3
    other = PublicLog("示例局").append("note", BODY | {"subject": "y"}, NOW, "p")
    with pytest.raises(DrawRefused, match="不是接着上次签名的那份写的"):
        sign_head(head_file(other).encode(), "公证处", SECRET, NOW, written)


@pytest.mark.parametrize(
    "change", [{"size": 2}, {"root": "0" * 64}, {"spec": "x"}, {"lines": []}, {"lines": [1]}]
)
def test_a_file_that_is_not_its_log_is_not_signed(change: dict[str, object]) -> None:
    body = {**json.loads(head_file(LOG)), **change}
    with pytest.raises(DrawRefused):
        sign_head(json.dumps(body).encode(), "公证处", SECRET, NOW)


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"{}", b'{"party": 1}', "日志头".encode()])
def test_what_is_no_signature_is_refused(content: bytes) -> None:
    with pytest.raises(DrawRefused):
        signed_head(content)
