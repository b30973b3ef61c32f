"""管理员: the people whom the deployment names to confirm what two have to agree to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.app.people.directory import is_active

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The setting that names them; `init` does first.
SETTING = "administrators"


def named_administrators(transaction: Transaction) -> tuple[str, ...]:
    """Return the ids of the administrators that are named, those who are not there any more or not yet too."""
    return tuple(transaction.settings.get(SETTING) or ())


def name_administrators(transaction: Transaction, people: Sequence[str]) -> None:
    """Name the administrators."""
    transaction.settings.put(SETTING, list(dict.fromkeys(people)))


def other_administrators(transaction: Transaction, person: str) -> list[str]:
    """Return the administrators who work here, `person` left out: any of them can be the second."""
    return [one for one in named_administrators(transaction) if one != person and is_active(transaction, one)]
