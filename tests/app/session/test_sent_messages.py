"""What one unit of work tells people: once each, on each channel, with ids of the history, late ones said to be late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from bureau_factories import Bureau

from engine.app.ports.records import InboxEntry, OutboxItem
from engine.app.session.messages import INBOX, Messages
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say

SHORT = """
workflow: short
title: 短件
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 完, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done}
"""


class Telling:
    """An office with one case, and what is sent of it."""

    def __init__(self, *channels: str) -> None:
        self.bureau = Bureau(SHORT)
        self.bureau.application.channels = channels
        self.case = self.bureau.case(self.bureau.start("short", title="甲件"))
        with self.bureau.look() as transaction:
            self._before = {item.id for item in transaction.outbox.listed()}

    @contextmanager
    def unit(self) -> Iterator[Messages]:
        """Begin a unit of work; what it tells is written at its end."""
        with self.bureau.store.write() as transaction:
            uow = UnitOfWork(self.bureau.application, transaction, self.bureau.clock.now())
            yield uow
            uow.flush()

    def sent(self) -> list[OutboxItem]:
        """Return what was put into the outbox since the case began."""
        with self.bureau.look() as transaction:
            return [item for item in transaction.outbox.listed() if item.id not in self._before]

    def inbox(self, person: str) -> list[InboxEntry]:
        """Return what a person was sent that is no arrival."""
        with self.bureau.look() as transaction:
            return [entry for entry in transaction.inbox.of(person) if entry.about != "arrived"]


def test_each_person_is_told_once_on_each_channel() -> None:
    telling = Telling("log", "mail")
    with telling.unit() as messages:
        messages.tell(telling.case, ["anna", "carl", "anna"], say("没有"), "reminded")
    found = telling.sent()
    assert sorted((item.channel, item.recipient) for item in found) == [
        ("log", "anna"),
        ("log", "carl"),
        ("mail", "anna"),
        ("mail", "carl"),
    ]
    assert {item.payload["text"] for item in found} == {"没有"}
    assert {item.payload["title"] for item in found} == {"甲件"}
    assert len({item.id for item in found}) == 4
    assert all(item.id.startswith("short-1:1:") for item in found)


def test_an_entry_of_the_inbox_is_written_and_not_delivered() -> None:
    telling = Telling(INBOX)
    with telling.unit() as messages:
        messages.tell(telling.case, ["carl"], say("没有"), "reminded", urgent=True)
    (entry,) = telling.inbox("carl")
    assert (entry.case, entry.about, entry.text, entry.urgent) == ("short-1", "reminded", "没有", True)
    assert telling.sent() == []


def test_a_message_about_several_cases_names_none() -> None:
    telling = Telling("log")
    with telling.unit() as messages:
        messages.tell(telling.case, ["carl"], say("没有"), "reminded", several=True)
        messages.tell(telling.case, ["carl"], say("没有"), "reminded")
    assert [item.case for item in sorted(telling.sent(), key=lambda item: item.id)] == [None, "short-1"]


def test_a_message_that_comes_late_says_when_it_was_due() -> None:
    telling = Telling("log")
    late = telling.bureau.application.late_after
    for by, is_late in ((late, False), (late + timedelta(seconds=1), True)):
        with telling.unit() as messages:
            messages.planned = messages.now - by
            messages.tell(replace(telling.case, rev=9 + is_late), ["carl"], say("没有"), "reminded")
    plain, dated = (
        item.payload["text"] for item in sorted(telling.sent(), key=lambda item: len(item.payload["text"]))
    )
    assert plain == "没有"
    assert dated.startswith("没有（应于 2024-09-02 ")


def test_what_goes_elsewhere_has_the_recipient_it_was_given() -> None:
    telling = Telling("log")
    with telling.unit() as messages:
        messages.send(telling.case, "file", "archive", None, {"path": "a"}, "mark", about=None)
        messages.send(telling.case, "file", "archive", None, {"path": "b"}, "mark")
    assert sorted((item.id, item.kind, item.recipient, item.case) for item in telling.sent()) == [
        ("mark:1", "file", None, None),
        ("mark:2", "file", None, "short-1"),
    ]


def test_a_case_belongs_to_whoever_may_start_it() -> None:
    telling = Telling("log")
    with telling.unit() as messages:
        assert messages.owners_of(telling.case) == ["anna", "anton"]
        assert messages.process(telling.case).workflow.id == "short"
