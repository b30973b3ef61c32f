"""Keeping a head: computed from the statements since the last one, signed, kept as an entry, and ordered to be sent.

It reads only what is new: the entry of a head holds the roots of the perfect subtrees of its tree. That they are right
is what `engine.app.audit.signed_heads.verification` checks, over everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from engine.app.audit.heads import bureau_id
from engine.app.audit.signed_heads.history import (
    CHANGED,
    FIRST,
    HEAD,
    KEY,
    KEY_ENTRY,
    LOST,
    STREAM,
    HeadHistory,
    KeptHead,
    checkpoint,
    read_newest,
    signed_note,
)
from engine.app.audit.statements import statement_pages
from engine.app.history.event_time import event_time
from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.audit.statements import statement_hash
from engine.app.ports.records import OutboxItem
from engine.app.ports.store import ConflictError
from engine.kernel.append_only_tree import GrowingTree, leaf_hashes
from engine.kernel.instants import from_text, to_text
from engine.language import Message, say
from engine.lifecycle.command import SYSTEM

if TYPE_CHECKING:
    from engine.app.ports.audit.heads import HeadSigner
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: The channel that asks a time stamping authority; it is there where the settings name one.
STAMP_CHANNEL = "stamp"
#: How the address of somebody who is in no register begins.
MAILTO = "mailto:"


@dataclass(frozen=True, slots=True)
class HeadDraft:
    """A head that was computed: what it has to be kept with. `history` is what was there before."""

    history: HeadHistory
    bureau: str
    tree: GrowingTree
    position: int
    proof: tuple[str, ...]
    #: The hash of the newest entry of the history.
    end: str


def draft_head(transaction: Transaction) -> HeadDraft:
    """Compute the head over all statements `transaction` sees, from the last one on."""
    history = read_newest(transaction)
    last = history.last
    tree, position = (last.tree(), last.position) if last else (GrowingTree(), 0)
    settled = transaction.statements.settled()
    added = []
    for page in statement_pages(transaction, position):
        for one in page:
            if one.position <= settled:
                added.append(statement_hash(one.kind, one.events, one.rows).encode())
                position = one.position
    hashes = leaf_hashes(added)
    proof = tuple(one.hex() for one in tree.growth_proof(hashes)) if tree.size else ()
    for leaf in hashes:
        tree.append(leaf)
    end = transaction.events.newest([STREAM])[0]
    return HeadDraft(history, bureau_id(transaction), tree, position, proof, end)


def write_head(
    transaction: Transaction,
    now: datetime,
    zone: tzinfo,
    by: str,
    draft: HeadDraft,
    signer: HeadSigner,
    settings: Mapping[str, Any],
) -> KeptHead:
    """Keep a head that was computed, sign it, and order it to be stamped, sent and published.

    The first key of a deployment is announced with its first head. Without the key in force the head is kept unsigned.
    Raises ConflictError where another has been kept since, SignerError.
    """
    history = draft.history
    key = history.key.key if history.key else None
    if key is None:
        key = signer.first_key()
        announce(transaction, now, by, history, key)
    time = to_text(event_time(now, from_text(history.last.at) if history.last else None))
    size, root = draft.tree.size, draft.tree.root().hex()
    signature = signer.sign(key, checkpoint(draft.bureau, size, root, time))
    kept = KeptHead(
        history.last.number + 1 if history.last else 1,
        now.astimezone(zone).date().isoformat(),
        size,
        root,
        time,
        draft.position,
        tuple(one.hex() for one in draft.tree.subtrees),
        draft.proof,
        None if signature is None else key,
        None if signature is None else signature.hex(),
        0,
    )
    body = {
        "number": kept.number,
        "day": kept.day,
        "size": size,
        "root": root,
        "time": time,
        "position": kept.position,
        "subtrees": list(kept.subtrees),
        "proof": list(kept.proof),
        "key": kept.key,
        "signature": kept.signature,
        KEY_ENTRY: history.key.seq if history.key else 1,
    }
    add_entry(transaction, now, HEAD, by, body, STREAM)
    transaction.outbox.put(_orders(kept, draft.bureau, now, settings))
    return kept


def announce(
    transaction: Transaction,
    now: datetime,
    by: str,
    history: HeadHistory,
    key: str,
    signature: str | None = None,
) -> None:
    """Enter a new key: the first, one the key before has signed, or one in the place of a key that was lost."""
    before = history.key
    why = FIRST if before is None else LOST if signature is None else CHANGED
    body = {
        "number": len(history.keys) + 1,
        "key": key,
        "why": why,
        "previous": before.key if before else None,
        "signature": signature,
    }
    add_entry(transaction, now, KEY, by, body, STREAM)


def keep_head_of_today(services: Services, signer: HeadSigner) -> KeptHead | None:
    """Keep a head as the daemon does, which is no person's act, unless that was done today. Raises SignerError."""
    zone = services.definitions.time.zone

    def transact() -> KeptHead | None:
        with services.store.read() as transaction:
            draft = draft_head(transaction)
        now = services.clock.now()
        last = draft.history.last
        if last is not None and last.day == now.astimezone(zone).date().isoformat():
            return None
        with services.store.write() as transaction:
            if transaction.events.newest([STREAM])[0] != draft.end:
                raise ConflictError(STREAM)
            return write_head(transaction, now, zone, SYSTEM, draft, signer, services.settings)

    return retry_on_conflict(transact)


def why_unsigned(history: HeadHistory, signer: HeadSigner) -> Message | None:
    """Return why heads cannot be signed now; None where they can."""
    if history.key is None or signer.holds(history.key.key):
        return None
    return say(
        "日志头的签名密钥（公钥 {key}…）不在部署目录里：新的日志头没有签名。请找回密钥文件 secrets/head.key，"
        "找不回的由两位管理员办理遗失、启用新密钥",
        key=history.key.key[:16],
    )


def _orders(head: KeptHead, bureau: str, now: datetime, settings: Mapping[str, Any]) -> list[OutboxItem]:
    """Return what is to be done with a head: build the site, ask for a time stamp, send it to those the settings name."""

    def item(
        what: str, kind: str, channel: str, recipient: str | None, payload: Mapping[str, Any]
    ) -> OutboxItem:
        return OutboxItem(
            id=f"{STREAM}:{head.number}{what}",
            kind=kind,
            channel=channel,
            recipient=recipient,
            case=None,
            payload=payload,
            created_at=now,
        )

    found = [item("", "site", "site", None, {"head": head.number})]
    named = settings.get("heads") or {}
    if named.get("stamp"):
        found.append(item(":stamp", "stamp", STAMP_CHANNEL, None, {"number": head.number}))
    title = say("日志头 {number}（{day}）", number=head.number, day=head.day)
    text = say(
        "请原样保存下面的内容；以后凭它可以核对本单位的记录没有被改写，核对用 verify_head.py。\n\n{note}",
        note=signed_note(bureau, head).decode(),
    )
    payload = {
        "title": str(title),
        "text": str(text),
        "head": {"format": "shuangsuiji-head/1", **head.as_json(bureau)},
    }
    for channel, address in (named.get("send") or {}).items():
        recipient = f"{MAILTO}{address}" if address else None
        found.append(item(f":{channel}", "head", str(channel), recipient, payload))
    return found
