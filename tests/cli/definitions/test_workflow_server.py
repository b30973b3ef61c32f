from __future__ import annotations

from engine.cli.definitions.workflow import group
from engine.cli.definitions.workflow_server import language_server


def test_the_command_speaks_the_protocol() -> None:
    from command_fixtures import called

    assert language_server in group.commands.values()
    body = b'{"id":1,"method":"shutdown"}'
    said = called(group, "language-server", typed=b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert said.code == 0
    assert said.out.endswith('{"jsonrpc": "2.0", "id": 1, "result": null}')
