"""Refusals as problem details (RFC 9457)."""

from __future__ import annotations

import json

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.web.api.problems import problem, refusal_problem


def test_a_problem_has_type_title_status_and_reasons() -> None:
    refusal = Refusal("c", "上报", (RefusalReason("guard", say("数量不足"), basis="甲条例"),))
    answer = refusal_problem(refusal)
    body = json.loads(answer.body)
    assert (body["status"], body["type"]) == (answer.status, "urn:shuangsuiji:problem:guard")
    assert body["reasons"] == [{"code": "guard", "message": "数量不足", "basis": "甲条例"}]
    assert "WWW-Authenticate" in problem(401, "x", "y").headers
