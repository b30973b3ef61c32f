"""Heads of the public log on their way to a party outside and back: the file that is handed out, and the signature.

What is handed out holds the lines, so that the party can see that the log goes on from the head it signed last.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.draw.v2.log import BODIES, PublicLog
from engine.draw.v2.shapes import misfit, wrong
from engine.kernel import ed25519
from engine.kernel.budget import ANCHOR, JSON_ERRORS, KIT_FILE, read_json
from engine.kernel.instants import to_text
from engine.language import say

HEAD = "ssj-draw-head/2"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """What a party hands back."""

    party: str
    key: str
    size: int
    root: str
    at: str
    signature: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as they are written to the file of the signature."""
        return {name: getattr(self, name) for name in ("party", "key", "size", "root", "at", "signature")}


def head_file(log: PublicLog) -> str:
    """Return the file that is given to a party: the bureau, the size, the root, and the lines it is over."""
    body = {
        "spec": HEAD,
        "bureau": log.bureau,
        "size": len(log.lines),
        "root": log.root(),
        "lines": list(log.texts),
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def sign_head(
    content: bytes, party: str, secret: bytes, at: datetime, previous: bytes | None = None
) -> SignedHead:
    """Sign the head in a file, on the party's own machine. Raises `DrawRefused` where it must not be signed.

    `previous` is the file of the party's last signature: a log that does not go on from it is another log.
    """
    try:
        body = read_json(content, KIT_FILE)
        log = PublicLog.read(str(body["bureau"]), "".join(f"{line}\n" for line in body["lines"]).encode())
        size, root = int(body["size"]), str(body["root"])
    except JSON_ERRORS as problem:
        raise wrong("anchor", say("日志头文件读不出：{why}", why=str(problem))) from None
    if body.get("spec") != HEAD or size != len(log.lines) or root != log.root() or not size:
        raise wrong("anchor", say("日志头与文件里的日志不符，不能签"))
    if previous is not None:
        last = signed_head(previous)
        if not log.continues(last.size, last.root):
            raise wrong("anchor", say("这份日志不是接着上次签名的那份写的，不能签"))
    written = to_text(at)
    signature = ed25519.sign(secret, log.head_text(party, size, written).encode()).hex()
    return SignedHead(party, ed25519.public_key(secret).hex(), size, root, written, signature)


def signed_head(content: bytes) -> SignedHead:
    """Return the signature in a file. Raises `DrawRefused` for anything else."""
    try:
        body = read_json(content, ANCHOR)
        found = SignedHead(**{name: body[name] for name in SignedHead.__dataclass_fields__})
    except JSON_ERRORS as problem:
        raise wrong(
            "anchor",
            say("凭据读不出：{why}", why=str(problem)),
            say("应为签名方对日志头的 Ed25519 签名（JSON）；时间戳、回函不能代替签名"),
        ) from None
    if misfit(found.as_json(), BODIES["anchor"]) is not None:
        raise wrong("anchor", say("凭据的内容不合规定"), say("应有 party、key、size、root、at、signature"))
    return found
