"""A list of 100,000 tasks costs what one of 100 does: as many statements, as many rows read, hardly more calls."""

from __future__ import annotations

import contextlib
import gc
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from small_bureau import SHANGHAI, small_bureau

from engine.app.people.directory import Directory
from engine.app.queries.people.web_sessions import Visitor
from engine.app.queries.worklist import MAX_COUNTED, TABS, TaskPage, neighbours_of_task, page_of_tasks
from engine.store.codec import task_of
from engine.store.sql import open_store
from engine.store.sql.repositories import tasks as repository
from engine.web.pages import tasks
from engine.web.visit import Answer, PageVisit
from engine.web.workbench import Workbench

FEW, MANY = 100, 100_000
#: What is looked through is not flat, and says so.
FLAT = [tab for tab in TABS if tab != "waiting"]


@pytest.fixture(scope="module")
def offices(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Any]]:
    """Yield the same bureau with few and with many tasks of one role."""
    found = {}
    for size in (FEW, MANY):
        path = tmp_path_factory.mktemp("tasks") / "ssj.db"
        shutil.copy(empty_database, path)
        store = open_store(str(path))
        found[size] = small_bureau(store).application
        columns = (
            "case_id,key,workflow,state,title,case_title,section,assignee,due_on,due_at,provisional,opened_at"
        )
        rows = (
            (
                f"visit-{n:06}",
                "r:clerk@one",
                "visit",
                "there",
                "待走访",
                "示例企业",
                "one",
                None,
                *(
                    (None, None)
                    if n % 10 == 9
                    else (
                        f"2024-{7 + n % 6:02}-{1 + n % 28:02}",
                        f"2024-{7 + n % 6:02}-{1 + n % 28:02}T16:00:00.000000Z",
                    )
                ),
                0,
                "2024-06-01T00:00:00.000000Z",
            )
            for n in range(size)
        )
        with sqlite3.connect(path) as connection:
            # Indexes that are made once all rows are there are made faster.
            indexes = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name='task' AND sql IS NOT NULL"
            ).fetchall()
            for name, _ in indexes:
                connection.execute(f"DROP INDEX {name}")
            connection.executemany(
                f"INSERT INTO task ({columns}) VALUES ({','.join('?' * 12)})",  # noqa: S608 - names of our own
                rows,
            )
            for _, sql in indexes:
                connection.execute(sql)
        connection.close()
    yield found
    for application in found.values():
        application.store.close()


def connections_of_sqlite() -> list[sqlite3.Connection]:
    """Return the connections that are open."""
    found = []
    for connection in gc.get_objects():
        if isinstance(connection, sqlite3.Connection):
            with contextlib.suppress(sqlite3.ProgrammingError):  # closed, and not yet collected
                connection.set_trace_callback(None)
                found.append(connection)
    return found


def database_steps(act: Callable[[], object]) -> int:
    """Return how many hundred instructions SQLite carries out for `act`: rows it reads and does not return count too."""
    act()
    steps = 0

    def note() -> int:
        nonlocal steps
        steps += 1
        return 0

    connections = connections_of_sqlite()
    for connection in connections:
        connection.set_progress_handler(note, 100)
    try:
        act()
    finally:
        for connection in connections:
            connection.set_progress_handler(None, 0)
    return steps


def measured(act: Callable[[], object]) -> tuple[int, int, int]:
    """Return how many statements, rows of tasks and calls `act` costs, once every cache is filled."""
    for _ in range(3):
        act()
    statements: list[str] = []
    rows = calls = 0

    def counted(row: Any) -> Any:
        nonlocal rows
        rows += 1
        return task_of(row)

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    connections = connections_of_sqlite()
    for connection in connections:
        connection.set_trace_callback(statements.append)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(repository, "task_of", counted)
        sys.setprofile(note)
        try:
            act()
        finally:
            sys.setprofile(None)
            for connection in connections:
                connection.set_trace_callback(None)
    return len(statements), rows, calls


@pytest.mark.parametrize("tab", FLAT)
def test_a_page_of_a_long_list_costs_what_one_of_a_short_list_does(tab: str, offices: dict[int, Any]) -> None:
    pages: dict[int, TaskPage] = {}

    def look(size: int) -> tuple[int, int, int]:
        def act() -> None:
            found = page_of_tasks(offices[size], "clerk-1", tab=tab, limit=3)
            assert isinstance(found, TaskPage)
            pages[size] = found

        return measured(act)

    few, many = look(FEW), look(MANY)
    assert few[0] == many[0]
    if len(pages[FEW].lines) == len(pages[MANY].lines):
        assert few[1] == many[1]
        assert many[2] <= few[2] * 1.05
    assert many[1] <= 40
    assert pages[MANY].counts["all"] == MAX_COUNTED + 1


def test_the_middle_of_a_long_list_costs_what_its_beginning_does(offices: dict[int, Any]) -> None:
    place = "2024-10-10T16:00:00.000000Z_visit-050000"

    def page(after: str | None) -> tuple[int, int, int]:
        return measured(lambda: page_of_tasks(offices[MANY], "clerk-1", after=after, limit=50))

    first, middle, last = page(None), page(place), page("~_visit-000009")
    assert first[0] == middle[0] == last[0]
    assert max(first[1], middle[1], last[1]) <= 110
    around = measured(lambda: neighbours_of_task(offices[MANY], "clerk-1", place))
    assert around[1] <= 8


@pytest.mark.parametrize("tab", FLAT)
def test_the_database_works_no_more_for_a_long_list_than_its_counts_say(
    tab: str, offices: dict[int, Any]
) -> None:
    def look(size: int) -> int:
        return database_steps(lambda: page_of_tasks(offices[size], "clerk-1", tab=tab, limit=50))

    few, many = look(FEW), look(MANY)
    # Counts read up to a thousand entries of an index for each tab, `today` those of the days beside it too; reading the list
    # itself would be a hundred times that.
    assert many - few <= 1_200, (few, many)


def processor_time(act: Callable[[], object]) -> int:
    """Return the processor time of some calls, in nanoseconds."""
    begun = time.process_time_ns()
    for _ in range(5):
        act()
    return time.process_time_ns() - begun


@pytest.mark.parametrize("tab", ["all", "section"])
def test_a_page_of_a_long_list_takes_the_processor_hardly_longer(
    tab: str, offices: dict[int, Any], soak: bool
) -> None:
    if not soak:
        pytest.skip("figures of processor time are for `make soak`")
    shown: dict[int, Callable[[], Answer]] = {}
    for size, application in offices.items():
        with application.store.read() as transaction:
            visitor = Visitor(Directory(transaction).all()["clerk-1"], "password")
        visit = PageVisit(
            workbench=Workbench(application, Path("/nonexistent"), SHANGHAI),
            visitor=visitor,
            secret="",
            form_token="0" * 32,
            language="zh_CN",
            method="GET",
            path="/",
            address="/",
            origin="192.0.2.1",
            query={"tab": tab},
        )
        shown[size] = partial(tasks.show, visit)
        assert shown[size]().status == 200
    times: dict[int, list[int]] = {FEW: [], MANY: []}
    for _ in range(60):
        for size, act in shown.items():
            times[size].append(processor_time(act))
    assert min(times[MANY]) <= 1.3 * min(times[FEW]), (min(times[MANY]), min(times[FEW]))
