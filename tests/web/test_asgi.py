"""What arrives from outside: cookies, cross-site posts, large bodies, strange paths, texts that would run."""

from __future__ import annotations

from pathlib import Path

import pytest
import workbench_fixtures
from starlette.applications import Starlette
from workbench_fixtures import GOOD, Desk, token_of

from engine.app.session.new_case import NewCase
from engine.web import asgi
from engine.web.asgi import make_app
from engine.web.workbench import MAX_FORM_BYTES


def test_it_is_an_application(desk: Desk) -> None:
    assert isinstance(make_app(desk.bench), Starlette)


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_for_this_server_alone(secure: bool) -> None:
    desk = workbench_fixtures.desk(secure=secure)
    answer = desk.get("/sign-in")
    for cookie in answer.headers.get_list("set-cookie"):
        flags = {part.strip().casefold() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert ("secure" in flags) == secure


def test_signing_in_gives_another_secret_and_signing_out_ends_it(desk: Desk) -> None:
    desk.client.cookies.set("ssj_session", "5e55100000000000." + "x" * 43)
    desk.sign_in()
    secret = desk.client.cookies.get("ssj_session", domain="workbench.example") or ""
    assert desk.get("/").status_code == 200
    assert desk.post("/sign-out", at="/").status_code == 303
    desk.client.cookies.clear()
    desk.client.cookies.set("ssj_session", secret)
    assert desk.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_does_nothing(headers: dict[str, str], signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    typed = {"form_token": token_of(signed_in.get("/").text), "do": "confirm", **GOOD}
    answer = signed_in.client.post(f"/cases/{case}/steps/report", data=typed, headers=headers)
    assert answer.status_code == 403
    assert signed_in.client.post(f"/cases/{case}/steps/report", data=typed).status_code == 303


def test_a_token_of_another_session_does_not_fit(signed_in: Desk) -> None:
    other = token_of(signed_in.get("/").text)
    signed_in.client.cookies.clear()
    signed_in.sign_in("clerk-2")
    case = signed_in.bureau.start()
    answer = signed_in.client.post(f"/cases/{case}/verbs/claim", data={"form_token": other})
    assert answer.status_code == 403


def test_texts_of_cases_are_shown_as_texts(signed_in: Desk) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    application = signed_in.bureau.application
    started = application.start("visit", "clerk-1", NewCase(title=evil, subject={"id": "E", "name": evil}))
    for path in ("/", "/cases/visit-1", "/cases?text=" + evil):
        text = signed_in.get(path).text
        assert "<script>" not in text
        assert "<img" not in text
    assert "&lt;script&gt;" in signed_in.get("/").text
    assert not hasattr(started, "reasons")


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere", "x", "/a\r\nb"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(back: str, desk: Desk) -> None:
    from engine.web.visit import local_address

    assert local_address(back) == "/"


@pytest.mark.parametrize(
    "path",
    [
        "/public/../settings.yaml",
        "/public/%2e%2e/settings.yaml",
        "/static/../asgi.py",
        "/static/%2e%2e/asgi.py",
    ],
)
def test_files_outside_are_not_given(path: str, tmp_path: Path) -> None:
    site = tmp_path / "public"
    site.mkdir()
    (site / "index.html").write_text("公示", encoding="utf-8")
    (tmp_path / "settings.yaml").write_text("database: x", encoding="utf-8")
    desk = workbench_fixtures.desk(site)
    assert desk.get("/public/").text == "公示"
    answer = desk.get(path)
    assert answer.status_code == 404
    assert "database" not in answer.text


def test_without_a_site_there_is_no_public_page(desk: Desk) -> None:
    assert desk.get("/public/").status_code == 404
    assert desk.get("/nowhere").status_code == 404
    assert desk.client.delete("/").status_code == 405


def test_a_body_that_is_too_large_is_refused(signed_in: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "MAX_FORM_BYTES", 1000)
    assert MAX_FORM_BYTES > 1000
    answer = signed_in.client.post(
        "/sign-in", content=b"x" * 1001, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413

    def pieces():
        for _ in range(11):
            yield b"a" * 100

    answer = signed_in.client.post(
        "/sign-in", content=pieces(), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


def test_a_broken_form_is_refused(signed_in: Desk) -> None:
    answer = signed_in.client.post(
        "/sign-in", content=b"--x", headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.status_code == 400


def test_the_language_is_kept(desk: Desk) -> None:
    assert 'lang="en"' in desk.get("/sign-in?language=en").text
    assert "Sign in" in desk.get("/sign-in").text
    assert "登录" in desk.get("/sign-in?language=zh_CN").text


def test_lines_of_a_text_end_as_answers_may_hold_them(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    page = signed_in.get(f"/cases/{case}/steps/report").text
    typed = {**GOOD, "q.found": "一行\r\n二行", "form_token": token_of(page), "do": "save", "draft_mark": ""}
    # As a browser sends what was typed into an area.
    assert signed_in.client.post(f"/cases/{case}/steps/report", data=typed).status_code == 200
    with signed_in.bureau.application.store.read() as transaction:
        assert transaction.drafts.of("clerk-1")[0].answers["found"] == "一行\n二行"
