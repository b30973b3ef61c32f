"""Personal values of a register stand beside its history and not in it: the history has the id of what is kept apart.

Of a line of the history (imported, taken back, entered, changed) each entry's values in private columns, and in others that name a person, are one row of
`personal_value`. What is destroyed leaves its id: the history verifies as before, and nobody reads the values again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.app.history.sealed_texts import SEALED, Entropy, is_sealed, kept_under, personal_value
from engine.app.registers.private_columns import personal_keys_in_force
from engine.lifecycle.forms.personal import FORGOTTEN

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

Body = dict[str, Any]


def seal_values(
    transaction: Transaction, now: datetime, kind: str, body: Mapping[str, Any], entropy: Entropy | None
) -> Body:
    """Return the body of a line of the history of a register without private values, which are kept apart.

    Without `entropy` they stay where they are: an id that can be guessed would let the values be guessed.
    """
    keys = personal_keys_in_force(transaction, kind)
    found: dict[str, dict[str, Any]] = {}
    if entropy is not None:
        for entry_id, place, value in _private(body, keys):
            if value is not None:
                found.setdefault(entry_id, {})[place] = value
    if not found or entropy is None:
        return dict(body)
    rows = {
        entry_id: personal_value(now, subject_of(kind, entry_id), values, entropy)
        for entry_id, values in found.items()
    }
    transaction.personal_values.add(list(rows.values()))
    return _with(
        body,
        keys,
        lambda entry_id, place, value: value if value is None else {SEALED: rows[entry_id].id, "at": place},
    )


def open_values(transaction: Transaction, kind: str, body: Mapping[str, Any]) -> Body:
    """Return the body with the values that are kept apart; `FORGOTTEN` in the place of those that are destroyed."""
    keys = personal_keys_in_force(transaction, kind)
    ids = {value[SEALED] for _, _, value in _private(body, keys) if is_sealed(value)}
    if not ids:
        return dict(body)
    kept = kept_under(transaction, ids)

    def opened(_entry: str, _place: str, value: Any) -> Any:
        return kept.get(value[SEALED], {}).get(value["at"], FORGOTTEN) if is_sealed(value) else value

    return _with(body, keys, opened)


def forgotten_in(transaction: Transaction, kind: str, body: Mapping[str, Any]) -> bool:
    """Tell whether values of a line are destroyed."""
    keys = personal_keys_in_force(transaction, kind)
    ids = {value[SEALED] for _, _, value in _private(body, keys) if is_sealed(value)}
    return len(kept_under(transaction, ids)) < len(ids)


def subject_of(kind: str, entry_id: str) -> str:
    """Return what the values of an entry are kept under."""
    return f"{kind}/{entry_id}"


def _private(body: Mapping[str, Any], keys: frozenset[str]) -> Iterator[tuple[str, str, Any]]:
    """Yield the private values of a line: entry, place in the line, value."""
    found: list[tuple[str, str, Any]] = []

    def noted(entry_id: str, place: str, value: Any) -> Any:
        found.append((entry_id, place, value))
        return value

    _with(body, keys, noted)
    yield from found


def _with(body: Mapping[str, Any], keys: frozenset[str], made: Callable[[str, str, Any], Any]) -> Body:
    """Return a line with each private value made anew by `made`, which is given entry, place and value."""
    out = dict(body)
    if isinstance(data := body.get("data"), Mapping):
        out["data"] = _row(data, keys, lambda name, value: made(str(body.get("id")), name, value))
    if confirmed := body.get("confirmed"):
        out["confirmed"] = [
            {
                **one,
                "value": made(one["id"], f"confirmed.{number}", one["value"]),
                # Why a value is right may quote it.
                "reason": made(one["id"], f"confirmed.{number}.reason", one["reason"]),
            }
            if one["column"] in keys
            else one
            for number, one in enumerate(confirmed)
        ]
    changes = body.get("changes")
    if not isinstance(changes, Mapping):
        return out
    parts = dict(changes)
    if changed := changes.get("changed"):
        parts["changed"] = {
            entry_id: {
                name: [
                    made(entry_id, f"{name}.{side}", one)
                    for side, one in zip(("old", "new"), pair, strict=True)
                ]
                if name in keys
                else pair
                for name, pair in columns.items()
            }
            for entry_id, columns in changed.items()
        }
    if removed := changes.get("removed"):
        parts["removed"] = {
            entry_id: {**row, "data": _row(row.get("data", {}), keys, partial(_was, made, entry_id))}
            for entry_id, row in removed.items()
        }
    return {**out, "changes": parts}


def _was(made: Callable[[str, str, Any], Any], entry_id: str, name: str, value: Any) -> Any:
    return made(entry_id, f"was.{name}", value)


def _row(data: Mapping[str, Any], keys: frozenset[str], made: Callable[[str, Any], Any]) -> Body:
    return {name: made(name, value) if name in keys else value for name, value in data.items()}
