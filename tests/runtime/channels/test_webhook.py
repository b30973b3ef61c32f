"""Webhooks against a real HTTP server on loopback."""

from __future__ import annotations

import json
from itertools import chain, repeat

import pytest
from http_receiver import Receiver, receiver
from outbox_store import item

from engine.runtime.channels.posting import header_id, signature, wrong_url
from engine.runtime.channels.webhook import WebhookChannel, sign_url


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def hook(url: str, style: str = "plain", **more) -> WebhookChannel:
    values = {"url": url, "style": style, "timeout_seconds": 5, "batch_seconds": 30, "batch": 20}
    return WebhookChannel(**{**values, **more})


def test_an_item_arrives_as_json_with_its_id_in_the_headers():
    how = Receiver()
    with receiver(how) as url:
        (outcome,) = hook(f"{url}/in?key=1").send([item(1)])
    assert outcome.error is None
    ((path, headers, body),) = how.got
    assert path == "/in?key=1"
    assert headers["Idempotency-Key"] == headers["X-SSJ-Item"] == "inspection-1:1:1"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(body)["payload"]["text"] == "请于今日办结第 1 件"


def test_ids_that_are_no_ascii_still_make_a_header():
    how = Receiver()
    with receiver(how) as url:
        (outcome,) = hook(url).send([item(1, id="案件 1\r\nX: y")])
    assert outcome.error is None
    assert how.got[0][1]["X-SSJ-Item"] == header_id("案件 1\r\nX: y")
    assert "X" not in how.got[0][1]


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (422, True), (404, False), (429, False), (500, False), (503, False)]
)
def test_what_the_receiver_refuses(status, final):
    how = Receiver(lambda path: (status, {}, b"no"))
    with receiver(how) as url:
        first, second = hook(url).send([item(1), item(2)])
    assert str(status) in str(first.error)
    assert first.final is second.final is final
    assert len(how.got) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    other = Receiver()
    with receiver(other) as elsewhere:
        how = Receiver(lambda path: (status, {"Location": f"{elsewhere}/stolen"}, b""))
        with receiver(how) as url:
            (outcome,) = hook(url).send([item(1)])
    assert "127.0.0.1" in str(outcome.error)
    assert not outcome.final
    assert other.got == []
    assert len(how.got) == 1


@pytest.mark.parametrize("style", ["wecom", "dingtalk"])
def test_robots_get_a_text_message_and_say_no_in_the_body(style):
    answers = iter(
        [b'{"errcode": 0, "errmsg": "ok"}', b'{"errcode": 45009, "errmsg": "too fast"}', b"<html>", b"[]"]
    )
    how = Receiver(lambda path: (200, {}, next(answers)))
    with receiver(how) as url:
        outcomes = hook(url, style).send([item(n) for n in range(4)])
    assert [o.error is None for o in outcomes] == [True, False, False, False]
    assert not any(o.final for o in outcomes)
    assert "45009 too fast" in str(outcomes[1].error)
    sent = json.loads(how.got[0][2])
    assert sent["msgtype"] == "text"
    assert sent["text"]["content"] == "【抽查 0】请于今日办结第 0 件（收件人：p1）"


def test_a_robot_that_asks_for_a_signature_gets_one():
    # The value is what `openssl dgst -sha256 -hmac` makes of "1700000000000\\nSECexample".
    sign = "uroalHrWHORz59talE1o26b8HuX2kOp8WlAN91F9Pj0%3D"
    assert sign_url("https://x.cn/send?access_token=t", "SECexample", 1_700_000_000_000) == (
        f"https://x.cn/send?access_token=t&timestamp=1700000000000&sign={sign}"
    )
    how = Receiver(lambda path: (200, {}, b'{"errcode": 0, "errmsg": "ok"}'))
    with receiver(how) as url:
        made_up = "SECexample"
        channel = hook(url, "dingtalk", secret=made_up, wall=lambda: 1_700_000_000_000_000_000)
        (outcome,) = channel.send([item(1)])
    assert outcome.error is None
    assert how.got[0][0] == f"/?timestamp=1700000000000&sign={sign}"


