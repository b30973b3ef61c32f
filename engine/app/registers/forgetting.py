"""Destroying personal values that are past their term, of registers and of cases, and those an older backup brought back.

Texts of refusals go with their own term. Two terms of registers: of values that a change replaced or removed, counted from that change; and of the private columns of whoever
has left (an entry whose status is not active), counted from the last change of the entry. Of cases see `engine.app.papers.forgetting_answers`. Whose values are destroyed,
and from before when, stands in a list outside the database too: a backup from before is held against it when it is
restored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from engine.app.daemons import retention
from engine.app.daemons.retention import ANSWERS, DRAWS, REFUSALS, REPLACED, STEP
from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.papers.forgetting_answers import CASE, destroy_answers, past_their_file
from engine.app.ports.audit.personal_values import OF_REFUSALS, DestroyedKey
from engine.app.registers.changes import stream_of
from engine.app.registers.forgetting_draws import DRAW, draws_past, forget_draws
from engine.app.registers.private_columns import personal_keys_in_force
from engine.app.registers.private_values import private_values_of
from engine.app.registers.sealed_values import subject_of
from engine.app.sign_in.attempts import COUNTING, destroy_secret
from engine.kernel.budget import JSON_ERRORS, OWN_NOTE, read_json
from engine.kernel.instants import from_text, to_text
from engine.language import say
from engine.lifecycle.command import ENGINE

if TYPE_CHECKING:
    from engine.app.daemons.retention import RetentionTerm
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: Is given whose values are about to be destroyed, before they are.
Noting = Callable[[Sequence[DestroyedKey]], None]
ACTIVE = "active"
#: The kind of the terms that failed sign-ins go by.
SIGN_INS = "sign_in_attempts"
#: The name of the list in the folder of a deployment.
DESTROYED = "destroyed-keys.jsonl"


def forget(
    services: Services,
    now: datetime,
    in_force: Mapping[str, RetentionTerm],
    listed: Sequence[DestroyedKey] = (),
    note: Noting = lambda _: None,
) -> Mapping[str, int]:
    """Remove everything that is past its term; return how much of each kind there was.

    `listed` is what was destroyed before the database was restored from an older backup: it is destroyed again.
    `note` is given whose private values are about to be destroyed, before they are.
    """
    files = (
        past_their_file(services, now, in_force[ANSWERS].days, private_values_of)
        if ANSWERS in in_force
        else ()
    )
    if files:
        note(files)

    def past(transaction: Transaction, kind: str, before: datetime, limit: int) -> int:
        if kind == ANSWERS:
            return destroy_answers(services, transaction, now, files, limit, private_values_of)
        if kind == DRAWS:
            draws = draws_past(transaction, before, limit)
            note(draws)
            return forget_draws(services, transaction, now, draws)
        return destroy_past(transaction, now, kind, before, limit, note)

    def again(transaction: Transaction) -> int:
        cases = [key for key in listed if key.subject.startswith(CASE)]
        draws = [key for key in listed if key.subject.startswith(DRAW)]
        others = [key for key in listed if not key.subject.startswith((CASE, DRAW))]
        return (
            destroy_listed(transaction, now, others)
            + destroy_answers(services, transaction, now, cases, len(cases), private_values_of)
            + forget_draws(services, transaction, now, draws)
        )

    if SIGN_INS in in_force:
        retry_on_conflict(partial(_destroy_secret, services, now, in_force[SIGN_INS].days))
    return retention.forget(services.store, now, in_force, past, again if listed else None)


def _destroy_secret(services: Services, now: datetime, days: int) -> None:
    """Destroy the secret by which failed sign-ins are counted, at their term; the next one makes another."""
    with services.store.read() as transaction:
        if not transaction.settings.get(COUNTING):
            return
    with services.store.write() as transaction:
        if destroy_secret(transaction, now - timedelta(days=days)):
            transaction.settings.put(retention.PENDING, True)


def destroy_past(
    transaction: Transaction, now: datetime, kind: str, before: datetime, limit: int, note: Noting
) -> int:
    """Destroy at most `limit` values of registers, or texts of refusals, from before an instant; return how many there were."""
    if kind in (REPLACED, REFUSALS):
        subject = OF_REFUSALS if kind == REFUSALS else None
        found = transaction.personal_values.past(before, limit, subject)
        # Of one subject the last says it for all before it.
        last = {one.subject: DestroyedKey(one.subject, one.at) for one in found}
        note(list(last.values()))
        transaction.personal_values.destroy([one.id for one in found])
        return len(found)
    left = _left(transaction, before, limit)
    note([DestroyedKey(subject_of(entry.kind, entry.id), at) for entry, at in left])
    return _strip(transaction, now, [entry for entry, _ in left])


def destroy_listed(transaction: Transaction, now: datetime, listed: Iterable[DestroyedKey]) -> int:
    """Destroy what a list says is destroyed, in a database from before; return how many values and entries that were."""
    count, listed = 0, list(listed)
    gone: set[str] = set()
    stripped: dict[tuple[str, str], RegisterEntry] = {}
    refused = max((key.until for key in listed if key.subject == OF_REFUSALS), default=None)
    while refused is not None and (
        past := transaction.personal_values.past(refused + timedelta(microseconds=1), STEP, OF_REFUSALS)
    ):
        transaction.personal_values.destroy([one.id for one in past])
        count += len(past)
    for key in listed:
        if key.subject == OF_REFUSALS:
            continue
        gone |= {one.id for one in transaction.personal_values.of_subject(key.subject) if one.at <= key.until}
        kind, _, entry_id = key.subject.partition("/")
        entry = transaction.registers.get(kind, entry_id)
        at = transaction.registers.changed_at(kind, entry_id)
        # Of the very instant of the change: the row is what came of it. Of before: what it replaced.
        left = entry is not None and entry.data.get("status", ACTIVE) != ACTIVE
        if entry is not None and at is not None and (at < key.until or (left and at == key.until)):
            stripped[kind, entry_id] = entry
    transaction.personal_values.destroy(sorted(gone))
    return count + len(gone) + _strip(transaction, now, list(stripped.values()))


def list_text(keys: Iterable[DestroyedKey]) -> str:
    """Return the lines of the list."""
    return "".join(
        json.dumps({"subject": one.subject, "until": to_text(one.until)}, ensure_ascii=False) + "\n"
        for one in keys
    )


class DamagedListError(ValueError):
    """A line of a list of what is destroyed is none."""


def read_list(text: str) -> list[DestroyedKey]:
    """Return what the lines of a list say. Raises DamagedListError with the number of the line."""
    found = []
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, start=1):
        try:
            body = read_json(line.encode(), OWN_NOTE)
            found.append(DestroyedKey(str(body["subject"]), from_text(body["until"])))
        except (KeyError, TypeError, AttributeError, *JSON_ERRORS):
            raise DamagedListError(
                say("第 {number} 行不是清单的一行：{line}", number=number, line=repr(line))
            ) from None
    return found


def _left(transaction: Transaction, before: datetime, limit: int) -> list[tuple[RegisterEntry, datetime]]:
    """Return entries of whoever has left, unchanged since `before`, whose private columns are there."""
    found: list[tuple[RegisterEntry, datetime]] = []
    for kind in transaction.registers.summary():
        keys = personal_keys_in_force(transaction, kind)
        for entry, at in transaction.registers.unchanged_since(kind, before):
            if entry.data.get("status", ACTIVE) != ACTIVE and any(entry.data.get(name) for name in keys):
                found.append((entry, at))
                if len(found) == limit:
                    return found
    return found


def _strip(transaction: Transaction, now: datetime, entries: Sequence[RegisterEntry]) -> int:
    """Take the private columns out of entries, and enter it in the history of each register; return how many those were."""
    kinds: dict[str, list[RegisterEntry]] = {}
    for entry in entries:
        keys = personal_keys_in_force(transaction, entry.kind)
        if keys & set(entry.data):
            data = {name: value for name, value in entry.data.items() if name not in keys}
            kinds.setdefault(entry.kind, []).append(replace(entry, data=data))
    for kind, put in kinds.items():
        transaction.registers.put(put, now)
        add_entry(transaction, now, "forgotten", ENGINE, {"ids": [one.id for one in put]}, stream_of(kind))
    return sum(map(len, kinds.values()))
