"""Sealing and signing by hand, and the keys heads are signed with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.access.command import CommandContext, command
from engine.app.access.preparation import PreparationContext
from engine.app.access.proposals import SecondPerson
from engine.app.audit.heads import bureau_id
from engine.app.audit.seals import STREAM, SealDraft, draft_seal, write_seal
from engine.app.audit.signed_heads import history as head_history
from engine.app.audit.signed_heads.history import HeadHistory, HeadKey, KeptHead, read_history
from engine.app.audit.signed_heads.keeping import HeadDraft, announce, draft_head, write_head
from engine.app.ports.audit.heads import HeadSigner, SignerError
from engine.app.ports.records import Seal
from engine.kernel import ed25519
from engine.language import say

__all__ = ["HeadKey", "HeadSigner", "KeptHead", "Seal", "SignerError", "announce_key", "seal", "sign_head"]


def _draft(context: PreparationContext) -> SealDraft | None:
    context.relies_on(STREAM)
    return draft_seal(context.transaction)


def _from_json(body: Mapping[str, Any] | None) -> Seal | None:
    return None if body is None else Seal.from_json(body)


@command("audit.seal", prepare=_draft, decode=_from_json)
def seal(context: CommandContext) -> Seal | None:
    """Seal what was committed until now, as the person who asks; None where nothing has changed since the last seal.

    Where that is more than one seal takes, the seal says so (`rest`), and the command is to be given again.

    The seal itself, in the history "seal", is the entry: another one would be a change to be sealed.
    """
    context.recorded = True
    draft: SealDraft | None = context.prepared
    if draft is None:
        return None
    return write_seal(
        context.transaction, context.now, context.services.definitions.time.zone, context.by, draft
    )


def _draft_head(context: PreparationContext, _: HeadSigner) -> HeadDraft:
    context.relies_on(head_history.STREAM)
    return draft_head(context.transaction)


@command("audit.sign", prepare=_draft_head, asked=lambda _: {}, decode=lambda body: body)
def sign_head(context: CommandContext, signer: HeadSigner) -> Mapping[str, Any]:
    """Keep a head over everything committed until now and sign it, as the person who asks; returns it as given to outsiders.

    The entry in the history "head" is the record. Raises SignerError where there is no key yet and none can be made.
    """
    context.recorded = True
    draft: HeadDraft = context.prepared
    zone = context.services.definitions.time.zone
    settings = context.services.settings
    kept = write_head(context.transaction, context.now, zone, context.by, draft, signer, settings)
    return kept.as_json(draft.bureau)


def _two_agree(context: CommandContext, key: str, signature: str | None = None) -> SecondPerson | None:
    """Say that two agree to a key that the key before has not signed."""
    history = read_history(context.transaction)
    if history.key is None or signature is not None or history.key.key == key:
        return None
    return SecondPerson(
        say("日志头的签名密钥遗失，启用新密钥 {key}…", key=key[:16]),
        summary={"key": key, "lost": history.key.key},
    )


@command("audit.key", second=_two_agree)
def announce_key(context: CommandContext, key: str, signature: str | None = None) -> Mapping[str, Any]:
    """Announce the key heads are signed with from now on.

    `signature` is of the key in force, over the text of `key_text`; without it that key is lost, which two agree to and which
    is said of the new key for good.
    """
    history = read_history(context.transaction)
    before = history.key
    if before is not None and before.key == key:
        raise context.refusal("key", say("密钥 {key}… 已在使用", key=key[:16]))
    if signature is not None and (before is None or not _signed(context, before, key, signature)):
        raise context.refusal("key", say("新密钥上没有现用密钥的签名"))
    context.recorded = True
    announce(context.transaction, context.now, context.by, history, key, signature)
    return _newest(context).as_json()


def _signed(context: CommandContext, before: HeadKey, key: str, signature: str) -> bool:
    text = head_history.key_text(bureau_id(context.transaction), before.key, key)
    try:
        return ed25519.verify(bytes.fromhex(before.key), text, bytes.fromhex(signature))
    except ValueError:
        return False


def _newest(context: CommandContext) -> HeadKey:
    found: HeadHistory = read_history(context.transaction)
    return found.keys[-1]
