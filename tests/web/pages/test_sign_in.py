"""Signing in by password, with a sentence where it is wrong; the first entry by the one-time link."""

from __future__ import annotations

import pytest
from workbench_fixtures import Desk, heading

from engine.app.commands import Caller
from engine.app.commands.credentials import NewPassword, set_password
from engine.app.commands.sign_in.web_sessions import make_set_up_link
from engine.app.sign_in import passwords
from engine.web.pages import sign_in

RIGHT = "correct horse battery"


# What hashing costs in earnest is data.
pytestmark = pytest.mark.usefixtures("quick_hashing")


def test_by_password_and_back_to_where_one_was(desk: Desk) -> None:
    set_password(desk.bureau.application, Caller("clerk-1"), "clerk-1", NewPassword(RIGHT))
    asked = desk.get("/figures?year=2024")
    assert asked.headers["location"] == "/sign-in?next=%2Ffigures%3Fyear%3D2024"
    wrong = desk.post("/sign-in", person="clerk-1", password="wrong")
    assert wrong.status_code == 422
    assert "编号或口令不对" in wrong.text
    right = desk.post("/sign-in", person="clerk-1", password=RIGHT, next="/figures?year=2024")
    assert right.headers["location"] == "/figures?year=2024"
    assert "换人" not in desk.get("/").text
    assert desk.get("/person").status_code == 403


def test_after_too_many_failures_also_the_right_one_waits(desk: Desk) -> None:
    set_password(desk.bureau.application, Caller("clerk-1"), "clerk-1", NewPassword(RIGHT))
    for _ in range(passwords.limits()["failures"]):
        desk.post("/sign-in", person="clerk-1", password="wrong")
    answer = desk.post("/sign-in", person="clerk-1", password=RIGHT)
    assert "锁定" in answer.text


def test_the_link_is_used_once(desk: Desk) -> None:
    key = make_set_up_link(desk.bureau.application)
    assert "经办人01" in desk.get(f"/set-up?key={key}").text
    assert desk.post("/set-up", at=f"/set-up?key={key}", key=key, person="clerk-1").status_code == 303
    assert "clerk-1" in desk.get("/account").text
    assert desk.get(f"/set-up?key={key}").status_code == 404
    assert desk.get("/set-up?key=nonsense").status_code == 404
    assert sign_in.SESSION_COOKIE in desk.client.cookies


def test_going_on_as_another_person(signed_in: Desk) -> None:
    assert signed_in.post("/person", person="chief-1").status_code == 303
    assert "股长01" in signed_in.get("/").text
    assert heading(signed_in.post("/person", person="nobody").text) == "没有换人"
