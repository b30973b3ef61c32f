"""A scripted client: it opens a file, changes it, asks for ids and for a meaning, and ends the session."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from engine.authoring.language_server.messages import read_message, write_message
from engine.authoring.language_server.server import LanguageServer, path_of, serve

FLOW = """workflow: errand
title: 差事
about: none
initial: open
start: {by: section_chief}
states:
  open: {title: 待办, for: section_chief, deadline: {3 days: suggested}}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""


def talk(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a server answers to some messages."""
    incoming, outgoing = BytesIO(), BytesIO()
    for message in messages:
        write_message(incoming, message)
    incoming.seek(0)
    serve(incoming, outgoing)
    outgoing.seek(0)
    found = []
    while (answer := read_message(outgoing)) is not None:
        found.append(dict(answer))
    return found


def test_a_session(tmp_path: Path) -> None:
    uri = (tmp_path / "errand.yaml").as_uri()
    document = {"uri": uri}
    wrong = FLOW.replace("to: closed", "to: closd")
    line = FLOW.split("\n").index("  - {do: finish, title: 完成, from: open, to: closed}")
    found = talk(
        {"id": 1, "method": "initialize", "params": {}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": {**document, "text": FLOW}}},
        {
            "method": "textDocument/didChange",
            "params": {"textDocument": document, "contentChanges": [{"text": wrong}]},
        },
        {
            "id": 2,
            "method": "textDocument/completion",
            "params": {
                "textDocument": document,
                "position": {"line": line, "character": wrong.split("\n")[line].index("closd")},
            },
        },
        {
            "id": 3,
            "method": "textDocument/hover",
            "params": {"textDocument": document, "position": {"line": 4, "character": 15}},
        },
        {"id": 4, "method": "textDocument/rename", "params": {}},
        {"method": "textDocument/didClose", "params": {"textDocument": document}},
        {"id": 5, "method": "shutdown"},
        {"method": "exit"},
        {"id": 6, "method": "shutdown"},
    )
    assert found[0]["result"]["capabilities"]["hoverProvider"] is True
    assert found[1]["params"] == {"uri": uri, "diagnostics": []}
    (problem,) = [one for one in found[2]["params"]["diagnostics"] if one["code"] == "unknown-state"]
    start = problem["range"]["start"]
    assert (start["line"], wrong.split("\n")[line][start["character"] :][:5]) == (line, "closd")
    assert (problem["severity"], problem["source"]) == (1, "ssj")
    assert "closed" in problem["message"]
    assert {one["label"] for one in found[3]["result"]} == {"open", "closed"}
    assert found[4]["result"]["contents"]["value"] == "角色“股室负责人”（section_chief）"
    assert found[5]["error"]["code"] == -32601
    assert found[6]["params"]["diagnostics"] == []
    assert found[7] == {"jsonrpc": "2.0", "id": 5, "result": None}
    assert len(found) == 8


def test_columns_are_counted_in_units_of_utf_16() -> None:
    server = LanguageServer()
    server.documents["file:///x.yaml"] = "title: 𠮷 form"
    assert (
        server.hover({"textDocument": {"uri": "file:///x.yaml"}, "position": {"line": 0, "character": 11}})
        is None
    )
    assert path_of("file:///C:/a%20b.yaml") == Path("C:/a b.yaml")
    assert path_of("file:///srv/a.yaml") == Path("/srv/a.yaml")


def asked(uri: str, line: int, character: int) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}


def opened(uri: str, text: str) -> dict[str, Any]:
    return {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "text": text}}}


WRONG = FLOW.replace("from: open, to: closed", "from: open, to: closed, when: case.nothing == 1")


def test_with_an_error_in_the_file_its_names_are_still_known(tmp_path: Path) -> None:
    uri = (tmp_path / "errand.yaml").as_uri()
    line = next(n for n, one in enumerate(WRONG.split("\n")) if "finish" in one)
    column = WRONG.split("\n")[line].index("to: closed") + 4
    change = {"textDocument": {"uri": uri}, "contentChanges": [{"text": WRONG}]}
    for before in ([], [opened(uri, FLOW)]):
        found = talk(
            *before,
            opened(uri, WRONG) if not before else {"method": "textDocument/didChange", "params": change},
            {"id": 1, "method": "textDocument/completion", "params": asked(uri, line, column)},
            {"id": 2, "method": "textDocument/hover", "params": asked(uri, line, column + 1)},
        )
        assert any(one["severity"] == 1 for one in found[-3]["params"]["diagnostics"])
        assert {one["label"]: one["detail"] for one in found[-2]["result"]} == {
            "open": "待办",
            "closed": "办结",
        }
        assert "办结" in found[-1]["result"]["contents"]["value"]
    # What was sound last says more than the text alone.
    assert "怎样进来" in found[-1]["result"]["contents"]["value"]


@pytest.mark.parametrize("method", ["textDocument/completion", "textDocument/hover"])
@pytest.mark.parametrize(
    ("params", "part"),
    [
        (None, "textDocument"),
        ([], "textDocument"),
        ({"textDocument": {}}, "uri"),
        ({"textDocument": {"uri": "http://["}}, "uri"),
        ({"textDocument": {"uri": "file:///a%00b.yaml"}}, "uri"),
        ({"textDocument": {"uri": "file:///a.yaml"}}, "position"),
        ({"textDocument": {"uri": "file:///a.yaml"}, "position": {"line": 0}}, "character"),
        ({"textDocument": {"uri": "file:///a.yaml"}, "position": {"line": -1, "character": 0}}, "line"),
        ({"textDocument": {"uri": "file:///a.yaml"}, "position": {"line": True, "character": 0}}, "line"),
    ],
)
def test_a_request_that_lacks_something_is_refused_and_the_session_goes_on(
    method: str, params: Any, part: str
) -> None:
    found = talk({"id": 1, "method": method, "params": params}, {"id": 2, "method": "shutdown"})
    assert (found[0]["error"]["code"], part in found[0]["error"]["message"]) == (-32602, True)
    assert found[1]["result"] is None


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"textDocument": {"uri": "file:///a.yaml"}},
        {"textDocument": {"uri": "file:///a.yaml"}, "contentChanges": [{}]},
        {"textDocument": {"uri": "file:///a.yaml"}, "contentChanges": ["x"]},
    ],
)
def test_a_change_that_lacks_something_changes_nothing(params: Any) -> None:
    found = talk({"method": "textDocument/didChange", "params": params}, {"id": 2, "method": "shutdown"})
    assert [one["id"] for one in found] == [2]


def test_a_stream_that_breaks_off_ends_the_session() -> None:
    outgoing = BytesIO()
    serve(BytesIO(b"nonsense\r\n\r\n"), outgoing)
    assert outgoing.getvalue() == b""
