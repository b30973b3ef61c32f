"""Which tasks a command for many means."""

from __future__ import annotations

import pytest
from bureau_of_sections import Opened, open_sections

from engine.app.commands.application import NewCase
from engine.app.queries.bulk import TaskFilter, select_tasks
from engine.kernel.refusal import Refusal


@pytest.fixture
def opened() -> Opened:
    found = open_sections()
    found.services.start("errand", "bela", NewCase(title="南片示例"))
    return found


def chosen(opened: Opened, viewer: str, words: str) -> list[str]:
    wanted = TaskFilter.read(words)
    assert isinstance(wanted, TaskFilter)
    found = select_tasks(opened.services, viewer, wanted)
    assert isinstance(found, list)
    return [item.task.case for item in found]


def test_what_is_meant_and_seen(opened: Opened) -> None:
    assert chosen(opened, "lena", "workflow=errand") == [opened.case, "errand-2"]
    assert chosen(opened, "anna", "workflow=errand") == [opened.case]
    assert chosen(opened, "lena", "section=south") == ["errand-2"]
    assert chosen(opened, "lena", "title=南片") == ["errand-2"]
    assert chosen(opened, "lena", "overdue=true") == []
    wanted = TaskFilter({"workflow": "errand"})
    assert isinstance(select_tasks(opened.services, "nobody", wanted), Refusal)
