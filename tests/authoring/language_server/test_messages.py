from __future__ import annotations

from io import BytesIO

import pytest

from engine.authoring.language_server.messages import MessageError, read_message, write_message


def test_what_is_written_is_read() -> None:
    stream = BytesIO()
    write_message(stream, {"id": 1, "result": "环节"})
    write_message(stream, {"method": "exit"})
    stream.seek(0)
    assert read_message(stream) == {"jsonrpc": "2.0", "id": 1, "result": "环节"}
    assert read_message(stream) == {"jsonrpc": "2.0", "method": "exit"}
    assert read_message(stream) is None


@pytest.mark.parametrize(
    "text",
    [
        b"Content-Length: many\r\n\r\n{}",
        b"X: 1\r\n\r\n{}",
        b"Content-Length: 3\r\n\r\n{}}",
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 99999999999\r\n\r\n",
        b"Content-Length: \x1c3\r\n\r\n{}}",
    ],
)
def test_what_is_no_message_is_said(text: bytes) -> None:
    with pytest.raises(MessageError):
        read_message(BytesIO(text))
