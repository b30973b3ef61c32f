"""The outside: one process that takes HTTP posts and mails and journals what it took, and that has bad days.

The journal has one JSON line for each thing taken: ``{"via", "id", "sha256"}``, written before the answer goes out.
What a byte of the mode file says decides the answers: ``t`` takes, ``r`` refuses for now (HTTP 503, SMTP 451).
"""

from __future__ import annotations

import asyncio
import email
import hashlib
import json
import os
from pathlib import Path
from typing import Any

TAKES, REFUSES = b"t", b"r"


def run_receiver(journal: Path, mode: Path, webhook_port: int, mail_port: int) -> None:
    """Listen on both ports until the process is killed."""
    file = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    asyncio.run(_listen(_Outside(file, mode), webhook_port, mail_port))


class _Outside:
    def __init__(self, file: int, mode: Path) -> None:
        self._file = file
        self._mode = mode

    @property
    def refuses(self) -> bool:
        return self._mode.read_bytes() == REFUSES

    def take(self, via: str, name: str, content: bytes) -> None:
        line = {"via": via, "id": name, "sha256": hashlib.sha256(content).hexdigest()}
        os.write(self._file, json.dumps(line).encode() + b"\n")

    async def webhook(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, then hang up."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            headers = {
                name.strip().lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head.decode().split("\r\n")[1:])
            }
            content = await reader.readexactly(int(headers.get("content-length", "0")))
            if self.refuses:
                answer = "503 Service Unavailable"
            else:
                answer = "200 OK"
                self.take("hook", headers["idempotency-key"], content)
            writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        """Take a mail."""
        if self.refuses:
            return "451 later"
        mail = email.message_from_bytes(envelope.content)
        parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
        body = b"".join(part for part in parts if isinstance(part, bytes))
        self.take("mail", str(mail["Message-ID"]).strip(), body)
        return "250 kept"


async def _listen(outside: _Outside, webhook_port: int, mail_port: int) -> None:
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    await asyncio.start_server(outside.webhook, "127.0.0.1", webhook_port)
    await loop.create_server(lambda: SMTP(outside, hostname="localhost"), "127.0.0.1", mail_port)
    await asyncio.Event().wait()
