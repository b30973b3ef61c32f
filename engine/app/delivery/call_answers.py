"""What other systems have answered to calls, kept until the step that waits for it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import Timer
from engine.lifecycle.process import ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.app.ports.records import OutboxItem
    from engine.app.ports.store import Transaction


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """The answer of one system to one call; `item` is the id of the call in the outbox."""

    item: str
    system: str
    data: Mapping[str, Any]


def keep_answer(transaction: Transaction, item: OutboxItem, answer: Mapping[str, Any], now: datetime) -> None:
    """Keep an answer in the transaction that marks the call as sent, and have its case looked at at once."""
    if item.case is None:
        return
    name = ANSWER + item.id
    transaction.settings.put(name, {"system": str(item.payload.get("system", "")), "data": dict(answer)})
    transaction.timers.put([Timer(item.case, name, now, False)])


def kept_answer(transaction: Transaction, timer: str) -> CallAnswer | None:
    """Return the answer a timer is about; None where it was taken before."""
    kept: Any = transaction.settings.get(timer)
    return None if kept is None else CallAnswer(timer.removeprefix(ANSWER), kept["system"], kept["data"])


def forget_answer(transaction: Transaction, timer: str) -> None:
    """Forget an answer that is in the history of its case."""
    transaction.settings.drop(timer)
