"""The messages of the Language Server Protocol as they stand in a stream: a length, an empty line, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from engine.kernel.budget import TEXT, BudgetExceededError, read_json

#: The longest header line that is read.
_LINE = 4096


class MessageError(ValueError):
    """What is in the stream is no message."""


def read_message(stream: BinaryIO) -> Mapping[str, Any] | None:
    """Return the next message; None where the stream has ended. Raises MessageError."""
    length: int | None = None
    while True:
        line = stream.readline(_LINE)
        if not line:
            return None
        text = line.decode("ascii", "replace").strip()
        if not text:
            break
        name, _, value = text.partition(":")
        if name.lower() == "content-length":
            value = value.strip()
            if not value.isdecimal():
                raise MessageError(text)
            length = int(value)
    if length is None or length > TEXT.bytes:
        raise MessageError("Content-Length")
    try:
        found = read_json(stream.read(length), TEXT)
    except (ValueError, BudgetExceededError) as problem:
        raise MessageError(str(problem)) from None
    if not isinstance(found, dict):
        raise MessageError("object")
    return found


def write_message(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    """Write a message."""
    body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
    stream.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    stream.flush()
