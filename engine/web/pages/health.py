"""Is the process alive, is it of use: JSON for a supervisor."""

from __future__ import annotations

import json
from typing import Any

from engine.web.visit import Answer, PageVisit


def alive(visit: PageVisit) -> Answer:
    """Answer as long as the process does."""
    del visit
    return _json(200, {"alive": True})


def ready(visit: PageVisit) -> Answer:
    """Answer whether the database can be read."""
    from engine.app.queries.people.web_sessions import sign_in_state

    state = sign_in_state(visit.workbench.application, visit.workbench.settings)
    return _json(200, {"ready": True, "checks": {"store": True, "people": state.people}})


def _json(status: int, body: Any) -> Answer:
    data = json.dumps(body, ensure_ascii=False).encode() + b"\n"
    return Answer(body=data, status=status, type="application/json; charset=utf-8")
