"""Signatures of parties outside over the public log, taken in: only right ones, of a party the commitment lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.app.draws.anchors import Anchor
from engine.app.draws.v2 import stored
from engine.draw.v2.anchors import add_anchor, signature_holds
from engine.draw.v2.heads import signed_head
from engine.draw.v2.log import PublicLog
from engine.draw.v2.shapes import wrong
from engine.kernel.instants import from_text
from engine.language import say
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.session.unit_of_work import UnitOfWork

#: The form of an anchor that is a signature over a head of the public log.
SIGNATURE = "ed25519"


def take_signature(uow: UnitOfWork, row: DrawRow, content: bytes, actor: str) -> Anchor:
    """Enter a signature into the public log and the history of the case. Raises `DrawRefused`."""
    transaction, draw = uow.transaction, stored.draw_of(row)
    log, found = stored.read_log(transaction), signed_head(content)
    parties = {(party["name"], party["key"]): party for party in draw.commitment["anchor"]["parties"]}
    if (found.party, found.key) not in parties:
        raise wrong(
            "anchor",
            say("签名的不是承诺书所列的签名方：{party}", party=found.party),
            say("承诺书列的是：{parties}；名称和公钥都须相同", parties=[name for name, _ in parties]),
        )
    if not log.continues(found.size, found.root):
        raise wrong("anchor", say("签名所盖的日志头不是本局公开日志的"), say("请把现在的日志头重新交签名方"))
    after = add_anchor(
        log,
        found.size,
        found.party,
        found.key,
        from_text(found.at),
        found.signature,
        now=uow.clock,
        by=found.party,
    )
    stored.write_log(transaction, log, after)
    anchor = _anchor(after.lines[-1].body)
    case = uow.case(row.case)
    if case is not None:
        title = say("导入抽取日志的外部凭据").text
        uow.record(
            case,
            EventKind.RECORDED.value,
            actor,
            {"title": title, "draw": row.number, "anchor": anchor.as_json()},
        )
    return anchor


def signatures(log: PublicLog) -> list[Anchor]:
    """Return the signatures in the log that hold, oldest first."""
    return [_anchor(line.body) for line in log.lines if line.kind == "anchor" and signature_holds(log, line)]


def _anchor(body: Mapping[str, Any]) -> Anchor:
    return Anchor(body["size"], body["root"], SIGNATURE, body["party"], body["at"], True, "", body["key"])
