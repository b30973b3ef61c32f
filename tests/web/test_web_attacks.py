"""What somebody may try against the workbench, each with what comes of it; what is tried with forms and paths is in `test_asgi`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from workbench_fixtures import Desk, MemoryFiles

from engine.app.commands import Caller
from engine.app.commands.papers.files import NewFile, keep_file
from engine.web import asgi
from engine.web.guards import HEADERS
from engine.web.page_kinds import PAGE_KINDS
from tests.hung_run import HUNG

#: The beginning of a picture, so that it is taken for one.
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def asked(
    app: Any, method: str, path: str, headers: dict[str, str], body: Callable[[], Awaitable[bytes]]
) -> int:
    """Return the status of a call whose body never ends."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": await body(), "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("workbench.example", 80),
        "client": ("192.0.2.1", 1),
        "headers": [(name.lower().encode(), text.encode()) for name, text in headers.items()],
    }
    asyncio.run(asyncio.wait_for(app(scope, receive, send), HUNG))
    return int(sent[0]["status"])


@pytest.mark.parametrize(("first", "whole"), [(0.05, 60), (60, 0.05)])
@pytest.mark.parametrize(
    ("path", "kind"),
    [("/sign-in", "application/x-www-form-urlencoded"), ("/api/v1/cases", "application/json")],
)
def test_a_body_that_does_not_come_ends_the_call(
    path: str, kind: str, first: float, whole: float, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "PIECE_SECONDS", first)
    monkeypatch.setattr(asgi, "BODY_SECONDS", whole)

    async def trickle() -> bytes:
        await asyncio.sleep(0.2 if first < whole else 0.02)
        return b"a"

    headers = {"Host": "workbench.example", "Content-Type": kind}
    assert asked(desk.client.app, "POST", path, headers, trickle) == 408


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.png", 'a".png', "企业 照片.png", "a;b\\c.png", "%0d%0aX: y.png"]
)
def test_no_name_of_a_file_makes_a_header(name: str, signed_in: Desk) -> None:
    signed_in.bureau.application.files = MemoryFiles()
    case = signed_in.bureau.start()
    kept = keep_file(signed_in.bureau.application, Caller("clerk-1"), case, NewFile(PICTURE, name, "照片"))
    found = re.search(r'href="(/files/[^"]+)"', signed_in.get(f"/cases/{case}").text)
    if found is None:
        # A name that no file can have is refused before it is kept.
        assert getattr(kept, "reasons", None)
        return
    answer = signed_in.get(found[1])
    assert "set-cookie" not in {key for key in answer.headers if "x=1" in answer.headers[key]}
    assert "x" not in answer.headers
    said = answer.headers["content-disposition"]
    assert said.startswith("attachment")
    assert said.isascii()
    assert said.isprintable()
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "next_page", ["/%0d%0aSet-Cookie:%20x=1", "/cases/a%0d%0aX:y", "//elsewhere.example", "/\\elsewhere"]
)
def test_no_address_makes_a_header_or_leads_elsewhere(next_page: str, desk: Desk) -> None:
    answer = desk.client.get(f"/?next={next_page}")
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert location.startswith("/sign-in")
    assert "\r" not in location
    assert "\n" not in location
    assert "set-cookie: x" not in str(answer.headers).casefold()


def test_no_page_is_framed_or_kept_by_anybody(signed_in: Desk) -> None:
    for path in ("/", "/sign-in", "/nowhere", "/api/v1/me"):
        headers = signed_in.get(path).headers
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == HEADERS["Cache-Control"] == "no-store"


def test_an_id_that_can_be_guessed_grants_nothing(desk: Desk) -> None:
    case = desk.bureau.start()
    for kind in PAGE_KINDS:
        if not kind.signed_in or "{case}" not in kind.path:
            continue
        path = re.sub(r"\{[a-z:]+\}", "1", kind.path.replace("{case}", case))
        for method in kind.methods:
            answer = desk.client.request(method, path, data={"do": "confirm"} if method == "POST" else None)
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in"), path
            assert "示例企业" not in answer.text


def test_what_another_has_kept_and_opened_is_theirs(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    page = signed_in.get(f"/cases/{case}/steps/report").text
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
    assert token is not None
    typed = {"form_token": token[1], "do": "save", "draft_mark": "", "q.found": "只有我知道"}
    assert signed_in.client.post(f"/cases/{case}/steps/report", data=typed).status_code == 200
    signed_in.client.cookies.clear()
    signed_in.sign_in("clerk-2")
    assert "只有我知道" not in signed_in.get(f"/cases/{case}/steps/report").text
    # To end all sessions is to end one's own.
    assert signed_in.post("/account", do="sessions", person="clerk-1").status_code in (200, 303)
    now = signed_in.bureau.clock.now()
    with signed_in.bureau.application.store.read() as transaction:
        good = {
            who: any(one.good(now) for one in transaction.web_sessions.all(who))
            for who in ("clerk-1", "clerk-2")
        }
    assert good == {"clerk-1": True, "clerk-2": False}
