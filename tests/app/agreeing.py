"""What two have to agree to, done in a test: proposed by one, confirmed by another, done by the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.app.access.proposals import OPEN, PROPOSED, ROLES, others_who_agree
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.proposals.proposals import confirm
from engine.kernel.refusal import Refusal

T = TypeVar("T")


def agreed(application: Application, act: Callable[[], T | Refusal]) -> T | Refusal:
    """Return what `act` comes to once the first who may agree has agreed; what needs nobody else is done at once."""
    found = act()
    if not isinstance(found, Refusal) or found.reasons[0].code != PROPOSED:
        return found
    with application.store.read() as transaction:
        *_, waiting = [one for one in transaction.proposals.all() if one.status == OPEN]
        who = others_who_agree(transaction, waiting.by, waiting.summary[ROLES])
    assert confirm(application, Caller(who[0]), waiting.id) == waiting.by
    return act()
