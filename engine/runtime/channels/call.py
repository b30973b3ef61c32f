"""Calls of another system by HTTP: one signed POST of JSON each; what it answers goes back to the case."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import OpenerDirector, Request

from engine import __version__
from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.kernel.budget import JSON_ERRORS, Budget, RepeatedKeyError, read_json
from engine.language import say
from engine.runtime.channels.posting import (
    header_id,
    post_each,
    read_answer,
    signature,
    turned_away,
    wrong_url,
)
from engine.runtime.channels.wording import as_json

if TYPE_CHECKING:
    from engine.runtime.channels import Surroundings
    from engine.runtime.settings import SettingsReader

#: More of an answer is not read.
_MAX_ANSWER = 1_048_576
_ANSWER = Budget(bytes=_MAX_ANSWER, depth=20, nodes=50_000)


def make(reader: SettingsReader, around: Surroundings) -> CallChannel:
    """Read ``{url, secret_env, timeout_seconds, batch_seconds, batch}``."""
    url = reader.text("url")
    if not url:
        reader.blame("url", say("必须填写网址"))
    elif problem := wrong_url(url):
        reader.blame("url", problem)
    name = reader.text("secret_env")
    if not name:
        reader.blame("secret_env", say("必须指明存放密钥的环境变量：调用都要签名"))
    elif not around.environ.get(name):
        reader.blame("secret_env", say("环境变量 {name} 没有设置：请在启动前设置", name=name))
    return CallChannel(
        url=url or "",
        secret=around.environ.get(name or "", ""),
        timeout_seconds=reader.integer("timeout_seconds", least=1, most=600),
        batch_seconds=reader.integer("batch_seconds", least=1, most=3_600),
        batch=reader.integer("batch", least=1, most=1_000),
        monotonic=around.monotonic,
    )


@dataclass(frozen=True, slots=True)
class CallChannel:
    """Posts calls to one address and reads what is answered. A redirect is never followed."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    timeout_seconds: float
    batch_seconds: float
    batch: int
    #: Seconds on a clock that never goes back.
    monotonic: Callable[[], float] = time.monotonic
    #: Nanoseconds since 1970, for signatures.
    wall: Callable[[], int] = time.time_ns

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Post each call; those not tried (no time left, the line lost twice) are left out."""
        return post_each(self.url, items, self.batch_seconds, self.monotonic, self._post)

    def _post(self, opener: OpenerDirector, item: OutboxItem) -> Outcome:
        body = as_json(call_body(item))
        stamp = str(self.wall() // 1_000_000_000)
        request = Request(  # noqa: S310 - `wrong_url` lets http and https through, and the opener has no other
            self.url,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Accept": "application/json",
                "User-Agent": f"shuangsuiji/{__version__}",
                "Idempotency-Key": header_id(item.id),
                "X-SSJ-Item": header_id(item.id),
                "X-SSJ-Timestamp": stamp,
                "X-SSJ-Signature": signature(self.secret, stamp, body),
            },
            method="POST",
        )
        try:
            with opener.open(request, timeout=self.timeout_seconds) as answer:
                content = read_answer(answer, _MAX_ANSWER + 1, self.timeout_seconds, self.monotonic)
                return _judged(item, content)
        except HTTPError as problem:
            with problem:
                return turned_away(item, problem)


def call_body(item: OutboxItem) -> dict[str, Any]:
    """Return what is posted for a call; `id` is the same at every repeat."""
    return {
        "id": item.id,
        "case": item.case,
        "created_at": item.created_at.isoformat(),
        "data": item.payload.get("data") or {},
    }


def _judged(item: OutboxItem, content: bytes) -> Outcome:
    """Return what an answer of the 200s means: nothing, or an object of JSON."""
    if not content.strip():
        return Outcome(item.id, answer={})
    try:
        said = read_json(content, _ANSWER)
    except RepeatedKeyError as problem:
        return Outcome(item.id, say("对方的答复读不懂：{why}", why=problem.message))
    except JSON_ERRORS:
        return Outcome(item.id, say("对方的答复不是 JSON；请核对网址"))
    if not isinstance(said, Mapping):
        return Outcome(item.id, say("对方的答复应是一个 JSON 对象"))
    return Outcome(item.id, answer=said)
