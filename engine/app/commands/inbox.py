"""Acknowledging what a person was sent, and choosing what they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.app.access.command import CommandContext, command
from engine.app.execution.execute import execute
from engine.app.people.message_preferences import (
    KINDS,
    SETTING,
    STREAM,
    WantedMessages,
    choices_of,
    preferences_in,
)
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import Actor
from engine.lifecycle.verbs.asking.circulate import Read, unread

#: Everything somebody has not acknowledged is taken at once; nobody has more than this.
MAX_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The ids that are acknowledged now and were not before, and those that are not in the person's inbox."""

    marked: tuple[str, ...]
    strange: tuple[str, ...]
    person: str

    @property
    def problems(self) -> tuple[RefusalReason, ...]:
        """Return what could not be done."""
        return tuple(
            RefusalReason(
                "message",
                say("“{person}”的收件箱里没有消息“{id}”", person=self.person, id=one),
                next=NextAction("list_inbox", {"person": self.person}),
            )
            for one in self.strange
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"marked": self.marked, "strange": self.strange, "person": self.person}


def _from_json(body: Mapping[str, Any]) -> Acknowledged:
    return Acknowledged(tuple(body["marked"]), tuple(body["strange"]), body["person"])


@command("inbox.change", about="person", decode=_from_json)
def acknowledge(context: CommandContext, person: str, ids: Sequence[str] | None = None) -> Acknowledged:
    """Note that `person` has read entries of their own inbox, all of them without `ids`.

    Of a copy of a case (传阅、抄送) that is the receipt, which goes into the history of the case. Acknowledging twice does no harm and changes nothing.
    """
    entries = context.transaction.inbox.of(person, unacked=ids is None, limit=MAX_ENTRIES)
    mine = {entry.id for entry in entries}
    wanted = sorted(mine if ids is None else mine.intersection(ids))
    marked = context.transaction.inbox.ack(person, wanted, context.now)
    if marked:
        context.record("acknowledged", {"messages": marked})
        read = {
            entry.case
            for entry in entries
            if entry.id in marked and entry.case and entry.about == EventKind.CIRCULATED.value
        }
        if read:
            uow = UnitOfWork(context.services, context.transaction, context.now)
            for case in sorted(read):
                _give_receipt(uow, case, person)
            uow.finish()
    # Where nothing was changed there is nothing to enter.
    context.recorded = True
    strange = () if ids is None else tuple(one for one in ids if one not in mine)
    return Acknowledged(tuple(marked), strange, person)


def _give_receipt(uow: UnitOfWork, case_id: str, person: str) -> None:
    """Enter into the history of a case that `person` has read their copy, where they have one they have not read."""
    case = uow.case(case_id)
    if case is not None and person in unread(case):
        execute(uow, case, Read(actor=uow.people.actor(person) or Actor(person)))


@dataclass(frozen=True, slots=True)
class ChosenMessages:
    """Which messages of each kind a person is sent, after a change."""

    person: str
    #: kind -> all, mine, none
    choices: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"person": self.person, "choices": dict(self.choices)}


def _chosen(body: Mapping[str, Any]) -> ChosenMessages:
    return ChosenMessages(body["person"], dict(body["choices"]))


@command("inbox.change", about="person", decode=_chosen)
def choose_messages(context: CommandContext, person: str, kind: str, choice: str) -> ChosenMessages:
    """Let `person` be sent all messages of a kind, only those for them by name, or none."""
    if kind not in KINDS:
        message = say("“{kind}”不是可以选择的消息；可以选择的：{known}", kind=kind, known=list(KINDS))
        raise context.refusal("message", message)
    if choice not in tuple(WantedMessages):
        message = say(
            "“{choice}”不是可以选的；可以选：{known}",
            choice=choice,
            known=[str(one) for one in WantedMessages],
        )
        raise context.refusal("message", message)
    # Everybody's choices are one value: who writes it second must have read what the first has written.
    context.transaction.serialize()
    known = preferences_in(context.transaction)
    chosen = {**known.get(person, {}), kind: choice}
    if chosen[kind] == WantedMessages.ALL:
        del chosen[kind]
    changed = {**known, person: chosen}
    if not chosen:
        del changed[person]
    if known != changed:
        context.transaction.settings.put(SETTING, changed)
    context.record("messages_chosen", {"person": person, "kind": kind, "choice": choice}, STREAM)
    return ChosenMessages(person, {one: str(value) for one, value in choices_of(changed, person).items()})
