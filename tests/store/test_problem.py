from __future__ import annotations

import pytest

from engine.language import say
from engine.store.problem import ReadOnlyTransactionError, StoreUnavailableError


def test_a_store_that_cannot_be_used_says_so_in_the_language_of_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = say("已确认 {count} 条", count=3)
    problem = StoreUnavailableError(message)
    assert problem.message is message
    assert problem.args == ("已确认 {count} 条",)
    monkeypatch.delenv("SSJ_LANG", raising=False)
    assert str(problem) == "已确认 3 条"
    monkeypatch.setenv("SSJ_LANG", "en")
    assert str(problem) == "3 acknowledged"


def test_a_transaction_that_only_reads_names_the_way_to_write() -> None:
    problem = ReadOnlyTransactionError()
    assert isinstance(problem, RuntimeError)
    assert str(problem) == "this transaction only reads; write through Store.write()"
