"""Time stamps over HTTP from a made-up authority on this machine: right ones are kept, others are refused in a sentence."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from time_stamp_authority import OPENSSL, openssl

from engine.app.audit.signed_heads.time_stamp import read_time_stamp
from engine.app.ports.audit.heads import TimeStampError
from engine.runtime.time_stamps import HttpTimeStampAuthority


class Authority(BaseHTTPRequestHandler):
    """Answers as an authority does, or as its `mode` says."""

    folder: Path
    mode = "right"

    def do_POST(self) -> None:
        query = self.folder / "asked.tsq"
        query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = 200, b"no time stamp"
        if self.mode == "right":
            reply = self.folder / "answer.tsr"
            openssl(
                *("ts", "-reply", "-queryfile", query, "-config", self.folder / "tsa.cnf", "-section", "own"),
                *("-signer", self.folder / "tsa.pem", "-inkey", self.folder / "tsa.key", "-out", reply),
            )
            answer = reply.read_bytes()
        elif self.mode == "kept":
            answer = (self.folder / "answer.tsr").read_bytes()
        elif self.mode == "broken":
            status = 500
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
        del format, args


@pytest.fixture(scope="module")
def served(authority: Path) -> Iterator[str]:
    Authority.folder = authority
    with ThreadingHTTPServer(("127.0.0.1", 0), Authority) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def asked(url: str, authority: Path, name: str = "ca.pem") -> HttpTimeStampAuthority:
    return HttpTimeStampAuthority(url, authority / name, 20)


def test_a_right_answer_is_kept_and_openssl_finds_it_right(served: str, authority: Path) -> None:
    Authority.mode = "right"
    token = asked(served, authority).stamp(b"head")
    assert read_time_stamp(token).covers(b"head")
    (authority / "head.txt").write_bytes(b"head")
    (authority / "head.tsr").write_bytes(token)
    assert OPENSSL
    run = ("ts", "-verify", "-data", authority / "head.txt", "-in", authority / "head.tsr")
    subprocess.run([OPENSSL, *run, "-CAfile", authority / "ca.pem"], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("mode", "ca", "sentence"),
    [
        ("right", "other.pem", "核验不过"),
        ("kept", "ca.pem", "核验不过"),
        ("text", "ca.pem", "核验不过"),
        ("broken", "ca.pem", "500"),
        ("right", "absent.pem", "不能读取"),
    ],
)
def test_a_wrong_answer_is_not(mode: str, ca: str, sentence: str, served: str, authority: Path) -> None:
    Authority.mode = mode
    with pytest.raises(TimeStampError) as found:
        asked(served, authority, ca).stamp(b"another head")
    assert sentence in str(found.value.message)


def test_nobody_answers(authority: Path) -> None:
    with pytest.raises(TimeStampError, match="联系不上"):
        asked("http://127.0.0.1:9/", authority).stamp(b"head")


def test_without_the_library(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(TimeStampError, match="timestamps"):
        asked("http://127.0.0.1:9/", authority).stamp(b"head")
