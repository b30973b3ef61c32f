"""Unusual values that people confirmed: one value of one row each, with a reason, in the history ``confirmed:<kind>``.

What was confirmed once holds while the row says the same; another value is asked for again. So is one of a private column
that was confirmed longer ago than replaced values are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.history.replay import history
from engine.app.history.sealed_texts import Entropy, apart, opened
from engine.app.registers.private_columns import personal_keys_in_force
from engine.app.registers.sealed_values import subject_of
from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say
from engine.register.problem import Unusual
from engine.register.unusual import unusual_rules

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.registers.merge_import import RegisterFile

CONFIRMED = "confirmed"
#: What is kept apart of a confirmed value of a private column: why it is right may quote it.
_APART = ("value", "reason")
#: So many values stand in a sentence; the others are counted.
SHOWN = 10


def confirmations_of(kind: str) -> str:
    """Return the name of the history of what was confirmed in a register."""
    return f"confirmed:{kind}"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person says about one value: that it is right as it is, and why. `column` is its id or its title."""

    id: str
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, str]:
        """Return plain values."""
        return {"id": self.id, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ConfirmedValue:
    """One value a rule finds unusual, and who confirmed it."""

    unusual: Unusual
    #: The title of the column.
    title: str
    reason: str
    #: None where it is being confirmed now.
    by: str | None = None
    at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as they stand in a history."""
        return {
            "id": self.unusual.id,
            "column": self.unusual.column,
            "value": self.unusual.seen,
            "rule": self.unusual.rule,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any], title: str) -> ConfirmedValue:
        """Return what `as_json` wrote, as it is confirmed now, of a column of that title."""
        unusual = Unusual(body["rule"], body["id"], body["column"], body["value"])
        return cls(unusual, title, body["reason"])

    def sentence(self) -> Message:
        """Return what was confirmed, by whom and why."""
        words = {
            "id": self.unusual.id,
            "column": self.title,
            "value": self.unusual.seen,
            "rule": unusual_rules()[self.unusual.rule].title,
            "reason": self.reason,
        }
        if self.by is None:
            return say("现予确认（{rule}）：{id} 的“{column}”为“{value}”，理由：{reason}", **words)
        return say(
            "已由 {by} 确认（{rule}）：{id} 的“{column}”为“{value}”，理由：{reason}", by=self.by, **words
        )


@dataclass(frozen=True, slots=True)
class SettledFile:
    """A file with the unusual values that are confirmed taken as they are."""

    file: RegisterFile
    #: Confirmed before, and met in this file again.
    before: tuple[ConfirmedValue, ...]
    #: Confirmed with this file.
    now: tuple[ConfirmedValue, ...]


@dataclass(frozen=True, slots=True)
class SettledValues:
    """The unusual values that are confirmed: before, and met again; and now."""

    before: tuple[ConfirmedValue, ...] = ()
    now: tuple[ConfirmedValue, ...] = ()

    @property
    def taken(self) -> frozenset[Unusual]:
        """Return the values that are taken as they are."""
        return frozenset(one.unusual for one in (*self.before, *self.now))


def settle(
    transaction: Transaction, kind: str, file: RegisterFile, given: Sequence[Confirmation]
) -> SettledFile | RefusalReason:
    """Return a file with its confirmed values settled, by what was confirmed before and what is `given`.

    A confirmation that fits no unusual value of the file is a reason to refuse: it was meant for something else.
    """
    found = [one.unusual for one in file.reading.problems if one.unusual is not None]
    titles = {name: title for title, name, _ in file.reading.mapping}
    settled = settle_values(transaction, kind, found, titles, given)
    if isinstance(settled, RefusalReason):
        return settled
    if not settled.taken:
        return SettledFile(file, (), ())
    return SettledFile(
        replace(file, reading=file.reading.confirmed(settled.taken)), settled.before, settled.now
    )


def settle_values(
    transaction: Transaction,
    kind: str,
    found: Sequence[Unusual],
    titles: Mapping[str, str],
    given: Sequence[Confirmation],
    *,
    in_file: bool = True,
) -> SettledValues | RefusalReason:
    """Return which of the unusual values `found` are confirmed, by what was confirmed before and what is `given`.

    `titles` has the titles of columns by their ids; `in_file` says whether the values stand in a file. A confirmation that fits none of them is a reason to refuse, as is
    one without a reason of its own.
    """
    if not found and not given:
        return SettledValues()
    known = dict(_known(transaction, kind, titles))
    before = {one: known[one] for one in found if one in known}
    wanted = {_key(one.id, one.column, one.value): one for one in given}
    now: dict[Unusual, ConfirmedValue] = {}
    used = set()
    for one in found:
        for column in (one.column, titles.get(one.column, "")):
            confirmation = wanted.get(_key(one.id, column, one.seen))
            if confirmation is not None:
                used.add(confirmation)
                if one not in before:
                    now[one] = ConfirmedValue(one, titles.get(one.column, one.column), confirmation.reason)
    if unused := [one for one in given if one not in used]:
        shown = [f"{one.id}/{one.column}={one.value}" for one in unused[:SHOWN]]
        message = (
            say("文件里没有这样一处可以确认的内容：{values}", values=shown)
            if in_file
            else say("所填的没有这样一处可以确认的内容：{values}", values=shown)
        )
        return RefusalReason("confirmation", message, next=NextAction("see_unusual"))
    if any(not clean(one.reason) for one in now.values()):
        return RefusalReason("reason", say("确认须写明理由"), next=NextAction("give_reason"))
    return SettledValues(tuple(before.values()), tuple(now.values()))


def answers_in_history(settled: SettledFile) -> dict[str, Any]:
    """Return what was confirmed and answered with a file, as it stands in the history of the import."""
    body: dict[str, Any] = {}
    if settled.now:
        body["confirmed"] = [one.as_json() for one in settled.now]
    hidden = settled.file.reading.hidden
    if hidden is not None and settled.file.hidden is not None:
        body["hidden"] = {**hidden.as_json(), "answer": settled.file.hidden.value}
    return body


def keep(
    transaction: Transaction,
    now: datetime,
    kind: str,
    values: Sequence[ConfirmedValue],
    by: str,
    entropy: Entropy | None = None,
) -> None:
    """Enter what was confirmed into its history; of private columns the value and the reason stand beside it.

    Whose they are is the history and the entry: a row of the register that is younger is not touched with them.
    """
    keys = personal_keys_in_force(transaction, kind) if values else ()
    stream = confirmations_of(kind)
    for one in values:
        body = one.as_json()
        if one.unusual.column in keys:
            parts = {name: body[name] for name in _APART}
            subject = subject_of(stream, one.unusual.id)
            what = f" {one.unusual.column} {one.unusual.rule}"
            body |= apart(transaction, now, subject, parts, entropy, what)
        add_entry(transaction, now, CONFIRMED, by, body, stream=stream)


def _known(
    transaction: Transaction, kind: str, titles: Mapping[str, str]
) -> Iterator[tuple[Unusual, ConfirmedValue]]:
    events = list(history(transaction, confirmations_of(kind)))
    # A value that is past its term is unlike every other: it is asked for again.
    for event, body in zip(events, opened(transaction, [one.body for one in events]), strict=True):
        one = Unusual(body["rule"], body["id"], body["column"], body["value"])
        title = titles.get(one.column, one.column)
        yield one, ConfirmedValue(one, title, body["reason"], event.actor, event.at)


def _key(entry_id: str, column: str, value: str) -> tuple[str, str, str]:
    return clean(entry_id), clean(column), clean(value)
