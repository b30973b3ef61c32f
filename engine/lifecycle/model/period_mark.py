"""What a period rests on: law, a suggestion of the product, or a rule of the bureau."""

from __future__ import annotations

from enum import StrEnum

from engine.language import Message, say


class PeriodMark(StrEnum):
    """What a period rests on."""

    #: Nothing is written beside it: the article is named as its basis.
    STATUTORY = "statutory"
    #: 建议值: no rule sets it; the bureau may change it.
    SUGGESTED = "suggested"
    #: 本地规定: a rule of the bureau or of its superior sets it.
    LOCAL = "local"


_SHOWN = {
    PeriodMark.SUGGESTED: say("（建议值）"),
    PeriodMark.LOCAL: say("（本地规定）"),
}


def mark_text(mark: PeriodMark) -> Message | str:
    """Return what is written behind a period or its due day; nothing for a statutory one."""
    return "" if mark is PeriodMark.STATUTORY else _SHOWN[mark]


def join_messages(first: Message | str, second: Message | str) -> Message | str:
    """Return two texts behind each other, either of which may be empty."""
    if not first or not second:
        return first or second
    return say("{first}{second}", first=first, second=second)
