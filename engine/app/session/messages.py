"""The messages of a unit of work: what people are sent, gathered until it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.people.directory import Directory, candidate_keys
from engine.app.people.message_preferences import ARRIVED, Preferences, wants
from engine.app.ports.records import InboxEntry, OutboxItem
from engine.app.ports.store import Transaction
from engine.app.session.arrivals import Arrivals, arrival_message, is_named, unheld_message
from engine.kernel.instants import local_minute
from engine.language import Message, current_language, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.process import Process

if TYPE_CHECKING:
    from engine.app.services import Services

#: Built-in inbox; nothing to deliver.
INBOX = "inbox"
#: So many messages about single cases one person gets of one change from outside; more become one.
SINGLE = 5
#: Messages of a step with which the arrival of its task becomes one.
_JOINED = frozenset(
    {"notify", EventKind.REASSIGNED.value, EventKind.ENTRUSTED.value, EventKind.HANDED_BACK.value}
)


class Messages:
    """What one command tells people. `UnitOfWork` adds the cases."""

    #: The instant of what is done.
    now: datetime

    def __init__(self, services: Services, transaction: Transaction) -> None:
        self.services = services
        self.transaction = transaction
        self.people = Directory(transaction, services.directory_cache)
        #: (workflow, version) -> the definition, as far as it was asked for here.
        self._processes: dict[tuple[str, int], Process] = {}
        self._outgoing: list[OutboxItem] = []
        self._inbox: list[InboxEntry] = []
        self._marks: dict[str, int] = {}
        #: Work items people have come to; `finish` sends word to who holds them.
        self.arrivals = Arrivals()
        #: Whoever has done something here: nobody is sent word of their own act.
        self.acted: set[str] = set()
        #: (case, person) who were sent something of the case that is not written yet.
        self._addressed: set[tuple[str, str]] = set()
        #: What everybody has chosen, once there is a message.
        self._preferences: Preferences | None = None
        #: (person, kind, whether it is for them and not for a role) -> whether they want it.
        self._wanted: dict[tuple[str, str, bool], bool] = {}
        #: The language messages are written in, once there is a message.
        self._language: str | None = None
        #: When what is done now should have been done, while a timer fires; a late message says so.
        self.planned: datetime | None = None

    def process(self, case: Case) -> Process:
        """Return the definition the case is pinned to."""
        key = (case.workflow, case.version)
        found = self._processes.get(key)
        if found is None:
            found = self._processes[key] = self.services.definitions.get(self.transaction, *key)
        return found

    def owners_of(self, case: Case) -> list[str]:
        """Return the people a case belongs to: who may start such cases, else whom its first task is for."""
        process = self.process(case)
        states = process.workflow.states.values()
        names = process.workflow.start_by or next((state.audience for state in states if state.audience), ())
        found = (person for name in names for person in self.people.recipients(process, case, name))
        return list(dict.fromkeys(found))

    def holders_of(self, case: Case) -> list[str]:
        """Return whoever has the task of a case; whom it belongs to where it is nobody's."""
        keys = candidate_keys(self.process(case), case) if case.open else []
        found = (person for key in keys for person in self.people.behind(key))
        return list(dict.fromkeys(found)) or self.owners_of(case)

    def concerned_by(self, case: Case) -> list[str]:
        """Return whoever has the task of a case, and everybody in a party of it."""
        named = (person for people in case.parties.values() for person in people)
        known = (person for person in named if self.people.actor(person) is not None)
        return list(dict.fromkeys([*self.holders_of(case), *known]))

    def tell(
        self,
        case: Case,
        people: Iterable[str],
        text: Message | str,
        kind: str,
        mark: str | None = None,
        *,
        urgent: bool = False,
        personal: bool = False,
        several: bool = False,
    ) -> None:
        """Write a message to each of `people` on each channel of the office, each with an id of its own.

        One that comes later than it should have says so. The inbox is a channel that needs no delivery: its entries
        are written here. An `urgent` message waits for no office hours. Who does not want this kind of message, or not
        where it is not `personal`, gets none. One about `several` cases names none.
        """
        if isinstance(text, str) and self.planned is None:
            said = text
        else:
            if self._language is None:
                self._language = current_language()
            whole = say("{text}", text=text) if isinstance(text, str) else text
            said = self._dated(whole).render(self._language)
        payload: dict[str, Any] = {"about": kind, "text": said, "title": case.title}
        if urgent:
            payload["urgent"] = True
        if firm := case.subject.get("name"):
            # Channels that others read leave it out of the text.
            payload["firm"] = firm
        about = None if several else case.id
        channels, joined = self.services.channels, kind in _JOINED
        for person in dict.fromkeys(people):
            if not self._wants(person, kind, personal or person == case.assignee):
                continue
            if joined:
                self._addressed.add((case.id, person))
            for channel in channels:
                self.send(case, "message", channel, person, payload, mark, about)

    def tell_of_each(
        self,
        found: Mapping[str, Sequence[tuple[Case, Message]]],
        several: Callable[[Sequence[Case]], Message],
        mark: Callable[[Case], str],
    ) -> None:
        """Write each person of `found` what has happened to each of these cases from outside, by somebody else or by nobody.

        More than `SINGLE` become one message, which `several` makes of the cases, each named once. `mark` names what has happened to a case.
        """
        for person, texts in found.items():
            if len(texts) <= SINGLE:
                for case, text in texts:
                    self.tell(case, (person,), text, "notify", mark(case), personal=True)
            else:
                cases = list({case.id: case for case, _ in texts}.values())
                stem = f"{mark(cases[0])}:several"
                self.tell(
                    cases[0], (person,), several(cases), "notify", stem, personal=True, several=len(cases) > 1
                )

    def _dated(self, text: Message) -> Message:
        """Return `text`, with the instant at which it should have been said where that is long past."""
        if self.planned is None or self.now - self.planned <= self.services.late_after:
            return text
        return say(
            "{text}（应于 {planned} 发出，系统停运后补发）",
            text=text,
            planned=local_minute(self.planned, self.services.definitions.time.zone),
        )

    def send(
        self,
        case: Case,
        kind: str,
        channel: str,
        recipient: str | None,
        payload: Mapping[str, Any],
        mark: str | None = None,
        about: str | None = "",
    ) -> None:
        """Put something into the outbox; its id comes from the case's history, so it is the same for ever.

        `about` is the case it names, where that is another than `case` or none.
        """
        named = case.id if about == "" else about
        stem = mark or f"{case.id}:{case.rev}"
        if channel == INBOX:
            # Inbox entries have their own counter, so outbox ids do not change with it.
            stem += ":inbox"
        number = self._marks[stem] = self._marks.get(stem, 0) + 1
        if channel == INBOX and recipient is not None:
            self._inbox.append(
                InboxEntry(
                    id=f"{stem}:{number}",
                    recipient=recipient,
                    case=named,
                    about=str(payload.get("about", kind)),
                    title=str(payload.get("title", case.title)),
                    text=str(payload.get("text", "")),
                    urgent=bool(payload.get("urgent")),
                    created_at=self.now,
                )
            )
            return
        self._outgoing.append(
            OutboxItem(
                id=f"{stem}:{number}",
                kind=kind,
                channel=channel,
                recipient=recipient,
                case=named,
                payload=payload,
                created_at=self.now,
            )
        )

    def _wants(self, person: str, kind: str, personal: bool) -> bool:
        found = self._wanted.get((person, kind, personal))
        if found is None:
            if self._preferences is None:
                self._preferences = self.people.preferences()
            found = not self._preferences or wants(self._preferences, person, kind, personal)
            self._wanted[person, kind, personal] = found
        return found

    def _write_messages(self) -> None:
        if self._outgoing:
            self.transaction.outbox.put(self._outgoing)
            self._outgoing = []
        if self._inbox:
            self.transaction.inbox.put(self._inbox)
            self._inbox = []
        self._addressed = set()

    def _tell_arrivals(self) -> None:
        """Write the messages about the tasks that have come, one for each person and state."""
        named = self.arrivals.by_name()
        for key in named:
            if (person := key[2:]) not in self.acted and self._wants(person, ARRIVED, True):
                break
        else:
            if named:
                self.arrivals.forget()
                return
        joined: dict[tuple[str, str], Message] = {}
        people, unheld = self.arrivals.resolve(self.people.behind)
        for person, keys, arrived in people:
            case = arrived.first
            mark = f"{case.id}:{case.rev}:{ARRIVED}"
            personal = is_named(keys)
            if person in self.acted or not self._wants(person, ARRIVED, personal):
                continue
            if arrived.count == 1 and (case.id, person) in self._addressed:
                joined[case.id, person] = arrival_message(arrived, keys)
            else:
                text = arrival_message(arrived, keys)
                self.tell(case, (person,), text, ARRIVED, mark, personal=personal, several=arrived.count > 1)
        for arrived in unheld:
            case = arrived.first
            owners = [one for one in self.owners_of(case) if one not in self.acted]
            text, mark = unheld_message(arrived), f"{case.id}:{case.rev}:unheld"
            self.tell(case, owners, text, ARRIVED, mark, personal=True, several=arrived.count > 1)
        if joined:
            self._join(joined)

    def _join(self, arrivals: Mapping[tuple[str, str], Message]) -> None:
        """Add what is said of an arrival to what the step itself has sent the same person of the case."""
        language = self._language or current_language()

        def both(case: str | None, person: str | None, about: str, text: str) -> str | None:
            arrival = arrivals.get((case or "", person or "")) if about in _JOINED else None
            if arrival is None:
                return None
            return say("{message}；{arrival}", message=text, arrival=arrival).render(language)

        for number, item in enumerate(self._outgoing):
            words = item.payload
            text = both(item.case, item.recipient, str(words.get("about")), str(words.get("text")))
            if text is not None:
                self._outgoing[number] = replace(item, payload={**words, "text": text})
        for number, entry in enumerate(self._inbox):
            text = both(entry.case, entry.recipient, entry.about, entry.text)
            if text is not None:
                self._inbox[number] = replace(entry, text=text)
