"""An item of the outbox as JSON values and as text for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.app.ports.records import OutboxItem
from engine.kernel.plain_text import shortened, visible
from engine.language import say

#: Longest title of a message, in characters.
MAX_TITLE_LENGTH = 200


def as_record(item: OutboxItem) -> dict[str, Any]:
    """Return what a program needs of an item; `id` is the same at every repeat, so that it can be dropped."""
    return {
        "id": item.id,
        "kind": item.kind,
        "case": item.case,
        "recipient": item.recipient,
        "created_at": item.created_at.isoformat(),
        "payload": dict(item.payload),
    }


def as_line(item: OutboxItem) -> bytes:
    """Return the item as one line of JSON, with its line end."""
    return as_json(as_record(item)) + b"\n"


def as_json(value: Any) -> bytes:
    """Return a value as JSON in UTF-8; half a character (a lone surrogate) stays as the escape JSON has for it."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")


def title_of(item: OutboxItem) -> str:
    """Return a title on one line, of `MAX_TITLE_LENGTH` characters; the id where there is none."""
    title = " ".join(str(item.payload.get("title") or item.id).split())
    return shortened(visible(title), MAX_TITLE_LENGTH)


def without_firms(item: OutboxItem, text: str) -> str:
    """Return a text of a message with the id of the case in place of the name of each firm it is about."""
    gathered = item.payload.get("messages")
    about = [(item.payload.get("firm"), item.case)]
    if isinstance(gathered, (list, tuple)):
        about += [(one.get("firm"), one.get("case")) for one in gathered if isinstance(one, Mapping)]
    # The longer name first: one may be a part of another.
    for firm, case in sorted(((str(f), c) for f, c in about if f), key=lambda one: -len(one[0])):
        text = text.replace(firm, str(case) if case else str(say("某企业")))
    return text


def text_of(item: OutboxItem) -> str:
    """Return the message; for other kinds what they carry. Characters no text may hold are shown."""
    text = item.payload.get("text")
    said = str(text) if text else json.dumps(dict(item.payload), ensure_ascii=False, default=str)
    return visible(said, lines=True)
