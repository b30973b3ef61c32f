"""A mail server for tests, on loopback, which can be told to misbehave."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from tests.hung_run import HUNG


@dataclass
class Mail:
    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class Manners:
    """How the server behaves; each answer is what it says, or None to hang up, or "hang" to say nothing more."""

    greeting: str | None = "220 test"
    rcpt: Callable[[str], str | None] = lambda address: "250 ok"
    sender: str | None = "250 ok"
    #: Asked with the recipient after the message has come; None: the message is kept and the line goes dead.
    data: Callable[[str], str | None] = lambda address: "250 kept"
    #: User and password, where the server wants them.
    login: list[str] | None = None
    mails: list[Mail] = field(default_factory=list)
    #: Everything a client said, and how many clients came.
    said: list[str] = field(default_factory=list)
    clients: int = 0
    over: threading.Event = field(default_factory=threading.Event)


class _HangUpError(Exception):
    pass


class _Handler(socketserver.StreamRequestHandler):
    manners: Manners

    def handle(self) -> None:
        self.manners.clients += 1
        try:
            self._talk()
        except (_HangUpError, OSError):
            return

    def _talk(self) -> None:
        manners = self.manners
        self._say(manners.greeting)
        sender = ""
        recipients: list[str] = []
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            manners.said.append(text)
            word = text.partition(" ")[0].upper()
            if word in ("EHLO", "HELO"):
                self._say("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME" if manners.login else "250 8BITMIME")
            elif word == "AUTH":
                login = base64.b64decode(text.split()[2]).decode().split("\0")[1:]
                self._say("235 ok" if login == manners.login else "535 5.7.8 bad credentials")
            elif word == "MAIL":
                sender, recipients = _between(text), []
                self._say(manners.sender)
            elif word == "RCPT":
                self._say(answer := manners.rcpt(_between(text)))
                if answer and answer.startswith("2"):
                    recipients.append(_between(text))
            elif word == "DATA":
                self._say("354 go on")
                message = self._read_message()
                answer = manners.data(recipients[0])
                if answer is None or answer.startswith("2"):
                    manners.mails.append(Mail(sender, recipients, message))
                self._say(answer)
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _read_message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)

    def _say(self, answer: str | None) -> None:
        if answer is None:
            raise _HangUpError
        if answer == "hang":
            self.manners.over.wait(HUNG)
            raise _HangUpError
        self.wfile.write(answer.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


def _between(text: str) -> str:
    return text.partition("<")[2].partition(">")[0]


@contextmanager
def smtp_server(manners: Manners) -> Iterator[int]:
    """Serve on a free port of loopback, and yield the port."""
    handler = type("Handler", (_Handler,), {"manners": manners})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            manners.over.set()
            server.shutdown()
            thread.join()
