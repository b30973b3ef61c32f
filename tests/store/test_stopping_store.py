"""Long work is left between two transactions when the process is to stop, and done at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bureau_factories import Bureau

from engine.app.ports.store import UnavailableError
from engine.app.timers import fire_due as firing
from engine.lifecycle.case import EventKind
from engine.store.memory import MemoryStore
from engine.store.memory.store import MemoryTransaction
from engine.store.stopping_store import StoppingError, StoppingStore

SHORT = """
workflow: short
title: 短件
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 1 working days, basis: 条例 第一条}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done}
"""


class Stopped(MemoryStore):
    """A store after so many transactions of which somebody asks the process to stop."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after
        self.begun = 0

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        self.begun += 1
        with super().write() as transaction:
            yield transaction

    def stopping(self) -> bool:
        """Tell whether enough was begun."""
        return self.begun >= self.after


def test_nothing_is_begun_once_the_process_is_to_stop() -> None:
    behind = Stopped(after=1)
    store = StoppingStore(behind, behind.stopping)
    store.check()
    with store.hold("a") as held:
        assert held
    with store.write() as transaction:
        transaction.settings.put("seen", 1)
    for begin in (store.write, store.read, lambda: store.hold("a")):
        with pytest.raises(StoppingError):
            begin()
    with pytest.raises(UnavailableError):
        store.check()
    with behind.read() as transaction:
        assert transaction.settings.get("seen") == 1


def test_a_sweep_is_left_between_two_transactions_and_the_rest_is_fired_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(firing, "BATCH", 2)
    behind = Stopped(after=10_000)
    bureau = Bureau(SHORT, store=behind)
    cases = [bureau.start("short") for _ in range(5)]
    bureau.clock.advance(max(bureau.timers(cases[0]).values()) - bureau.clock.now())

    def overdue() -> int:
        return sum(kind == EventKind.OVERDUE for case in cases for kind in bureau.kinds(case))

    before = overdue()
    behind.begun, behind.after = 0, 1
    bureau.application.store = StoppingStore(behind, behind.stopping)
    with pytest.raises(StoppingError):
        firing.fire_due(bureau.application)
    first = overdue()
    bureau.application.store = behind
    firing.fire_due(bureau.application)
    assert before == 0
    assert bureau.incidents() == []
    assert 0 < first < overdue()
