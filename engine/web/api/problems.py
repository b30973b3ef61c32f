"""What the API answers when it does not do something: problem details (RFC 9457), each reason with its basis."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.language import say
from engine.web.rendering import status_of
from engine.web.visit import Answer

if TYPE_CHECKING:
    from engine.kernel.refusal import Refusal

TYPE = "application/problem+json; charset=utf-8"
#: What the code of a reason follows, as the type of a problem.
PREFIX = "urn:shuangsuiji:problem:"


def problem(status: int, kind: str, title: str, **more: Any) -> Answer:
    """Return a problem."""
    body = {"type": kind, "title": title, "status": status, **more}
    headers = {"WWW-Authenticate": 'Bearer realm="shuangsuiji"'} if status == 401 else {}
    data = json.dumps(body, ensure_ascii=False, default=str).encode() + b"\n"
    return Answer(body=data, status=status, type=TYPE, headers=headers)


def refusal_problem(refusal: Refusal) -> Answer:
    """Return a refusal as a problem; its reasons keep code, field, clause and basis."""
    first = refusal.reasons[0]
    title = (
        str(say("不能办理“{attempt}”", attempt=refusal.attempt)) if refusal.attempt else str(first.message)
    )
    return problem(
        status_of(refusal),
        PREFIX + first.code,
        title,
        detail=str(refusal),
        reasons=[reason.as_json() for reason in refusal.reasons],
    )
