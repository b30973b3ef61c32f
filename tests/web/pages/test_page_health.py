"""What a supervisor is answered: JSON, without anybody signed in."""

from __future__ import annotations

import json

from page_visits import visit_of
from workbench_fixtures import Desk

from engine.web.pages import health


def test_alive_is_said_without_looking_at_the_database(desk: Desk) -> None:
    answer = health.alive(visit_of(desk, "/healthz", None))
    assert (answer.status, answer.type) == (200, "application/json; charset=utf-8")
    assert json.loads(answer.body) == {"alive": True}


def test_ready_says_whether_there_are_people(desk: Desk) -> None:
    answer = health.ready(visit_of(desk, "/readyz", None))
    assert answer.status == 200
    assert json.loads(answer.body) == {"ready": True, "checks": {"store": True, "people": True}}
