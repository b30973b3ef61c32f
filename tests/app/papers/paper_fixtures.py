"""A store in memory, one case, and a series: what papers need, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case
from engine.lifecycle.model.paper_series import PaperPolicy, PaperSeries
from engine.store.memory.store import MemoryStore

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NOTICE = PaperSeries("notice", "通知书", "{agency}检通〔{year}〕{n}号", ("notice",))
ORDER = PaperSeries("order", "指令书", "{agency}{section}令〔{year}〕{n}号", ("order",))
POLICY = PaperPolicy("示人社", {"labour": "监"}, {"notice": NOTICE, "order": ORDER})


def case_of(number: int = 1, section: str | None = "labour") -> Case:
    """Return a case."""
    return Case(
        id=f"inspection-{number}",
        workflow="inspection",
        version=1,
        state="s",
        rev=1,
        head="ab",
        title="甲",
        section=section,
        opened_at=NOON,
        entered_at=NOON,
    )


@contextmanager
def unit(store: MemoryStore, now: datetime = NOON) -> Iterator[UnitOfWork]:
    """Begin a unit of work that knows the series."""
    process = SimpleNamespace(bureau=SimpleNamespace(papers=POLICY))
    services = SimpleNamespace(definitions=SimpleNamespace(time=SimpleNamespace(zone=UTC)))
    with store.write() as transaction:
        uow: Any = SimpleNamespace(
            transaction=transaction, now=now, services=services, process=lambda _: process
        )
        yield cast("UnitOfWork", uow)
