"""The night asks for the cases whose day has come, and looks at those that were written since the night before."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from test_forgetting_answers import BEGIN, closed, office

from engine.app.papers.files_due import PLACE, _written, cases_due, leave_queue
from engine.app.ports.audit.personal_values import OF_FILES
from engine.store.memory.history import MemoryCases

OVER = BEGIN + timedelta(days=366 + 11)


def queued(application: Any) -> list[str]:
    with application.store.read() as transaction:
        return [one.id for one in transaction.personal_values.of_subject(OF_FILES)]


def test_a_night_reads_no_case_whose_day_has_not_come(monkeypatch: Any) -> None:
    application = office()
    cases = [closed(application, "filed") for _ in range(30)]
    assert cases_due(application, BEGIN, 10) == []
    assert len(queued(application)) == len(cases)

    read = Counter[str]()
    for name in ("get", "find"):
        real = getattr(MemoryCases, name)

        def counted(self: Any, *words: Any, name: str = name, real: Any = real, **more: Any) -> Any:
            read[name] += 1
            return real(self, *words, **more)

        monkeypatch.setattr(MemoryCases, name, counted)
    for number in range(1, 9):
        assert cases_due(application, BEGIN + timedelta(days=number), 10) == []
    assert read == {}
    # Closed since the night before: it and what is below it.
    closed(application, "filed")
    read.clear()
    assert cases_due(application, BEGIN + timedelta(days=9), 10) == []
    assert sum(read.values()) <= 6
    assert len(queued(application)) == len(cases) + 1
    assert sorted(one.id for one in cases_due(application, OVER, 10))[:1] == [cases[0]]


def test_another_term_puts_all_at_their_days_again() -> None:
    application = office()
    case = closed(application, "filed")
    assert cases_due(application, OVER, 365) == []
    assert [one.id for one in cases_due(application, OVER, 10)] == [case]
    with application.store.write() as transaction:
        place = transaction.settings.get(PLACE)
        assert place is not None
        assert place["days"] == 10
        leave_queue(transaction, case)
    assert cases_due(application, OVER, 10) == []


def test_the_cases_that_statements_name() -> None:
    rows = '[["case",["a"],"00"],["case.carried",["b"],"00"],["task",["c","x"],null]]'
    assert list(_written([rows, '[["task",["case"],"00"]]'])) == ["a", "b"]
