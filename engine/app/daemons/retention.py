"""Removing what is past its term: messages, receipts of requests, records of readings, drafts, sessions.

Histories are chains and lose nothing; what is personal in those of registers and cases stands beside them
(`engine.app.registers.forgetting`). A row that is removed is stated as removed, so that the audit finds it is gone by
right; what it said is in no statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.audit.readings import KINDS
from engine.language import SOURCE_LANGUAGE, Message, current_language, say
from engine.lifecycle.command import ENGINE
from engine.yamltext.resource import read_resource

if TYPE_CHECKING:
    from engine.app.ports.store import Store, Transaction

_FILE = Path(__file__).with_name("retention.yaml")
#: Kinds that stand beside histories: of registers what a change replaced, what those who left had; answers of cases; texts of refusals; people of draws.
REPLACED, LEFT, ANSWERS, REFUSALS, DRAWS = PERSONAL_KINDS = (
    "personal_values",
    "left_entries",
    "answers",
    "refusals",
    "draws",
)
#: Removes at most so many of a kind from before an instant; returns how many there were.
PersonalStep = Callable[["Transaction", str, datetime, int], int]
#: Rows removed in one transaction, so that nobody waits long for it.
STEP = 500
#: No term is longer, in days.
MAX_DAYS = 36_500
#: What was destroyed once and an older backup brought back, in the entry of the history.
AGAIN = "again"
#: The setting that says that what was removed may still be in free pages of the file.
PENDING = "retention/free_pages"


@dataclass(frozen=True, slots=True)
class RetentionTerm:
    """How long rows of a kind are kept, in days, and why."""

    kind: str
    days: int
    least: int
    #: In Chinese and in English.
    titles: tuple[str, str]
    reasons: tuple[str, str]

    @property
    def title(self) -> str:
        """Return what rows of the kind are called, in the language of the process."""
        return self.titles[current_language() != SOURCE_LANGUAGE]

    @property
    def why(self) -> str:
        """Return the reason for the term, in the language of the process."""
        return self.reasons[current_language() != SOURCE_LANGUAGE]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"kind": self.kind, "days": self.days, "title": self.title, "why": self.why}


@cache
def shipped_terms() -> Mapping[str, RetentionTerm]:
    """Return the terms the product comes with."""
    found = read_resource(_FILE)
    if set(found) != {*KINDS, *PERSONAL_KINDS}:
        raise AssertionError(sorted(set(found) ^ {*KINDS, *PERSONAL_KINDS}))
    return {
        kind: RetentionTerm(
            kind,
            body["days"],
            body["least"],
            (body["title"], body["title_en"]),
            (body["why"], body["why_en"]),
        )
        for kind, body in found.items()
    }


def terms(settings: Mapping[str, Any]) -> Mapping[str, RetentionTerm]:
    """Return the terms in force: those of the settings where they are right, else those shipped."""
    own = settings.get("retention")
    given = own if isinstance(own, Mapping) and not wrong_terms(settings) else {}
    return {kind: replace(known, days=given.get(kind, known.days)) for kind, known in shipped_terms().items()}


def wrong_terms(settings: Mapping[str, Any]) -> list[Message]:
    """Return what is wrong with ``retention`` of the settings."""
    own = settings.get("retention") or {}
    problems = []
    for kind, days in own.items():
        term = shipped_terms().get(kind)
        if term is None:
            problems.append(
                say("retention：没有“{seen}”；可用：{known}", seen=kind, known=sorted(shipped_terms()))
            )
        elif type(days) is not int or not term.least <= days <= MAX_DAYS:
            problems.append(
                say(
                    "retention.{kind}：应为 {least} 至 {most} 天，实为“{seen}”",
                    kind=kind,
                    least=term.least,
                    most=MAX_DAYS,
                    seen=days,
                )
            )
    return problems


def forget(
    store: Store,
    now: datetime,
    in_force: Mapping[str, RetentionTerm],
    personal: PersonalStep | None = None,
    again: Callable[[Transaction], int] | None = None,
) -> Mapping[str, int]:
    """Remove what is past its term; return how much of each kind there was. It is entered in the history "office".

    `personal` removes rows of `PERSONAL_KINDS`, which are left alone without it. `again` destroys what had been
    destroyed before the database was restored from an older backup. People call `engine.app.registers.forgetting`.
    """
    removed: dict[str, int] = {}
    if again is not None and (count := retry_on_conflict(lambda: _counted(store, again))):
        removed[AGAIN] = count
    for kind, term in in_force.items():
        if kind in PERSONAL_KINDS and personal is None:
            continue
        before = now - timedelta(days=term.days)
        while count := retry_on_conflict(
            lambda kind=kind, before=before: _counted(store, _step(kind, before, personal))  # type: ignore[misc] # mypy cannot infer a default
        ):
            removed[kind] = removed.get(kind, 0) + count
    if removed:
        retry_on_conflict(lambda: _enter(store, now, removed))
    return removed


def is_pending(store: Store) -> bool:
    """Tell whether bytes of what was removed may still be in the file of the database."""
    with store.read() as transaction:
        return bool(transaction.settings.get(PENDING))


def settle_pending(store: Store) -> None:
    """Note that the file of the database holds nothing any more of what was removed."""

    def transact() -> None:
        with store.write() as transaction:
            transaction.settings.put(PENDING, False)

    retry_on_conflict(transact)


def _step(kind: str, before: datetime, personal: PersonalStep | None) -> Callable[[Transaction], int]:
    if personal is not None and kind in PERSONAL_KINDS:
        return lambda transaction: personal(transaction, kind, before, STEP)
    return lambda transaction: transaction.pruning.prune(kind, before, STEP)


def _counted(store: Store, remove: Callable[[Transaction], int]) -> int:
    """Remove in a transaction of its own; note that bytes of what was removed may be in the file yet."""
    with store.write() as transaction:
        count = remove(transaction)
        if count and not transaction.settings.get(PENDING):
            transaction.settings.put(PENDING, True)
        return count


def _enter(store: Store, now: datetime, removed: Mapping[str, int]) -> None:
    with store.write() as transaction:
        add_entry(transaction, now, "forgotten", ENGINE, {"removed": dict(removed)})
