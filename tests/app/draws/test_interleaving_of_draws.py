"""Minutes and anchors of a draw at once, the second begun after every store call of the first: as if one came after the other."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import BATCH, Desk
from interleave import Meeting, plain

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.draws import file_minutes, import_anchor
from engine.app.draws.anchors import anchor_text
from engine.app.ports.store import Store
from engine.kernel.refusal import Refusal

Command = Callable[[Application], object]


def filed(application: Application) -> object:
    return file_minutes(application, Caller("drawer"), BATCH)


def filed_by_another(application: Application) -> object:
    return file_minutes(application, Caller("leading"), BATCH)


def filed_once(application: Application) -> object:
    return file_minutes(application, Caller("drawer", "m-1"), BATCH)


def tried(application: Application) -> object:
    """Try what is refused, and noted in the log of the draw."""
    return application.advance(BATCH, "draw_objects", "drawer")


def anchored(text: str, by: str) -> Command:
    def act(application: Application) -> object:
        return import_anchor(application, Caller("drawer"), BATCH, text.encode(), name="letter.txt", by=by)

    return act


class Schedules:
    """Copies of a deployment, one for every schedule."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._home, self._folder = desk.home, folder
        self._desk, self._numbers = desk, itertools.count()

    @contextmanager
    def opened(self) -> Iterator[Application]:
        copy = self._folder / f"copy-{next(self._numbers)}"
        shutil.copytree(self._home, copy)
        self._desk.home = copy
        with self._desk.application() as application:
            yield application
        shutil.rmtree(copy)

    def run(self, first: Command, second: Command, at: int) -> tuple[Any, int]:
        with self.opened() as application:
            store = application.store

            def act(command: Command) -> Callable[[Store], object]:
                def run(over: Store) -> object:
                    return command(over_another(application, over))

                return run

            if at == 0:
                answers = [plain(act(first), store), plain(act(second), store)]
                return outcome(store, answers), 0
            met = Meeting((store, store), at, one_at_a_time=True).run(act(first), act(second))
            return outcome(store, met.answers), met.calls


def over_another(application: Application, store: Store) -> Application:
    """Return the application as another process opens it: over its own store."""
    made = Application(
        store,
        application.clock,
        application.definitions,
        channels=application.channels,
        settings=application.settings,
    )
    made.renderer = application.renderer
    return made


def outcome(store: Store, answers: list[object]) -> Any:
    with store.read() as transaction:
        assert [str(finding) for finding in verify(transaction)] == []
        row = transaction.records.draw(BATCH)
        assert row is not None
        return (
            sorted((one.kind, one.name) for one in transaction.records.documents(BATCH)),
            sorted(event.kind for event in transaction.events.of(BATCH)),
            len(row.log),
            [isinstance(answer, Refusal) for answer in answers],
        )


@pytest.fixture
def schedules(desk: Desk, tmp_path: Path) -> Schedules:
    desk.drawn()
    return Schedules(desk, tmp_path)


def check(schedules: Schedules, first: Command, second: Command, every: int) -> None:
    one, _ = schedules.run(first, second, 0)
    other, _ = schedules.run(second, first, 0)
    serial = [one, (*other[:3], other[3][::-1])]
    for at in itertools.count(1, every):
        seen, calls = schedules.run(first, second, at)
        assert seen in serial, at
        if calls < at:
            break


@pytest.mark.parametrize(
    "pair", ["minutes", "one request", "anchors", "minutes and anchor", "minutes and refused"]
)
def test_as_if_one_came_after_the_other(pair: str, schedules: Schedules, desk: Desk, soak: bool) -> None:
    text = anchor_text(desk.record())
    first, second = {
        "minutes": (filed, filed_by_another),
        "one request": (filed_once, filed_once),
        "anchors": (anchored(text, "公证处"), anchored(text + "\n", "上级")),
        "minutes and anchor": (filed, anchored(text, "公证处")),
        "minutes and refused": (filed, tried),
    }[pair]
    check(schedules, first, second, 1 if soak else 11)


def test_minutes_at_once_are_two_papers_not_four(schedules: Schedules) -> None:
    for at in (1, 4, 9):
        seen, _ = schedules.run(filed, filed_by_another, at)
        assert [kind for kind, _ in seen[0]] == ["draw_minutes", "draw_minutes"]
