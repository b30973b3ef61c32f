"""The workbench served by uvicorn in a thread, and a port that is taken."""

from __future__ import annotations

import urllib.request

import pytest
from workbench_fixtures import Desk

from engine.web.serving import PortTakenError, bound_socket, make_server, served


def test_it_is_served_until_the_block_ends(desk: Desk) -> None:
    listening = bound_socket("127.0.0.1", 0)
    port = listening.getsockname()[1]
    with (
        served(make_server(desk.bench), listening),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer,
    ):
        assert answer.status == 200


def test_a_port_that_is_taken() -> None:
    first = bound_socket("127.0.0.1", 0)
    with pytest.raises(PortTakenError, match="端口"):
        bound_socket("127.0.0.1", first.getsockname()[1])
    first.close()
