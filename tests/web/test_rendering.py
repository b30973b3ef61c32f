"""The status a refusal is answered with."""

from __future__ import annotations

import pytest

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.web.rendering import status_of


@pytest.mark.parametrize(
    ("code", "status"), [("not-allowed", 403), ("case", 404), ("form", 422), ("changed", 412)]
)
def test_status(code: str, status: int) -> None:
    assert status_of(Refusal(None, "", (RefusalReason(code, say("没有消息。")),))) == status
