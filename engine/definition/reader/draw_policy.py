"""``draw`` of a bureau file: who signs the public log, how many days lie between, when lotteries rest."""

from __future__ import annotations

import re
from datetime import date

from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.language import say
from engine.lifecycle.model.draw_policy import DrawPolicy, SigningParty
from engine.yamltext.nodes import Node

_KEY = re.compile(r"[0-9a-f]{64}")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
#: (least, most) of a number of days. The protocol gives a commitment 90 days in all.
_LEAD, _LAPSE = (1, 30), (0, 60)


def read_draw_policy(diagnostics: Diagnostics, node: Node | None) -> DrawPolicy:
    """Read the policy; where nothing is written, nobody signs and no lottery has a calendar."""
    part = diagnostics.open(node, "draw policy") if node is not None else None
    if part is None:
        return DrawPolicy()
    plain = DrawPolicy()
    return DrawPolicy(
        parties=tuple(
            filter(None, (_party(diagnostics, item) for item in diagnostics.items(part.value("parties"))))
        ),
        lead_days=_days(diagnostics, part, "lead_days", _LEAD, plain.lead_days),
        lapse_days=_days(diagnostics, part, "lapse_days", _LAPSE, plain.lapse_days),
        closed=tuple(
            filter(
                None,
                (_span(diagnostics, item) for item in diagnostics.one_or_many(part.value("closed_days"))),
            )
        ),
    )


def _party(diagnostics: Diagnostics, node: Node) -> SigningParty | None:
    part = diagnostics.open(node, "signing party")
    if part is None:
        return None
    title, key = diagnostics.read_text(part.value("title")), diagnostics.read_text(part.value("key"))
    where = part.value("key")
    if key is not None and where is not None and not _KEY.fullmatch(key):
        diagnostics.report(
            "wrong-shape",
            where,
            say("公钥应为 64 个小写十六进制数字，实为“{seen}”", seen=key),
            say("Ed25519 公钥的 32 个字节；请签名方当面或书面告知"),
        )
        return None
    return SigningParty(title, key, diagnostics.read_flag(part.value("sample"))) if title and key else None


def _days(
    diagnostics: Diagnostics, part: MappingReader, name: str, bounds: tuple[int, int], usual: int
) -> int:
    node = part.value(name)
    found = diagnostics.read_integer(node)
    if found is None or node is None:
        return usual
    if not bounds[0] <= found <= bounds[1]:
        diagnostics.report(
            "wrong-shape",
            node,
            say("此处应是 {least} 至 {most} 天，实为 {seen}", least=bounds[0], most=bounds[1], seen=found),
        )
    return found


def _span(diagnostics: Diagnostics, node: Node) -> tuple[date, date] | None:
    text = diagnostics.read_text(node)
    if text is None:
        return None
    found = _SPAN.fullmatch(text)
    try:
        first, last = (date.fromisoformat(found[number]) for number in (1, 2)) if found else (None, None)
    except ValueError:
        first = last = None
    if first is None or last is None or first > last:
        diagnostics.report(
            "wrong-shape",
            node,
            say("此处应是一段日子，实为“{seen}”", seen=text),
            say("写法如 2026-02-14..2026-02-23，先早后晚"),
        )
        return None
    return first, last
