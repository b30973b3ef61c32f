"""Checking the signed heads that were kept: each has the root the statements have now, a signature of the key in force, a chain of keys.

Whoever rewrites rows together with their statements leaves the heads that were kept before wrong; whoever rewrites those
too needs the key for their signatures, and still differs from what is held outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.app.audit.finding import RowFinding
from engine.app.audit.heads import bureau_id
from engine.app.audit.signed_heads.history import (
    CHANGED,
    FIRST,
    LOST,
    STREAM,
    HeadHistory,
    HeadKey,
    KeptHead,
    checkpoint,
    key_text,
    signed_note,
)
from engine.app.audit.signed_heads.time_stamp import TimeStampFormatError, read_time_stamp
from engine.kernel import ed25519
from engine.kernel.budget import JSON_ERRORS
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

_UNREADABLE_ID = say("库中的部署编号读不出来：没有它，日志头的签名无从核对")


def verify_heads(
    transaction: Transaction, history: HeadHistory, roots: Mapping[int, str]
) -> Iterator[RowFinding]:
    """Yield what is wrong with keys, heads and stamps. `roots` are those of the statements, at the sizes of the heads."""
    try:
        bureau = bureau_id(transaction)
    except JSON_ERRORS:
        if history.keys or history.heads:
            yield _finding(0, "-", _UNREADABLE_ID)
        return
    for seq in history.unreadable:
        yield _finding(seq, "-", say("该条不成其为密钥、日志头或时间戳"))
    before: HeadKey | None = None
    for key in history.keys:
        if (wrong := _wrong_key(bureau, before, key)) is not None:
            yield _finding(key.seq, key.at[:10], wrong)
        before = key
    for number, head in enumerate(history.heads, 1):
        for wrong in _wrong_head(bureau, history, number, head, roots):
            yield _finding(head.seq, head.day, wrong)
    for number, token in history.stamps.items():
        stamped = history.head(number)
        if stamped is None or not _stamps(token, signed_note(bureau, stamped)):
            day = stamped.day if stamped else "-"
            yield _finding(
                stamped.seq if stamped else 0, day, say("时间戳盖的不是日志头 {number}", number=number)
            )


def verify_heads_since(
    transaction: Transaction, history: HeadHistory, head: KeptHead, roots: Mapping[int, str]
) -> Iterator[RowFinding]:
    """Yield what is wrong with a head that is relied on, and with those after it. `roots` are from its size on."""
    try:
        bureau = bureau_id(transaction)
    except JSON_ERRORS:
        yield _finding(0, "-", _UNREADABLE_ID)
        return
    later = [one for one in history.heads if one.seq >= head.seq]
    if not is_signed(bureau, history, head):
        yield _finding(
            head.seq, head.day, say("日志头 {number} 没有有效的签名，不能作为起点", number=head.number)
        )
    for number, one in enumerate(later, head.number):
        for wrong in _wrong_head(bureau, history, number, one, roots):
            yield _finding(one.seq, one.day, wrong)


def is_signed(bureau: str, history: HeadHistory, head: KeptHead) -> bool:
    """Tell whether a head has a signature of the key that was in force."""
    key = history.key_of(head)
    if key is None or head.signature is None or key.key != head.key:
        return False
    text = checkpoint(bureau, head.size, head.root, head.at)
    return ed25519.verify(bytes.fromhex(head.key), text, bytes.fromhex(head.signature))


def _wrong_key(bureau: str, before: HeadKey | None, key: HeadKey) -> Message | None:
    if key.number != (before.number + 1 if before else 1) or key.previous != (before.key if before else None):
        return say("密钥 {number} 接不上前一把：中间有缺失或被改动", number=key.number)
    if key.why == FIRST and before is None:
        return None
    if key.why == LOST and before is not None:
        return (
            None
            if key.confirmed or key.single_handed
            else say("密钥 {number} 没有两人同意", number=key.number)
        )
    if key.why == CHANGED and before is not None and key.signature is not None:
        text = key_text(bureau, before.key, key.key)
        if ed25519.verify(bytes.fromhex(before.key), text, bytes.fromhex(key.signature)):
            return None
    return say("密钥 {number} 没有前一把密钥的签名", number=key.number)


def _wrong_head(
    bureau: str,
    history: HeadHistory,
    number: int,
    head: KeptHead,
    roots: Mapping[int, str],
) -> Iterator[Message]:
    if head.number != number:
        yield say("日志头 {number} 前有缺失，或次序被改", number=head.number)
    if roots.get(head.size) != head.root:
        yield say(
            "日志头 {number} 的根与现在的声明不符：那一天以前的声明被改写、删除，或次序被改",
            number=head.number,
        )
    if head.key is None or head.signature is None:
        # Kept without its key; the history says so, and whoever holds heads sees it.
        return
    key = history.key_of(head)
    text = checkpoint(bureau, head.size, head.root, head.at)
    if key is None or key.key != head.key:
        yield say("日志头 {number} 不是由当时的密钥签名的", number=head.number)
    elif not ed25519.verify(bytes.fromhex(head.key), text, bytes.fromhex(head.signature)):
        yield say("日志头 {number} 的签名不对", number=head.number)


def _stamps(token: bytes, content: bytes) -> bool:
    try:
        return read_time_stamp(token).covers(content)
    except TimeStampFormatError:
        return False


def _finding(seq: int, day: str, message: Message) -> RowFinding:
    return RowFinding(STREAM, seq, day, message, table="event", key=(STREAM, seq))
