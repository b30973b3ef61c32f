"""Messages by HTTP: one POST of JSON each, in our own shape or as a text message of a group robot."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote_plus, urlsplit
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
from engine.runtime.channels.wording import as_json, as_record, text_of, title_of, without_firms
from engine.runtime.defaults import defaults

if TYPE_CHECKING:
    from engine.runtime.channels import Surroundings
    from engine.runtime.settings import SettingsReader

#: How a text message looks to the robots of WeCom and DingTalk; `plain` is the item as it is.
STYLES = ("plain", "wecom", "dingtalk")
#: Styles whose requests are signed where there is a secret.
_SIGNED = ("plain", "dingtalk")

#: More of an answer is not read.
_MAX_ANSWER = 65_536
_ANSWER = Budget(bytes=_MAX_ANSWER, depth=10, nodes=5_000)


def make(reader: SettingsReader, around: Surroundings) -> WebhookChannel:
    """Read ``{url | url_env, style, names, timeout_seconds, batch_seconds, batch}``."""
    url = reader.text("url")
    variable = reader.text("url_env")
    if variable and not url:
        # The address of a group robot is itself a secret.
        url = around.environ.get(variable)
        if not url:
            reader.blame("url_env", say("环境变量 {name} 没有设置：请在启动前设置", name=variable))
    elif not url:
        reader.blame("url", say("必须填写网址，或用 url_env 指明环境变量"))
    if url and (problem := wrong_url(url)):
        reader.blame("url", problem)
    style = reader.text("style", choices=STYLES) or "plain"
    return WebhookChannel(
        url=url or "",
        style=style,
        secret=_secret(reader, around, style),
        timeout_seconds=reader.integer("timeout_seconds", least=1, most=600),
        batch_seconds=reader.integer("batch_seconds", least=1, most=3_600),
        batch=reader.integer("batch", least=1, most=1_000),
        names=reader.flag("names"),
        monotonic=around.monotonic,
    )


def _secret(reader: SettingsReader, around: Surroundings, style: str) -> str:
    """Return the secret requests are signed with, named as an environment variable: ours, or that of a DingTalk robot (加签)."""
    name = reader.text("secret_env")
    if name is None:
        return ""
    if style not in _SIGNED:
        reader.blame("secret_env", say("企业微信机器人（style: wecom）不加签；请删去此项"))
    elif not around.environ.get(name):
        reader.blame("secret_env", say("环境变量 {name} 没有设置：请在启动前设置", name=name))
    return around.environ.get(name, "")


def sign_url(url: str, secret: str, milliseconds: int) -> str:
    """Return the address with the time stamp and signature a DingTalk robot asks for (valid for an hour)."""
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote_plus(base64.b64encode(digest).decode())
    return f"{url}{'&' if urlsplit(url).query else '?'}timestamp={milliseconds}&sign={sign}"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts to one address. A redirect is never followed: it would send the message to a host nobody configured."""

    url: str = field(repr=False)
    style: str
    timeout_seconds: float
    batch_seconds: float
    batch: int
    #: Whether the names of firms may be said in the group of a robot; a plain receiver is a program of the bureau.
    names: bool = False
    #: Signs every request where it is not empty.
    secret: str = field(default="", repr=False)
    #: Seconds on a clock that never goes back.
    monotonic: Callable[[], float] = time.monotonic
    #: Nanoseconds since 1970, for signatures.
    wall: Callable[[], int] = time.time_ns

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Post each item; those not tried (no time left, the line lost twice) are left out."""
        return post_each(self.url, items, self.batch_seconds, self.monotonic, self._post)

    def _post(self, opener: OpenerDirector, item: OutboxItem) -> Outcome:
        body = as_json(self.body(item))
        robot = self.secret and self.style == "dingtalk"
        request = Request(  # noqa: S310 - `wrong_url` lets http and https through, and the opener has no other
            sign_url(self.url, self.secret, self.wall() // 1_000_000) if robot else self.url,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": f"shuangsuiji/{__version__}",
                "Idempotency-Key": header_id(item.id),
                "X-SSJ-Item": header_id(item.id),
                **self._proof(body),
            },
            method="POST",
        )
        try:
            with opener.open(request, timeout=self.timeout_seconds) as answer:
                return self._judge(item, answer)
        except HTTPError as problem:
            with problem:
                return turned_away(item, problem)

    def _proof(self, body: bytes) -> dict[str, str]:
        """Return the headers by which a program knows that a request is of this deployment, and when it was made."""
        if not self.secret or self.style != "plain":
            return {}
        stamp = str(self.wall() // 1_000_000_000)
        return {"X-SSJ-Timestamp": stamp, "X-SSJ-Signature": signature(self.secret, stamp, body)}

    def _judge(self, item: OutboxItem, answer: HTTPResponse) -> Outcome:
        """Return what an answer of the 200s means: the robots say no in its body."""
        content = read_answer(answer, _MAX_ANSWER, self.timeout_seconds, self.monotonic)
        if self.style == "plain":
            return Outcome(item.id)
        try:
            said = read_json(content, _ANSWER)
            code = said["errcode"]
        except RepeatedKeyError as problem:
            return Outcome(item.id, say("对方的答复读不懂：{why}", why=problem.message))
        except JSON_ERRORS:
            return Outcome(item.id, say("接收方的答复不是机器人接口的答复；请核对网址与 style"))
        if code == 0:
            return Outcome(item.id)
        return Outcome(
            item.id,
            say("机器人拒收：{code} {text}", code=code, text=str(said.get("errmsg", ""))[:200]),
        )

    def body(self, item: OutboxItem) -> dict[str, Any]:
        """Return what is posted for an item."""
        if self.style == "plain":
            return as_record(item)
        title, text = title_of(item), text_of(item)
        if not self.names:
            title, text = without_firms(item, title), without_firms(item, text)
        shown = say("【{title}】{text}", title=title, text=text)
        if item.recipient:
            shown = say(
                "【{title}】{text}（收件人：{person}）", title=title, text=text, person=item.recipient
            )
        most: int = defaults()["webhook_most_bytes"][self.style]
        return {"msgtype": "text", "text": {"content": _cut(str(shown), most)}}


def _cut(text: str, most: int) -> str:
    """Return as many whole characters as fit into `most` bytes of UTF-8."""
    data = text.encode()
    if len(data) <= most:
        return text
    mark = "…"
    return data[: most - len(mark.encode())].decode("utf-8", "ignore") + mark
