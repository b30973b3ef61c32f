"""The made-up party of samples and demonstrations: it signs at once whatever it is given, with a key everybody has.

Its signature proves nothing, and everything made with it says so: the commitment marks it as a sample.
"""

from __future__ import annotations

import hashlib

from engine.draw.v2.anchors import add_anchor
from engine.draw.v2.log import PublicLog
from engine.kernel import ed25519
from engine.kernel.instants import from_text
from engine.lifecycle.model.draw_policy import DrawPolicy

#: Anybody can make this key, and whatever signature.
SECRET = hashlib.sha256("双随机 示例签名方：密钥公开，不作凭据".encode()).digest()
KEY = ed25519.public_key(SECRET).hex()


def sign_as_sample(log: PublicLog, policy: DrawPolicy) -> PublicLog:
    """Return the log with the signature of the made-up party, where no other party is listed."""
    listed = [party for party in policy.parties if party.sample and party.key == KEY]
    if not listed or len(listed) != len(policy.parties):
        return log
    at = log.lines[-1].at
    text = log.head_text(listed[0].title, len(log.lines), at).encode()
    return add_anchor(
        log,
        len(log.lines),
        listed[0].title,
        KEY,
        from_text(at),
        ed25519.sign(SECRET, text).hex(),
        now=from_text(at),
        by=listed[0].title,
    )
