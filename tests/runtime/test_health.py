"""Health answers, asked over loopback."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine import __version__
from engine.runtime.health import HealthServer
from tests.hung_run import HUNG


@contextmanager
def serving(ready) -> Iterator[HealthServer]:
    server = HealthServer(ready, 0)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def ask(server: HealthServer, path: str, method: str = "GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=HUNG)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.headers["Content-Type"].startswith("application/json") or answer.status == 501
        return answer.status, json.loads(body) if body and answer.status != 501 else None
    finally:
        connection.close()


def test_the_three_answers():
    with serving(lambda: {"database": True, "sweep": {"ok": True, "age_seconds": 3}}) as server:
        assert ask(server, "/healthz") == (200, {"alive": True})
        status, body = ask(server, "/readyz?verbose")
        assert status == 200
        assert body == {
            "ready": True,
            "checks": {"database": True, "sweep": {"ok": True, "age_seconds": 3}},
        }
        assert ask(server, "/version") == (200, {"name": "shuangsuiji", "version": __version__})
        assert ask(server, "/healthz", "HEAD") == (200, None)


@pytest.mark.parametrize(
    "checks", [{"database": False}, {"a": True, "b": {"ok": False}}, {"a": {}}, {"a": None}]
)
def test_one_check_that_fails_is_not_ready(checks):
    with serving(lambda: checks) as server:
        status, body = ask(server, "/readyz")
        assert (status, body["ready"]) == (503, False)
        assert body["checks"] == checks
        assert ask(server, "/healthz")[0] == 200


def test_a_check_that_raises_is_not_ready_and_shows_no_traceback():
    def burst():
        raise RuntimeError("unable to open database file")

    with serving(burst) as server:
        status, body = ask(server, "/readyz")
    assert status == 503
    assert body == {"ready": False, "error": "RuntimeError: unable to open database file"}


def test_other_paths_and_methods():
    with serving(dict) as server:
        status, body = ask(server, "/cases")
        assert status == 404
        assert "/readyz" in body["error"]
        assert ask(server, "/healthz", "POST")[0] == 501
        assert ask(server, "/healthz", "DELETE")[0] == 501


def test_it_stays_alive_while_a_check_hangs():
    free = threading.Event()
    with serving(lambda: {"ok": free.wait(HUNG)}) as server:
        asking = threading.Thread(target=ask, args=(server, "/readyz"))
        asking.start()
        assert ask(server, "/healthz")[0] == 200
        free.set()
        asking.join()


def test_noise_on_the_line_does_no_harm():
    with serving(lambda: {"ok": True}) as server:
        for noise in (b"\x16\x03\x01" * 50, b"GET\r\n\r\n", b""):
            with socket.create_connection(("127.0.0.1", server.port), timeout=HUNG) as line:
                line.sendall(noise)
        assert ask(server, "/healthz")[0] == 200


def test_it_listens_on_this_machine_alone():
    with serving(dict) as server:
        assert server._server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_said_and_stopping_twice_gives_it_back():
    first = HealthServer(dict, 0)
    port = first.port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            HealthServer(dict, taken.getsockname()[1])
    first.stop()
    first.stop()
    again = HealthServer(dict, port)
    again.start()
    again.start()
    again.stop()
