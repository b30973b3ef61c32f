"""What the script of the editor asks for."""

from __future__ import annotations

import json
from typing import Any

from page_visits import visit_of
from studio_texts import working
from workbench_fixtures import Desk

from engine.web.pages.studio import completion


def asked(desk: Desk, do: str, line: str = "", text: str | None = None) -> Any:
    found = working(desk)
    typed = {"do": do, "file": found.own, "text": text or found.texts[found.own], "line": line}
    answer = completion.answer(visit_of(desk, "/", "head-1", typed, workflow="visit"))
    assert answer.type.startswith("application/json")
    return json.loads(answer.body)


def test_names_are_those_of_the_language_server(desk: Desk) -> None:
    assert ["checking", "待审核"] in asked(desk, "names", "    to: ")["names"]
    assert ["count", "数量"] in asked(desk, "names", "      - {that: form.")["names"]
    assert asked(desk, "names", "    title: ")["names"] == []


def test_the_remarks_of_the_checker(desk: Desk) -> None:
    text = working(desk).texts["visit.workflow.yaml"].replace("to: checking", "to: chekcing")
    remarks = asked(desk, "remarks", text=text)["remarks"]
    (wrong,) = [one for one in remarks if one["error"]]
    assert "chekcing" in wrong["text"]
    assert text.split("\n")[wrong["line"] - 1].strip() == "to: chekcing"
    assert completion.answer(visit_of(desk, "/", "head-1", {"file": "x"}, workflow="visit")).status == 404
    # Nothing is kept by asking.
    assert working(desk).changed == []
