"""Proof from outside that a commitment was there before its randomness: a listed party's signature over a head of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.v2.log import Line, PublicLog
from engine.draw.v2.randomness.sources import day_of, known_from
from engine.draw.v2.shapes import DIGEST, filled, flag, matching, one_of, text, wrong
from engine.kernel import ed25519
from engine.kernel.instants import to_text
from engine.kernel.refusal import RefusalReason
from engine.language import say

PARTY = {"name": filled, "key": matching(DIGEST), "sample": flag}
ANCHOR = {"mode": one_of("signed", "none"), "parties": [PARTY], "reason": text}


@dataclass(frozen=True, slots=True)
class Anchored:
    """The anchor a commitment relies on. `sample` says that the party is made up."""

    party: str
    key: str
    at: str
    line: int
    sample: bool


def anchor_problems(anchor: Mapping[str, Any]) -> Iterator[RefusalReason]:
    """Yield what is wrong with what a commitment says of its anchor."""
    signed = anchor["mode"] == "signed"
    if signed != bool(anchor["parties"]):
        yield RefusalReason("anchor", say("有外部凭据的须写明签名方，没有的不写"))
    if signed == bool(anchor["reason"].strip()):
        yield RefusalReason("anchor", say("没有外部凭据的须写明理由，有的不写"))
    for name in ("name", "key"):
        if len({party[name] for party in anchor["parties"]}) != len(anchor["parties"]):
            yield RefusalReason("anchor", say("签名方重复"))


def add_anchor(
    log: PublicLog,
    size: int,
    party: str,
    key: str,
    signed_at: datetime,
    signature: str,
    *,
    now: datetime,
    by: str,
) -> PublicLog:
    """Return the log with the line of a signature over its first `size` lines. Raises `DrawRefused` for a wrong one."""
    body = {
        "size": size,
        "root": log.root(size),
        "party": party,
        "key": key,
        "at": to_text(signed_at),
        "signature": signature,
    }
    if not 1 <= size <= len(log.lines):
        raise wrong("anchor", say("凭据覆盖的行数不对"))
    added = log.append("anchor", body, now, by)
    if not signature_holds(log, added.lines[-1]):
        raise wrong("anchor", say("签名核验不过"), say("签名的内容须与 head_text 逐字节相同"))
    return added


def signature_holds(log: PublicLog, line: Line) -> bool:
    """Whether the signature of an anchor line is right, and its root is that of the lines before."""
    body = line.body
    if log.root(body["size"]) != body["root"]:
        return False
    message = log.head_text(body["party"], body["size"], body["at"]).encode()
    return ed25519.verify(bytes.fromhex(body["key"]), message, bytes.fromhex(body["signature"]))


def anchor_of(
    log: PublicLog, commitment: Mapping[str, Any], commit: Line, before: int | None = None
) -> Anchored | None:
    """Return the first anchor that holds a commitment, or None.

    It covers the line of the commitment, is of a listed party, was signed on a day before anything of the randomness is
    known, is in the log on such a day too, and before the line `before`.
    """
    parties = {party["key"]: party for party in commitment["anchor"]["parties"]}
    first = known_from(commitment["sources"])
    for line in log.lines:
        if line.kind != "anchor" or (before is not None and line.seq >= before):
            continue
        party = parties.get(line.body["key"])
        if party is None or party["name"] != line.body["party"] or line.body["size"] < commit.seq:
            continue
        if max(day_of(line.body["at"]), day_of(line.at)) < first and signature_holds(log, line):
            return Anchored(party["name"], party["key"], line.body["at"], line.seq, party["sample"])
    return None


def require_anchor(log: PublicLog, commitment: Mapping[str, Any], commit: Line) -> None:
    """Raise `DrawRefused` when a commitment that needs an anchor has none."""
    needed = commitment["anchor"]["mode"] == "signed" and not commitment["batch_id"].startswith("TEST-")
    if needed and anchor_of(log, commitment, commit) is None:
        refuse_if(
            [
                RefusalReason(
                    "anchor",
                    say("承诺还没有外部凭据，不能抽取"),
                    hint=say("须由承诺书所列的签名方在开奖日之前对日志签名"),
                )
            ]
        )
