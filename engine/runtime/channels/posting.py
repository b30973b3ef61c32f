"""What posting by HTTP has in common: which addresses, how a request is signed, what an answer or none means."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
)

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.language import Message, say
from engine.runtime.defaults import defaults

#: What posting can end in. ValueError: a host name that cannot be written as the protocol asks, an answer without sense.
HTTP_ERRORS = (OSError, HTTPException, ValueError)
#: An answer comes in so many parts at most.
MOST_READS = 10_000


def post_each(
    url: str,
    items: Sequence[OutboxItem],
    batch_seconds: float,
    monotonic: Callable[[], float],
    post: Callable[[OpenerDirector, OutboxItem], Outcome],
) -> list[Outcome]:
    """Post items one after the other; those not tried (no time left, the line lost twice) are left out."""
    until = monotonic() + batch_seconds
    opener = make_opener()
    outcomes: list[Outcome] = []
    lost = 0
    for item in items:
        # A line lost once may be this one message. Twice running is likely the receiver, and each of the others
        # would wait as long: they are left untried, and come again without those two.
        if monotonic() > until or lost > 1:
            break
        try:
            outcomes.append(post(opener, item))
            lost = 0
        except HTTP_ERRORS as problem:
            outcomes.append(Outcome(item.id, unreachable(url, problem)))
            lost += 1
    return outcomes


def read_answer(answer: HTTPResponse, most: int, seconds: float, monotonic: Callable[[], float]) -> bytes:
    """Return the body of an answer, at most `most` bytes of it, as it comes.

    The timeout of a connection is one of each read: a receiver that sends a byte now and then would hold the channel without end.
    Raises TimeoutError where the whole takes longer than `seconds`, or more than `MOST_READS` reads.
    """
    until = monotonic() + seconds
    content = bytearray()
    for _ in range(MOST_READS):
        part = answer.read1(min(most - len(content), 65_536))
        content += part
        if not part or len(content) >= most:
            return bytes(content)
        if monotonic() > until:
            break
    raise TimeoutError(str(say("答复来得太慢，{seconds} 秒内没有收完", seconds=seconds)))


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a request of ours: HMAC-SHA-256 over its time stamp, a line end and its body, in hex."""
    return hmac.new(secret.encode(), stamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def wrong_url(url: str) -> Message | None:
    """Return what is wrong with the address of a receiver. The address itself is not repeated: it may be secret."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return say("网址不正确：应如 https://主机/路径")
    if parts.scheme not in ("http", "https"):
        return say("网址应以 http:// 或 https:// 开头，实为“{seen}”", seen=parts.scheme)
    if not parts.hostname or not url.isascii() or any(c.isspace() for c in url):
        return say("网址不正确：应如 https://主机/路径")
    if parts.username is not None:
        return say("网址中不能写用户名与口令")
    return None


def make_opener() -> OpenerDirector:
    """Return an opener for http and https alone: no redirects, files, cookies or logins."""
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    return opener


def header_id(item_id: str) -> str:
    """Return an id as it may stand in a header: ASCII, without spaces; plain ids stay as they are."""
    return quote(item_id, safe=":@/+")


def unreachable(url: str, problem: Exception) -> Message:
    """Return what is said of a receiver that did not answer as the protocol asks."""
    return say(
        "接收方 {host} 没有正常答复（{kind}：{problem}）；请检查网址、网络与代理",
        host=urlsplit(url).hostname,
        kind=type(problem).__name__,
        problem=problem,
    )


def turned_away(item: OutboxItem, problem: HTTPError) -> Outcome:
    """Return what an answer that is none of the 200s means; one that stays so at every try is final."""
    if 300 <= problem.code < 400:
        where = urlsplit(problem.headers.get("Location", "")).hostname or "?"
        error = say(
            "接收方要求转往 {where}（HTTP {code}），未跟随；请把最终网址写进设置",
            where=where,
            code=problem.code,
        )
        return Outcome(item.id, error)
    final = problem.code in defaults()["webhook_final"]
    return Outcome(item.id, say("接收方答复 HTTP {code}", code=problem.code), final=final)
