"""An item of the outbox as JSON values and as text for people."""

from __future__ import annotations

import json
from typing import Any

from engine.office.rows import Outgoing


def as_record(item: Outgoing) -> dict[str, Any]:
    """Return what a program needs of an item; `id` is the same at every repeat, so that it can be dropped."""
    return {
        "id": item.id,
        "kind": item.kind,
        "case": item.case,
        "recipient": item.recipient,
        "created_at": item.created_at.isoformat(),
        "payload": dict(item.payload),
    }


def as_line(item: Outgoing) -> bytes:
    """Return the item as one line of JSON, with its line end."""
    return json.dumps(as_record(item), ensure_ascii=False, default=str).encode() + b"\n"


def title_of(item: Outgoing) -> str:
    """Return a title on one line; the id where there is none."""
    return " ".join(str(item.payload.get("title") or item.id).split())


def text_of(item: Outgoing) -> str:
    """Return the message; for other kinds what they carry."""
    text = item.payload.get("text")
    return str(text) if text else json.dumps(dict(item.payload), ensure_ascii=False, indent=2, default=str)
