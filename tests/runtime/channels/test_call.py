"""Calls of another system against a real HTTP server on loopback: signed, with one id, and its answer read."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from http_receiver import Receiver, receiver
from outbox_store import item

from engine.runtime.channels import check_channels
from engine.runtime.channels.call import CallChannel, call_body
from engine.runtime.channels.posting import signature


def channel(url: str) -> CallChannel:
    return CallChannel(url, "geheim", 5, 60, 10, wall=lambda: 1_700_000_000_000_000_000)


CALL = item(1, "attendance", None, payload={"system": "attendance", "data": {"person": "anna", "days": 2}})


def test_a_call_is_signed_and_its_answer_comes_back() -> None:
    how = Receiver(answer=lambda path: (200, {}, b'{"left": 7}'))
    with receiver(how) as url:
        (outcome,) = channel(url).send([CALL])
    assert (outcome.error, outcome.answer) == (None, {"left": 7})
    ((_, headers, body),) = how.got
    assert json.loads(body)["data"] == {"person": "anna", "days": 2}
    assert headers["Idempotency-Key"] == CALL.id
    # Made here by other means than the product's.
    right = hmac.new(
        b"geheim", headers["X-SSJ-Timestamp"].encode() + b"\n" + body, hashlib.sha256
    ).hexdigest()
    assert headers["X-SSJ-Signature"] == right == signature("geheim", "1700000000", body)
    assert call_body(CALL)["id"] == CALL.id


@pytest.mark.parametrize(
    ("status", "content", "said", "final"),
    [
        (200, b"", None, False),
        (200, b"<html>", "JSON", False),
        (200, b"[1]", "JSON 对象", False),
        (500, b"{}", "HTTP 500", False),
        (422, b"{}", "HTTP 422", True),
        (302, b"", "未跟随", False),
    ],
)
def test_what_is_no_answer(status: int, content: bytes, said: str | None, final: bool) -> None:
    with receiver(Receiver(answer=lambda path: (status, {}, content))) as url:
        (outcome,) = channel(url).send([CALL])
    assert outcome.final is final
    assert (said is None and outcome.answer == {}) or (said is not None and said in str(outcome.error))


def test_a_system_that_is_away_is_tried_again() -> None:
    with receiver(Receiver()) as url:
        pass
    outcomes = channel(url).send([CALL] * 3)
    assert len(outcomes) == 2
    assert all("没有正常答复" in str(one.error) and not one.final for one in outcomes)


def test_an_address_and_a_secret_are_needed(tmp_path: Path) -> None:
    def problems(url: str | None = None, variable: str | None = None) -> list[str]:
        values = {"kind": "call", "url": url, "secret_env": variable}
        given = {name: value for name, value in values.items() if value is not None}
        return [str(one) for one in check_channels({"court": given}, tmp_path, environ={"K": "s"})]

    assert problems("https://court.example/x", "K") == []
    assert len(problems()) == 2
    assert "没有设置" in problems("https://court.example/x", "L")[0]
    assert "http" in problems("ftp://court.example/x", "K")[0]
