from __future__ import annotations

import pytest

from engine.app.history.retry import TRIES, retry_on_conflict
from engine.app.ports.store import ConflictError


def test_a_transaction_that_was_overtaken_is_tried_again() -> None:
    seen: list[int] = []

    def transact() -> str:
        seen.append(len(seen))
        if len(seen) < 4:
            raise ConflictError("case-1")
        return "done"

    assert retry_on_conflict(transact) == "done"
    assert seen == [0, 1, 2, 3]


def test_the_last_conflict_is_raised() -> None:
    seen: list[int] = []

    def transact() -> None:
        seen.append(1)
        raise ConflictError("case-1")

    with pytest.raises(ConflictError, match="case-1"):
        retry_on_conflict(transact)
    assert len(seen) == TRIES


def test_nothing_else_is_tried_again() -> None:
    seen: list[int] = []

    def transact() -> None:
        seen.append(1)
        raise KeyError

    with pytest.raises(KeyError):
        retry_on_conflict(transact)
    assert seen == [1]
