"""管理员: the people whom the deployment names to confirm what two have to agree to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.app.people.directory import is_active

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The setting that names them; `init` does first.
SETTING = "keepers"


def named_keepers(transaction: Transaction) -> tuple[str, ...]:
    """Return the ids of the keepers that are named, those who are not there any more or not yet too."""
    return tuple(transaction.settings.get(SETTING) or ())


def name_keepers(transaction: Transaction, people: Sequence[str]) -> None:
    """Name the keepers."""
    transaction.settings.put(SETTING, list(dict.fromkeys(people)))


def other_keepers(transaction: Transaction, person: str) -> list[str]:
    """Return the keepers who work here, `person` left out: any of them can be the second."""
    return [one for one in named_keepers(transaction) if one != person and is_active(transaction, one)]
