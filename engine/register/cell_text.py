"""How long the text of a cell may be, and which characters it may not hold."""

from __future__ import annotations

from engine.kernel.plain_text import find_forbidden
from engine.language import Message, say
from engine.register.columns import CellType, RegisterColumn

#: Longest text of a cell where its column does not say (``most``), in characters.
DEFAULT_MOST = {CellType.LONG_TEXT: 20_000, CellType.EMAIL: 254, CellType.PHONE: 200}
DEFAULT_MOST_OF_A_LINE = 1_000


def why_unfit_cell(column: RegisterColumn, text: str) -> tuple[Message, Message | None] | None:
    """Return what was expected and how to mend it where a cell cannot be kept as it is; None where it can."""
    most = column.most or DEFAULT_MOST.get(column.type, DEFAULT_MOST_OF_A_LINE)
    if len(text) > most:
        return say("最多 {most} 字，实为 {seen} 字", most=most, seen=len(text)), None
    found = find_forbidden(text, lines=column.type is CellType.LONG_TEXT)
    if found is None:
        return None
    place, char = found
    code = f"{ord(char):04X}"
    return say("文字中有看不见的字符"), say(
        "第 {place} 位是看不见的字符（U+{code}），请删去", place=place, code=code
    )
