"""Values that stand beside a history and not in it: the history has an id and a place in their stead.

Once the row of `personal_value` is destroyed the history verifies as before, and nobody reads the values again. The same
for a row of another table that lasts as long as the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.ports.audit.personal_values import PersonalValue
from engine.kernel.instants import to_text
from engine.lifecycle.forms.personal import FORGOTTEN

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: Random bytes, of so many as are asked for; the text says what for.
Entropy = Callable[[str, int], bytes]
SEALED = "sealed"
_BYTES = 16


def personal_value(
    now: datetime, subject: str, values: Mapping[str, Any], entropy: Entropy, what: str = ""
) -> PersonalValue:
    """Return a row with an id of its own. `what` tells rows of one subject and one instant apart."""
    return _row(now, subject, values, entropy, f"personal value {subject} {to_text(now)}{what}")


def _row(
    now: datetime, subject: str, values: Mapping[str, Any], entropy: Entropy, purpose: str
) -> PersonalValue:
    random = entropy(purpose, 2 * _BYTES)
    return PersonalValue(random[:_BYTES].hex(), subject, now, random[_BYTES:].hex(), values)


def under_one_id(
    transaction: Transaction,
    now: datetime,
    subject: str,
    values: Mapping[str, Any],
    entropy: Entropy,
    purpose: str,
) -> str:
    """Keep values under one id and return it: for an entry that has nothing in their places. `purpose` tells ids apart."""
    row = _row(now, subject, values, entropy, purpose)
    transaction.personal_values.add([row])
    return row.id


def apart(
    transaction: Transaction,
    now: datetime,
    subject: str,
    values: Mapping[str, Any],
    entropy: Entropy | None,
    what: str = "",
) -> dict[str, Any]:
    """Keep values under one id, and return what to write in their places.

    Without `entropy` they stay where they are: an id that can be guessed would let the values be guessed.
    """
    if entropy is None or not values:
        return dict(values)
    row = personal_value(now, subject, values, entropy, what)
    transaction.personal_values.add([row])
    return {place: {SEALED: row.id, "at": place} for place in values}


def is_sealed(value: Any) -> bool:
    """Tell whether a value is in the place of one that is kept apart."""
    return isinstance(value, Mapping) and set(value) == {SEALED, "at"}


def kept_under(transaction: Transaction, ids: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return the values that are kept under each of these ids; an id whose values are destroyed is left out."""
    wanted = sorted(set(ids))
    found = transaction.personal_values.some(wanted) if wanted else {}
    return {one: row.values for one, row in found.items()}


def opened(transaction: Transaction, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return bodies with the values of theirs that are kept apart; `FORGOTTEN` in the place of those that are destroyed."""
    kept = kept_under(
        transaction, (value[SEALED] for body in bodies for value in body.values() if is_sealed(value))
    )

    def one(value: Any) -> Any:
        if not is_sealed(value):
            return value
        return kept.get(value[SEALED], {}).get(value["at"], FORGOTTEN)

    return [{name: one(value) for name, value in body.items()} for body in bodies]