def test_a_program_gets_a_signature_over_the_time_and_the_body():
    how = Receiver()
    with receiver(how) as url:
        made_up = "s"
        (outcome,) = hook(url, secret=made_up, wall=lambda: 1_700_000_000_000_000_000).send([item(1)])
    assert outcome.error is None
    _, headers, body = how.got[0]
    assert headers["X-SSJ-Timestamp"] == "1700000000"
    assert headers["X-SSJ-Signature"] == signature(made_up, "1700000000", body)
    with receiver(how) as url:
        hook(url).send([item(1)])
    assert "X-SSJ-Signature" not in how.got[1][1]


def test_the_bodies_of_the_robots_are_to_the_letter_what_they_take():
    for style in ("wecom", "dingtalk"):
        body = hook("https://x.cn", style).body(item(1, recipient=None))
        assert body == {"msgtype": "text", "text": {"content": "【抽查 1】请于今日办结第 1 件"}}


def test_a_long_text_is_cut_at_a_whole_character():
    body = hook("http://127.0.0.1", "wecom").body(item(1, payload={"title": "长", "text": "字" * 3000}))
    content = body["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("字…")


def test_half_a_character_does_not_break_a_batch():
    how = Receiver(lambda path: (200, {}, b'{"errcode": 0}'))
    odd = item(1, payload={"title": "\ud800", "text": "x\udfff"})
    with receiver(how) as url:
        assert hook(url).send([odd])[0].error is None
        assert hook(url, "wecom").send([odd])[0].error is None


def test_a_receiver_that_hangs_is_given_up_after_two():
    how = Receiver(lambda path: None)
    with receiver(how) as url:
        outcomes = hook(url, timeout_seconds=0.3).send([item(n) for n in range(6)])
    assert [o.item for o in outcomes] == ["inspection-0:1:1", "inspection-1:1:1"]
    assert all(o.error is not None and not o.final for o in outcomes)
    assert len(how.got) == 2


def test_a_receiver_that_hangs_once_gets_the_others():
    def answer(path: str):
        return None if len(how.got) == 1 else (204, {}, b"")

    how = Receiver(answer)
    with receiver(how) as url:
        outcomes = hook(url, timeout_seconds=0.3).send([item(n) for n in range(4)])
    assert [o.error is None for o in outcomes] == [False, True, True, True]


def test_nobody_there():
    outcomes = hook("http://127.0.0.1:9/secret-key").send([item(1), item(2), item(3)])
    assert all("127.0.0.1" in str(o.error) for o in outcomes)
    assert not any("secret-key" in str(o.error) for o in outcomes)
    assert "secret-key" not in repr(hook("http://127.0.0.1:9/secret-key"))


def test_time_is_up():
    seconds = chain([0, 1, 1, 1], repeat(99))
    how = Receiver()
    with receiver(how) as url:
        outcomes = hook(url, monotonic=lambda: next(seconds)).send([item(1), item(2), item(3)])
    assert len(outcomes) == 1


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.cn/x",
        "file:///etc/passwd",
        "//a.cn",
        "a.cn",
        "http://",
        "http://a.cn:99999/",
        "http://u:p@a.cn/",
        "http://a.cn/ x",
        "http://a.cn/中",
        "http://[::1",
    ],
)
def test_addresses_that_are_refused(url):
    problem = wrong_url(url)
    assert problem is not None
    assert "u:p" not in str(problem)


@pytest.mark.parametrize(
    "url", ["http://a.cn", "https://a.cn:8443/x?key=1", "http://[::1]:80/", "http://127.0.0.1/"]
)
def test_addresses_that_are_taken(url):
    assert wrong_url(url) is None
