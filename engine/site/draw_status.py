"""The words for the status of a draw."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language import Message, say

DRAW_STATUS: Mapping[str, Message] = {
    "committed": say("已公布承诺，待随机源"),
    "objects_drawn": say("已抽取对象"),
    "complete": say("已完成"),
    "void": say("已作废"),
    "lapsed": say("已失效"),
}


def status_text(status: object, language: str) -> str:
    """Return the words for a status; one that is not known as it is."""
    found = DRAW_STATUS.get(str(status))
    return found.render(language) if found is not None else str(status or "")
