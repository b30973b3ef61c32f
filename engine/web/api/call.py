"""One call of the API and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.web.visit import Answer

if TYPE_CHECKING:
    from engine.app.queries.people.web_sessions import Visitor
    from engine.web.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One call: who asks for what, with which body."""

    workbench: Workbench
    visitor: Visitor
    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)
    request_id: str | None = None
    #: How many entries the history of the case must have.
    if_rev: int | None = None

    @property
    def person(self) -> str:
        """Return the id of who calls."""
        return self.visitor.actor.id

    def limit(self) -> int:
        """Return how many items are asked for, 1 to 200."""
        text = self.query.get("limit", "50")
        return min(max(int(text), 1), 200) if text.isascii() and text.isdecimal() and len(text) < 6 else 50


def answered(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return JSON."""
    data = json.dumps(body, ensure_ascii=False, default=str).encode() + b"\n"
    return Answer(body=data, status=status, type="application/json; charset=utf-8", headers=headers or {})
