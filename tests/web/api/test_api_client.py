"""The client in the manual, run against a workbench that is served."""

from __future__ import annotations

import re
import urllib.error
from pathlib import Path
from typing import Any

import pytest
from workbench_fixtures import Desk

from engine.web.serving import bound_socket, make_server, served

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("page", ["use-the-workbench.md", "use-the-workbench.zh-CN.md"])
def test_the_client_of_the_manual(page: str, desk: Desk) -> None:
    text = (ROOT / "docs" / "howto" / page).read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102 - what the manual tells its readers to run
    cases = [desk.bureau.start() for _ in range(60)]
    token = desk.token()["Authorization"].split()[1]
    listening = bound_socket("127.0.0.1", 0)
    with served(make_server(desk.bench), listening):
        client = names["Ssj"](f"http://127.0.0.1:{listening.getsockname()[1]}", token)
        assert [task["case"] for task in client.tasks()] == sorted(cases)
        events, cursor = client.events()
        assert len(events) >= 50
        answers = {"found": "漏签", "count": 3}
        with pytest.raises(urllib.error.HTTPError) as refused:
            client.take(cases[0], "report", {"found": "无", "count": 3}, "key-1")
        assert refused.value.code == 422
        refused.value.close()
        first = client.take(cases[0], "report", answers, "key-2")
        assert (first["state"], first["repeated"]) == ("checking", False)
        while events:
            last, (events, cursor) = events, client.events(cursor)
        assert last[-1]["case"] == cases[0]
